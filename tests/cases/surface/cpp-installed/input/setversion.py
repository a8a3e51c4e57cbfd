"""Writes the version."""


def write_version(text):
    """Writes it."""
    return text
