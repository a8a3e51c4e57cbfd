def is_mutable_set(t):
    """Is it a set?"""
