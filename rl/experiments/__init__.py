"""The laboratory: what is compared, the work spread over threads or a cluster, and what can be said of the results."""
