"""Doors of sign-up, by idea."""
