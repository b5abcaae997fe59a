"""A person's claim on a place of a period, from the hold to the visit."""
