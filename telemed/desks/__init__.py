"""Shared desks: on one browser several doctors change over with their PIN."""
