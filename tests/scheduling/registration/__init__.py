"""Sign-up with a family doctor."""
