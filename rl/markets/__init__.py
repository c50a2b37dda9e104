"""Markets: what wealth is made of, prices that are known exactly, and prices as they were."""
