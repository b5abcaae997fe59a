"""Limits of time that the product keeps, where a test asks for them."""

SPARE = 2  # what a limit is multiplied with: the machine has other work as well
