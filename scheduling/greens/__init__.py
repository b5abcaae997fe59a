"""The green channel: one line of time for one patient, from the first contact on."""
