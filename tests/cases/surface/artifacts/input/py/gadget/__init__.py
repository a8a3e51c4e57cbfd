"""Gadgets."""


def gadget():
    """One."""
