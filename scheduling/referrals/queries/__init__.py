"""Reads that need a name."""

from scheduling.referrals.queries.choosing import Choice, choices_for, first_places, next_choice
from scheduling.referrals.queries.referrals import (
    asked_rounds,
    board_of,
    find_by_appointment,
    find_referral,
    get_referral,
    late_hand_backs,
    live_of,
    lock_referral,
    open_items,
    open_question,
    open_rounds,
    referrals_about,
    referrals_of,
    time_line,
    visible_to,
    with_due,
)

__all__ = [
    "Choice",
    "asked_rounds",
    "board_of",
    "choices_for",
    "find_by_appointment",
    "find_referral",
    "first_places",
    "get_referral",
    "late_hand_backs",
    "live_of",
    "lock_referral",
    "next_choice",
    "open_items",
    "open_question",
    "open_rounds",
    "referrals_about",
    "referrals_of",
    "time_line",
    "visible_to",
    "with_due",
]
