"""Referring a patient on, and taking them back with a plan (转诊)."""
