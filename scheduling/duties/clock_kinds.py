"""The clocks of a duty, by name."""

OUT, CONFIRM, DISPUTE, RECHECK = "duty.window", "duty.confirm", "duty.dispute", "duty.recheck"
