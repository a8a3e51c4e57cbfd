"""Fields."""


class Env:
    """The environment.

    Parameters:

        `trim`
            Removes the newline.  See :meth:`Env.run`.
    """

    def run(self, size):
        """Runs.

        @param size: how ``many``
        @return: the :class:`Env`
        """


def measure(x):
    """Measures.

    Parameters
    ----------
    x : array_like
        What is measured, as ``x``.

    Returns
    -------
    mean : float
        The mean.
    ndarray
        The rest.
    """


def default(
    value: int,
    other: int = 0,  # type: ignore
    flag: bool = False,
) -> int:
    """Default."""
    return value


def wide_enough(
    first_argument: "dict[str, int]" = {},  # what # it holds
    # a whole line about nothing
    second_argument: str = "a # b",
    third_argument: float = 4 // 2,
    fourth_argument: str = 'it is not // a comment',
) -> "tuple[int, str, float]":
    """Wide."""
