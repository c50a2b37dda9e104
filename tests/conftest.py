"""What every test gets."""

import os

from hypothesis import settings

# No deadline: the first example of a compiled function includes compiling it. On CI the examples are the same each
# time, so that a red run is red again when repeated.
settings.register_profile("desk", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True, database=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")
