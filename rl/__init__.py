"""The engine: environments, agents, timelines, planning and trials. No Streamlit in here."""

import os

# Sessions and seeds run on threads of their own. Linear algebra that splits one small problem over all cores only makes
# them wait for each other (solving 500 equations took 12-180 ms instead of 4). It must be said before numpy is loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
