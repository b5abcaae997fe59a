"""Who is on duty, when, and how a shift passes from one to the next."""
