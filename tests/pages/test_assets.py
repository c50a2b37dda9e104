"""Scripts are handed out by the server once, and travel with the page where that cannot be."""

import importlib
import sys
import tempfile
from pathlib import Path

import pytest

from pages.parts import assets
from pages.parts.stage.stage import LIBRARY, SCRIPTS, STYLES, read, renderer
from tests.pages.app import opened, unharmed


class Manager:
    """Notes what is registered with it."""

    def __init__(self):
        self.manifests = []

    def register_from_manifest(self, manifest, folder):
        self.manifests.append((manifest, folder))


@pytest.fixture
def manager(monkeypatch):
    module = importlib.import_module("streamlit.components.v2.get_bidi_component_manager")
    found = Manager()
    monkeypatch.setattr(module, "get_bidi_component_manager", lambda: found)
    assets._written.cache_clear()
    yield found
    assets._written.cache_clear()


def test_a_script_is_written_where_the_server_was_told_to_look(manager):
    name = assets.served_script("stepwise-test", "export default 1")
    (manifest, folder), = manager.manifests
    assert (folder / manifest.components[0].asset_dir / name).read_text() == "export default 1"
    assert manifest.name == "stepwise-test" and manifest.components[0].name == "js"


def test_another_script_has_another_name_so_that_no_cache_shows_the_old_one(manager):
    assert assets.served_script("stepwise-test", "1") != assets.served_script("stepwise-test", "2")
    assert assets.served_script("stepwise-test", "1") == assets.served_script("stepwise-test", "1")


def test_it_is_registered_once_for_each_server(manager):
    for _ in range(3):
        assets.served_script("stepwise-test", "once")
    assert len(manager.manifests) == 1


def test_without_a_disk_to_write_on_the_script_travels_with_the_page(manager, monkeypatch):
    def full(**_):
        raise OSError("no space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    assert assets.served_script("stepwise-test", "nowhere") is None


def test_without_streamlits_classes_the_script_travels_with_the_page(monkeypatch):
    monkeypatch.setitem(sys.modules, "streamlit.components.v2.get_bidi_component_manager", None)
    assert assets.serve("stepwise-test", Path(tempfile.gettempdir()), "assets") is False


@pytest.mark.usefixtures("few_seeds")
def test_a_page_opens_where_nothing_can_be_served(monkeypatch):
    monkeypatch.setattr("pages.parts.stage.stage.served_script", lambda library, js: None)
    at = unharmed(opened())
    assert any("const STYLE" in node.proto.js_content for node in at.main if node.type == "bidi_component")


@pytest.mark.usefixtures("few_seeds")
def test_a_page_does_not_send_the_stages_script():
    at = opened()
    stages = [node.proto for node in at.main if node.type == "bidi_component" and LIBRARY in node.proto.component_name]
    assert len(stages) == 1 and stages[0].js_source_path and not stages[0].js_content


def test_the_script_brings_the_style_along(monkeypatch):
    taken = []
    monkeypatch.setattr("pages.parts.stage.stage.served_script", lambda library, js: taken.append(js))
    renderer("\n".join(read(f"{name}.js") for name in SCRIPTS), "\n".join(read(f"{name}.css") for name in STYLES))
    assert taken[0].startswith("const STYLE = ") and ".chips" in taken[0].splitlines()[0]
