"""The agents whose policy is a neural network."""
