"""Opinions that say the same about different people. Pure."""

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from consult.opinions.similarity import terms

SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Written:
    """One signed text, by whom, about whom and when."""

    case: UUID
    author: UUID
    patient: UUID
    at: datetime
    text: str


def stripped(text: str, fixed: Iterable[str]) -> str:
    """Without spaces, and without what a template says to everybody."""
    plain = SPACE.sub("", text)
    for piece in fixed:
        plain = plain.replace(SPACE.sub("", piece), "")
    return plain


def likeness(one: str, other: str) -> float:
    """0 to 1: the cosine of their pairs of characters; 1 of equal texts, whatever is in them."""
    if one == other:
        return 1.0
    mine, theirs = terms(one), terms(other)
    if not mine or not theirs:
        return 0.0
    return len(mine & theirs) / math.sqrt(len(mine) * len(theirs))


def repeated(
    texts: Iterable[Written], *, least: float, length: int, within: timedelta
) -> Iterator[Written]:
    """Those like an earlier one of the same author about somebody else. `texts`: oldest first."""
    before: dict[UUID, list[Written]] = {}
    for text in texts:
        if len(text.text) < length:
            continue
        earlier = before.setdefault(text.author, [])
        if any(
            one.patient != text.patient
            and text.at - one.at <= within
            and likeness(one.text, text.text) >= least
            for one in earlier
        ):
            yield text
        earlier.append(text)
