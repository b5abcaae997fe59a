"""The platform's own work: what waits, how late it is, what comes next, what failed for good."""
