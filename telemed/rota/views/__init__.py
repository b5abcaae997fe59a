"""Pages of the rota: the month for who keeps it, the own shifts for who is on it."""
