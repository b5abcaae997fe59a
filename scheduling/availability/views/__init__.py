"""The pages of sessions, by idea."""
