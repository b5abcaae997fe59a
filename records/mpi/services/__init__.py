"""Entering people in the index, and deciding which records are one person."""

from records.mpi.services.carding import enter_health_card
from records.mpi.services.dying import decease, has_died, undo_decease
from records.mpi.services.enrolling import Batch, Refused, close_roll, enrol, open_roll
from records.mpi.services.housing import found_household, join_household, leave_household
from records.mpi.services.listing import bring_low_incomes, find_county
from records.mpi.services.merging import (
    confirm_merge,
    confirm_separation,
    propose_merge,
    propose_separation,
    withdraw_proposal,
)
from records.mpi.services.pairing import (
    OpenedPair,
    Queue,
    keep_pair,
    link,
    list_pairs,
    open_pair,
    remind_to_review,
    suggest_pair,
    tell_apart,
)
from records.mpi.services.registering import register_patient
from records.mpi.services.relating import (
    acts_for,
    add_relation,
    come_to_age,
    end_for_death,
    end_relation,
)
from records.mpi.services.temporary import (
    Identified,
    identify,
    register_temporary,
    remind_to_identify,
)

__all__ = [
    "Batch",
    "Identified",
    "OpenedPair",
    "Queue",
    "Refused",
    "acts_for",
    "add_relation",
    "bring_low_incomes",
    "close_roll",
    "come_to_age",
    "confirm_merge",
    "confirm_separation",
    "decease",
    "end_for_death",
    "end_relation",
    "enrol",
    "enter_health_card",
    "find_county",
    "found_household",
    "has_died",
    "identify",
    "join_household",
    "keep_pair",
    "leave_household",
    "link",
    "list_pairs",
    "open_pair",
    "open_roll",
    "propose_merge",
    "propose_separation",
    "register_patient",
    "register_temporary",
    "remind_to_identify",
    "remind_to_review",
    "suggest_pair",
    "tell_apart",
    "undo_decease",
    "withdraw_proposal",
]
