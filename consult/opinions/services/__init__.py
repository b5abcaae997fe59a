"""Writes on opinions."""

from consult.opinions.services.comparing import find_similar
from consult.opinions.services.drafting import drop_amendment, save_draft, start_amendment
from consult.opinions.services.filling import start_from_template
from consult.opinions.services.phrases import drop_phrase, keep_phrase
from consult.opinions.services.readiness import mark_ready, tell_unsigned
from consult.opinions.services.reading import read_opinion
from consult.opinions.services.sections import leave_section, save_section, take_section
from consult.opinions.services.signing import sign_opinion
from consult.opinions.services.stating import ask_statements, state_view, statement_due
from consult.opinions.services.together import ask_co_writer, drop_co_writer
from consult.opinions.services.withdrawing import (
    ask_amendment,
    ask_withdrawal,
    confirm_withdrawal,
    drop_withdrawal,
)

__all__ = [
    "ask_amendment",
    "ask_co_writer",
    "ask_statements",
    "ask_withdrawal",
    "confirm_withdrawal",
    "drop_amendment",
    "drop_co_writer",
    "drop_phrase",
    "drop_withdrawal",
    "find_similar",
    "keep_phrase",
    "leave_section",
    "mark_ready",
    "read_opinion",
    "save_draft",
    "save_section",
    "sign_opinion",
    "start_amendment",
    "start_from_template",
    "state_view",
    "statement_due",
    "take_section",
    "tell_unsigned",
]
