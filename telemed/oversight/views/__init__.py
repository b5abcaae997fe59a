"""The pages of oversight, by what they show."""
