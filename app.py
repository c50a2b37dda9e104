"""Stepwise: the list of pages, and nothing else."""

import streamlit as st

from pages.parts.catalogue import catalogue

st.set_page_config(page_title="Stepwise", page_icon="🧭", layout="wide")
first, *others = catalogue()
pages = [st.Page(first.file, title=first.title, icon=first.icon, default=True)]
pages += [st.Page(page.file, title=page.title, icon=page.icon) for page in others]
st.navigation(pages, position="top").run()
