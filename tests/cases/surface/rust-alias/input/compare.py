times = [1, 2]


def compare(a):
    """Compares."""
