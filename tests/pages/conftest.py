"""What tests of pages share."""

import pytest

from pages.parts import charts, seeds


@pytest.fixture
def few_seeds(monkeypatch):
    """Draws bands of few and short runs, for tests that only want to know whether a page can be drawn."""
    monkeypatch.setattr(charts, "SEEDS", 4)
    monkeypatch.setattr(charts, "PATIENCE", 3000)
    monkeypatch.setattr(seeds, "SEEDS", 2)
    monkeypatch.setattr(seeds, "REACHES", (1000,))
    charts.bands.cache_clear()
    yield
    charts.bands.cache_clear()
