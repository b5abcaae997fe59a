"""Watching for silence and for figures that ask for a look."""

from telemed.oversight.services.signals import note_signal, raise_at_once, raise_signals
from telemed.oversight.services.silence import give_reason, hear, tell_county, watch_silence

__all__ = [
    "give_reason",
    "hear",
    "note_signal",
    "raise_at_once",
    "raise_signals",
    "tell_county",
    "watch_silence",
]
