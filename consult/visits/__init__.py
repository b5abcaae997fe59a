"""Visits by video: the one-time link by which a patient comes into the room of the visit."""
