"""One problem of linear algebra takes one core: the others belong to other learners."""

import subprocess
import sys

import pytest

SAY = "import os; print(os.environ.get('OPENBLAS_NUM_THREADS'), 'numpy' in sys.modules)"


@pytest.mark.parametrize("first", ["import rl", "import streamlit, pages.parts"])
def test_numpy_is_told_before_it_is_loaded(first):
    answer = subprocess.run([sys.executable, "-c", f"import sys; {first}; {SAY}"], capture_output=True, text=True)
    assert answer.stdout.split() == ["1", "False"], answer.stderr
