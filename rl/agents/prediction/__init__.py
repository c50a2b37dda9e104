"""Agents that learn what a fixed policy is worth, and change nothing about it: prediction, one file each."""
