"""How full the sessions of a hospital are, how long people wait for them, and who does not come."""
