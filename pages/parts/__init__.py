"""What pages share."""

import rl  # noqa: F401  first of all: it says how many threads numpy may take
