"""Recordings of rooms: with everybody's consent alone, seen, stoppable, expiring, hashed."""
