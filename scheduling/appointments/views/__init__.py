"""The pages of booking, by idea."""
