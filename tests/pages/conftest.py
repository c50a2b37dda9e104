"""What tests of pages share."""

from functools import cache

import pytest
from streamlit.components.v2 import manifest_scanner

from pages.parts import charts, seeds
from rl.lessons import dqn_checks


@pytest.fixture(autouse=True, scope="session")
def one_look_at_the_installed_packages():
    """Whenever an app is opened, Streamlit looks through all installed packages for components: 0.1 s for nothing."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests))
        yield


@pytest.fixture(scope="module")
def few_seeds():
    """Draws bands of few and short runs, for tests that only want to know whether a page can be drawn.

    Where a task is checked by letting deep networks learn from some seeds, one seed decides.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(charts, "SEEDS", 4)
        patch.setattr(charts, "PATIENCE", 3000)
        patch.setattr(seeds, "SEEDS", 2)
        patch.setattr(seeds, "REACHES", (300,))
        patch.setattr(dqn_checks, "FEW", range(1))
        patch.setattr(dqn_checks, "MOST", 1)
        charts.bands.cache_clear()
        yield
    charts.bands.cache_clear()
