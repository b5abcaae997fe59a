"""Doors of opinions, by idea."""
