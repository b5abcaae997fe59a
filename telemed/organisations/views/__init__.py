"""Doors for browsers, by page."""
