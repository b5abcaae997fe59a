"""Reads that need a name, by what they are about."""
