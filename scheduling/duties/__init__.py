"""Duties of a family doctor: what the national norm asks for each signed person, and when."""
