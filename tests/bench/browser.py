def page():
    return []
