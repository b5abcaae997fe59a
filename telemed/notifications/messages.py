"""
The catalogue of messages: each slice registers its own in ready().

A text has at most 70 characters as written, in both languages: one part of a Chinese SMS. Its
placeholders name staff, institutions, numbers and times; never a patient, ID or finding.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from string import Formatter
from typing import Any
from uuid import UUID

from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _

LONGEST = 70
# Whatever a text may name; `kin` is 您 or 您的家人, never who that is.
PLACEHOLDERS = frozenset(
    {
        *("who", "org", "time", "date", "left", "place", "phone"),
        *("n", "m", "no", "reason", "state", "code", "link", "kin", "old"),
    }
)
KEPT = ("link", "code", "no", "phone", "time", "date")  # worth nothing when cut


class Urgency(models.TextChoices):
    """What happens when nobody reads it."""

    QUIET = "Q"  # in the inbox only
    NORMAL = "N"  # staff: the inbox; residents: a message too, not in quiet hours
    URGENT = "U"  # a second channel after 3 min unread, the phone list after 10
    EMERGENCY = "E"  # a second channel at once, the phone list after 5 min


PRESSING = frozenset({Urgency.URGENT, Urgency.EMERGENCY})


@dataclass(frozen=True, kw_only=True)
class Message:
    """
    `legal`: nobody can opt out of it. `resident`: its class where a resident reads it. `address`:
    where its link leads, by what the message is about; without, to the page in the inbox.
    `by_number`: the text for whoever has no account: no page to open, nothing to answer by SMS.
    """

    key: str
    text: str
    urgency: Urgency
    resident: Urgency
    legal: bool = False
    address: Callable[[UUID], str] | None = None
    by_number: str = ""

    @property
    def placeholders(self) -> frozenset[str]:
        return placeholders_of(self.text)

    @property
    def for_number(self) -> str:
        return self.by_number or self.text

    def urgency_for(self, *, resident: bool) -> Urgency:
        return self.resident if resident else self.urgency


_catalogue: dict[str, Message] = {}


def register(
    key: str,
    text: str,
    urgency: str,
    *,
    resident: str | None = None,
    legal: bool = False,
    address: Callable[[UUID], str] | None = None,
    by_number: str = "",
) -> None:
    """Called in ready(); `text` is marked with gettext_noop. The same key twice is a mistake."""
    if key in _catalogue:
        raise ValueError(f"{key} is in the catalogue already.")
    _catalogue[key] = Message(
        key=key,
        text=text,
        urgency=Urgency(urgency),
        resident=Urgency(resident or urgency),
        legal=legal,
        address=address,
        by_number=by_number,
    )


def placeholders_of(text: str) -> frozenset[str]:
    return frozenset(name for _text, name, _spec, _mark in Formatter().parse(text) if name)


def all_messages() -> Iterable[Message]:
    return _catalogue.values()


def get_message(key: str) -> Message:
    """Raises KeyError: a message that no slice registered is a mistake of the caller."""
    return _catalogue[key]


def check(key: str, facts: dict[str, Any], *, by_number: bool = False) -> None:
    """Raises KeyError when the text has a placeholder that the caller says nothing for."""
    missing = placeholders_of(_text_of(key, by_number)) - {"link"} - facts.keys()
    if missing:
        raise KeyError(f"{key} needs {', '.join(sorted(missing))}")


class _Facts(dict[str, Any]):
    """A message kept from before its text named more is still worth reading."""

    def __missing__(self, name: str) -> str:
        return "…"


def _text_of(key: str, by_number: bool) -> str:
    message = get_message(key)
    return message.for_number if by_number else message.text


def render(key: str, facts: dict[str, Any], *, by_number: bool = False) -> str:
    """The sentence in the active language, as a page shows it: there the link is the page's."""
    return _(_text_of(key, by_number)).format_map(_Facts(facts, link="")).strip()


def render_short(
    key: str, facts: dict[str, Any], *, language: str, link: str = "", by_number: bool = False
) -> str:
    """The sentence as an SMS: the longest values are cut until it fits into one part."""
    with translation.override(language):
        text = _(_text_of(key, by_number))
    wanted = placeholders_of(_text_of(key, by_number))
    values = _Facts({name: str(value) for name, value in facts.items()}, link=link)
    while len(said := text.format_map(values).strip()) > LONGEST:
        given = wanted & values.keys()
        cut = [name for name in given if name not in KEPT and len(values[name]) > 2]
        if not cut:
            return said
        longest = max(sorted(cut), key=lambda name: len(values[name]))
        excess = len(said) - LONGEST
        keep = max(len(values[longest].rstrip("…")) - excess - 1, 1)
        values[longest] = values[longest][:keep] + "…"
    return said
