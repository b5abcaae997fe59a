"""The staff of institutions: their licences, their accounts, and how they come and go."""
