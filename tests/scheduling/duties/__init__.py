"""Duties of a family doctor."""
