"""Writes, by what they are about."""
