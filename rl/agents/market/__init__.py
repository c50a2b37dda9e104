"""Agents that trade: their worlds are days in order, and their states are what is seen of a day and what is held."""
