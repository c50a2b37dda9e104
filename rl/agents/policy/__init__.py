"""The agents that learn a policy itself, in a table of preferences."""
