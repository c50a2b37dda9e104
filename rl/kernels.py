"""Forget compiled kernels that are older than the sources they were made from.

Numba keeps what it compiled beside the sources, one file a kernel, and looks only at the file a kernel is written in: a
loop would keep the old copy of a function from another file that has since been changed.
"""

from pathlib import Path

ENGINE = Path(__file__).parent


def forget_stale(engine: Path = ENGINE) -> int:
    """Removes all kernels when a jitted source is newer than one of them. Returns how many there were to remove."""
    kernels = [path for kind in ("*.nbi", "*.nbc") for path in engine.rglob(kind)]
    if not kernels:
        return 0
    newest = max(path.stat().st_mtime for path in engine.rglob("*.py") if b"@jit" in path.read_bytes())
    try:
        if all(path.stat().st_mtime > newest for path in kernels):
            return 0
        for path in kernels:
            path.unlink(missing_ok=True)
    except OSError:  # another process is at it, or nothing can be written here
        return 0
    return len(kernels)
