"""Ferries."""


def ask(question):
    """Asks."""


def open_gate():
    """Opens."""


class Boat:
    """A boat."""

    def ask(self):
        """Asks it."""
