"""Doors of the slice."""
