"""The engine: environments, agents, timelines, planning and trials. No Streamlit in here."""
