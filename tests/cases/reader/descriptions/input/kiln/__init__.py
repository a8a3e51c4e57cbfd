"""Fires pots."""
