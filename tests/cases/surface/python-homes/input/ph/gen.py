"""Generates."""

__all__ = ["make"]


def make():
    """Makes."""


def override():
    """Overrides."""
