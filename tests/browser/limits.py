"""How much later than its limit a thing may come where a test asks for it."""

SPARE = 2  # what a limit is multiplied with: the machine has other work as well
