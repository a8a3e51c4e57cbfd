"""Homes."""
from .gen import override
from ._compat import is_mutable_set as is_set

__all__ = ["override", "is_set"]
