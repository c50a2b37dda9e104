"""What .streamlit/config.toml promises holds in the installed Streamlit."""

import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit import config

from tests.setup.sources import ROOT

TOML = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
PROMISED = {
    "browser.gatherUsageStats": False,
    "client.showErrorDetails": "none",
    "client.toolbarMode": "viewer",
    "runner.postScriptGC": False,
    "server.enableXsrfProtection": True,
    "server.maxUploadSize": 5,
    "server.showEmailPrompt": False,
}


def options(table: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from options(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


SET = dict(options(TOML))


@pytest.mark.parametrize("name", SET)
def test_an_option_exists(name: str) -> None:
    assert name in config.get_config_options()


@pytest.mark.parametrize("name", PROMISED)
def test_a_promise_is_kept(name: str) -> None:
    assert SET[name] == PROMISED[name]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_theme_can_be_read_on_every_background(theme: str) -> None:
    """Text as WCAG 2.2 AAA asks (7:1), links and the accent, which a slider's number has, as AA (4.5:1)."""
    colours = TOML["theme"][theme]
    for background in (colours["backgroundColor"], colours["secondaryBackgroundColor"]):
        assert contrast(colours["textColor"], background) >= 7
        assert contrast(colours["linkColor"], background) >= 4.5
        assert contrast(colours["primaryColor"], background) >= 4.5


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two hex colours (WCAG 2.2), 1 to 21."""
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    channels = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
