"""Files the server hands out once to each browser, instead of sending them along with every rerun of a page.

Streamlit serves the files of components that are installed packages. Ours are none, so they are registered by hand,
with two classes of Streamlit's that are not public; where those are missing the files travel with the page as text.
"""

import tempfile
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from zlib import crc32


def serve(library: str, folder: Path, assets: str) -> bool:
    """Lets the server hand out what lies in ``folder / assets`` as ``library.js``; tells whether it can."""
    try:
        from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
    except ImportError:
        return False
    return _registered(get_bidi_component_manager(), library, folder, assets)


@lru_cache(maxsize=16)  # once for each server: tests start many
def _registered(manager: Any, library: str, folder: Path, assets: str) -> bool:
    try:
        from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

        manager.register_from_manifest(ComponentManifest(library, "1", [ComponentConfig("js", assets)]), folder)
    except (ImportError, AttributeError, TypeError):
        return False
    return True


def served_script(library: str, js: str) -> str | None:
    """Writes a script to a folder of this process and serves it; returns its name, or None where that cannot be done.

    The name changes with the text, so that no browser shows an older one from its cache.
    """
    name = f"{library}-{crc32(js.encode()):08x}.js"
    folder = _written(name, js)
    return name if folder and serve(library, folder, "assets") else None


@cache
def _written(name: str, text: str) -> Path | None:
    try:
        folder = Path(tempfile.mkdtemp(prefix="stepwise-"))
        (folder / "assets").mkdir()
        (folder / "assets" / name).write_text(text, encoding="utf-8")
    except OSError:  # no disk to write on
        return None
    return folder
