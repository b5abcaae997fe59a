"""Pages of staff: the list, one person, the verification queue, the way into a new account."""
