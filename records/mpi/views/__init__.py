"""Pages of the person index: doubles, and the low-income register."""
