import pytest

from tests.llm.endpoint import running


@pytest.fixture
def endpoint():
    with running() as found:
        yield found
