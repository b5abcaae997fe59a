"""Writes on visits by video, by idea."""

from consult.visits.services.entering import enter, knock
from consult.visits.services.finishing import close_visit, finish_visit
from consult.visits.services.linking import (
    ensure_link,
    make_link,
    make_own_link,
    read_link,
    remind,
    tell,
)

__all__ = [
    "close_visit",
    "ensure_link",
    "enter",
    "finish_visit",
    "knock",
    "make_link",
    "make_own_link",
    "read_link",
    "remind",
    "tell",
]
