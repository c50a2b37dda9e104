def classroom():
    return []
