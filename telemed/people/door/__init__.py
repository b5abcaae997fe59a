"""What doors above have in common."""
