"""Agents that learn how to act: temporal-difference control and its relatives, one file each."""
