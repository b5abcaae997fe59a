"""Watching for silence and for figures that ask for a look."""

from telemed.oversight.services.explaining import (
    ask_institution,
    close_signal,
    decide_signal,
    explain_signal,
    run_out,
    take_back_explanation,
)
from telemed.oversight.services.signals import raise_at_once, raise_signals
from telemed.oversight.services.silence import give_reason, hear, tell_county, watch_silence

__all__ = [
    "ask_institution",
    "close_signal",
    "decide_signal",
    "explain_signal",
    "give_reason",
    "hear",
    "raise_at_once",
    "raise_signals",
    "run_out",
    "take_back_explanation",
    "tell_county",
    "watch_silence",
]
