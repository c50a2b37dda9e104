"""Every term in one sentence, and where everything comes from."""

from importlib.metadata import PackageNotFoundError, version

import streamlit as st

from pages.parts import lesson
from pages.parts.glossary.glossary import glossary
from rl.lessons.reference import Reference
from rl.lessons.references import REFERENCES, SOFTWARE, Software

PAGE = {"title": "Glossary", "icon": ":material/menu_book:", "order": 900}


def terms() -> None:
    """Shows the terms, the one of the address first."""
    glossary(st.query_params.get("term", ""))


def references() -> None:
    """Lists the book, the papers and the software."""
    st.markdown("#### Books and papers\n" + "\n".join(_reference(reference) for reference in REFERENCES))
    st.markdown("#### Software this was built with and held against\n" + "\n".join(map(_software, SOFTWARE)))


def _reference(entry: Reference) -> str:
    title = f"[{entry.title}]({entry.url})" if entry.url else entry.title
    return f"- {entry.authors} ({entry.year}). {title}. *{entry.where}.* For {entry.used}."


def _software(entry: Software) -> str:
    try:
        number = version(entry.package)
    except PackageNotFoundError:  # numba has no wheels for some machines
        number = "(not installed here)"
    return f"- [{entry.name}]({entry.url}) {number}: {entry.used}."


lesson.begin()
st.markdown("**Glossary.** Every term in one sentence, with the place where you can see it at work.")
for tab, show in zip(st.tabs(["Terms", "References"], key="glossary.tabs"), (terms, references), strict=True):
    with tab:
        show()
