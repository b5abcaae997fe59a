"""Doors of recordings."""
