"""Writes on green channels, by idea."""

from scheduling.greens.services.acknowledging import acknowledge
from scheduling.greens.services.climbing import climb
from scheduling.greens.services.ending import end, end_for_death, follow_withdrawal, take_back
from scheduling.greens.services.missing import follow_missed
from scheduling.greens.services.opening import Wish, open_green
from scheduling.greens.services.reading import read_green
from scheduling.greens.services.stamping import correct, follow_arrival, stamp
from scheduling.greens.services.writing import write_vitals

__all__ = [
    "Wish",
    "acknowledge",
    "climb",
    "correct",
    "end",
    "end_for_death",
    "follow_arrival",
    "follow_missed",
    "follow_withdrawal",
    "open_green",
    "read_green",
    "stamp",
    "take_back",
    "write_vitals",
]
