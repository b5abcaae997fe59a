"""Guests of a room who have no account: a one-time link, and the place it opens."""
