"""Stepwise: the list of pages, and nothing else."""

import streamlit as st

from pages.parts.catalogue import menu

st.set_page_config(page_title="Stepwise", page_icon="🧭", layout="wide")
menu().run()
