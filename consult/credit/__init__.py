"""What a specialist's work for other institutions came to: time, opinions, outcomes, the ledger."""
