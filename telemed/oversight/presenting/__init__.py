"""What the pages of oversight show, as plain values."""
