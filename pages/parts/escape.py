"""What a person typed, made safe to stand in a text of the page."""

import re

ACTIVE = re.compile(r"([\\`*_{}\[\]()<>#+\-.!|~$:&^=])")
"""Characters that mean something in Streamlit's Markdown, somewhere."""


def plain(text: str) -> str:
    """Escapes a text so that Markdown shows it as it is, in one line."""
    return ACTIVE.sub(r"\\\1", " ".join(text.split()))
