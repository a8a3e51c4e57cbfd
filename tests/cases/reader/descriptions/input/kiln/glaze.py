"""Glazes and where they dry."""


class Glaze:
    def __init__(self, colour):
        self.colour = colour

    def mix(self, *others):
        return self


def dip(pot, glaze):
    """Dips a pot into a glaze."""


class Shelf:
    """Where pots dry."""

    def put(self, pot):
        """Puts a pot on it."""

    def quiet(self):
        pass
