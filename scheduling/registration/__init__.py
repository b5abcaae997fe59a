"""Family-doctor sign-up: teams, packages, and the contract of a resident with a team."""
