"""The bandit algorithms, one file each."""
