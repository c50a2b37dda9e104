"""What a deep Q-network is made of: what it remembers, and how it learns from that."""
