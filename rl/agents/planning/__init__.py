"""Dynamic programming as agents that never leave their chair: a step is the backup of one state, an episode a sweep."""
