"""Doors of rooms."""
