"""Stepwise: the list of pages, and nothing else."""

import streamlit as st

st.set_page_config(page_title="Stepwise", page_icon="🧭", layout="wide")
st.navigation([st.Page("pages/q_learning.py", title="Q-learning")], position="top").run()
