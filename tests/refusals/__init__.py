"""Who is refused where: the table, the house it is tried in, and the walk over every door."""
