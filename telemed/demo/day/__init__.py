"""A working day of the province, played through the real services (docs/adr/0020)."""
