"""Reads that need a name."""

from scheduling.greens.queries.greens import (
    acknowledge_by,
    board_of,
    called_rounds,
    find_by_referral,
    get_green,
    is_missed,
    live_of,
    lock_green,
    moments_of,
    open_of,
    recent_of,
    stamps_of,
    visible_to,
)
from scheduling.greens.queries.targets import Target, find_target, targets_for

__all__ = [
    "Target",
    "acknowledge_by",
    "board_of",
    "called_rounds",
    "find_by_referral",
    "find_target",
    "get_green",
    "is_missed",
    "live_of",
    "lock_green",
    "moments_of",
    "open_of",
    "recent_of",
    "stamps_of",
    "targets_for",
    "visible_to",
]
