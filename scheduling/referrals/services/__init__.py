"""Writes on referrals, by idea."""

from scheduling.referrals.services.answering import accept, decline
from scheduling.referrals.services.arriving import (
    answer_missed,
    arrive,
    mark_arrived,
    note_moved,
    note_visit_gone,
)
from scheduling.referrals.services.asking import answer, ask
from scheduling.referrals.services.caring import (
    begin,
    discharge,
    finish_item,
    hand_back,
    note_done,
    take_plan,
)
from scheduling.referrals.services.climbing import climb
from scheduling.referrals.services.dying import end_for_death
from scheduling.referrals.services.handing_on import hand_on
from scheduling.referrals.services.handing_over import HandOver
from scheduling.referrals.services.leaving import cancel
from scheduling.referrals.services.reading import open_referral
from scheduling.referrals.services.sending import Wish, refer, send, send_again
from scheduling.referrals.services.sending_down import send_down
from scheduling.referrals.services.undoing import undo_accept, undo_send

__all__ = [
    "HandOver",
    "Wish",
    "accept",
    "answer",
    "answer_missed",
    "arrive",
    "ask",
    "begin",
    "cancel",
    "climb",
    "decline",
    "discharge",
    "end_for_death",
    "finish_item",
    "hand_back",
    "hand_on",
    "mark_arrived",
    "note_done",
    "note_moved",
    "note_visit_gone",
    "open_referral",
    "refer",
    "send",
    "send_again",
    "send_down",
    "take_plan",
    "undo_accept",
    "undo_send",
]
