"""What the pages take in, by page."""
