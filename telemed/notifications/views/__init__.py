"""Pages of messages, and the door for what comes back from a gateway."""
