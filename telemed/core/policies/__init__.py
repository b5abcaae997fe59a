"""
Rules of the house as data: defined by the slice that obeys them, set by those who run it.

A slice defines its policies in ready() and asks for the value where it decides; nothing that runs
already changes, because a clock was started with the length of its day. Rows are only added.
`telemed.organisations` has the service that sets one, and the pages.
"""

from collections.abc import Callable, Iterable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from telemed.core.intentions import Intention, current_intention
from telemed.core.models import Clock, PolicyChange
from telemed.core.policies.kinds import (
    FULL,
    WORKING_DAY,
    Choice,
    Count,
    Days,
    Duration,
    Kind,
    Ladder,
    Money,
    Rung,
    Share,
    Switch,
)
from telemed.core.statements import look

__all__ = [
    "FULL",
    "WORKING_DAY",
    "Choice",
    "Count",
    "Days",
    "Duration",
    "Era",
    "Kind",
    "Ladder",
    "Money",
    "Policy",
    "Preview",
    "Rung",
    "Share",
    "Switch",
    "define",
    "defined",
    "eras",
    "find",
    "forget",
    "history",
    "in_force",
    "moments_of",
    "rung_of",
    "said",
    "saw",
    "value",
]


@dataclass(frozen=True, kw_only=True)
class Preview:
    """What a change would touch, and does not: `count` open things, a few by name."""

    count: int
    sentence: str  # "These 14 open consults keep their promise; new ones get 3 h."
    examples: tuple[str, ...] = ()


@dataclass(frozen=True)
class Era:
    """A value, from when (None: ever) to when (None: now and on) it holds."""

    since: datetime | None
    until: datetime | None
    value: Any


@dataclass(frozen=True, kw_only=True)
class Policy:
    """
    One rule. `group`, `label` and `help` are words for people (lazy translations).

    `preview` says what is open under the old value, `refuse` why a value cannot be (or ""); both
    are asked with the organisation, None for the province, and the wanted value. None: there is
    nothing to say.
    """

    name: str
    label: Any
    kind: Kind
    default: Any
    group: Any
    unit: Any = ""
    help: Any = ""
    province_only: bool = False
    preview: Callable[[UUID | None, Any], Preview | None] | None = None
    refuse: Callable[[UUID | None, Any], str] | None = None

    def say(self, value: Any) -> str:
        """The value in words, with its unit."""
        return f"{self.kind.say(value)} {self.unit}".strip()


_policies: dict[str, Policy] = {}


def define(
    name: str,
    *,
    label: Any,
    kind: Kind,
    default: Any,
    group: Any,
    unit: Any = "",
    help: Any = "",  # noqa: A002  said to people
    province_only: bool = False,
    preview: Callable[[UUID | None, Any], Preview | None] | None = None,
    refuse: Callable[[UUID | None, Any], str] | None = None,
) -> Policy:
    """Called in ready(), once a name. `default` holds until somebody sets another value."""
    if name in _policies:
        raise ValueError(f"{name} is a policy already.")
    _policies[name] = Policy(
        name=name,
        label=label,
        kind=kind,
        default=default,
        group=group,
        unit=unit,
        help=help,
        province_only=province_only,
        preview=preview,
        refuse=refuse,
    )
    return _policies[name]


def defined() -> list[Policy]:
    """All of them, by group and in the order of their definition."""
    groups = list(dict.fromkeys(str(policy.group) for policy in _policies.values()))
    return sorted(_policies.values(), key=lambda policy: groups.index(str(policy.group)))


def find(name: str) -> Policy | None:
    return _policies.get(name)


def value(name: str, organisation_id: UUID | None = None, at: datetime | None = None) -> Any:
    """
    What holds at that moment (now) for that organisation: its own, else the province's, else the
    default. At most one small query in an intention, however many values it asks for.
    """
    policy = _policies[name]
    row = in_force(name, organisation_id, at)
    return policy.default if row is None else policy.kind.load(row.value)


def said(name: str, organisation_id: UUID | None = None, at: datetime | None = None) -> str:
    """That value in words, as a page names it to who is held to it."""
    return _policies[name].say(value(name, organisation_id, at))


def eras(name: str, organisation_id: UUID | None = None) -> tuple[Era, ...]:
    """All that held, holds and will by what is set today, one after the other."""
    moments = {row.effective_at for row in history(name, organisation_id) + history(name)}
    turns: list[tuple[datetime | None, Any]] = [(None, _policies[name].default)]
    for moment in sorted(moments):
        held = value(name, organisation_id, moment)
        if held != turns[-1][1]:
            turns.append((moment, held))
    ends = [since for since, _held in turns[1:]]
    return tuple(
        Era(since, until, held) for (since, held), until in zip(turns, [*ends, None], strict=True)
    )


def rung_of(name: str, clock: Clock, organisation_id: UUID | None = None) -> Rung:
    """The step of a ladder that a clock is, by the ladder of the day on which it was started."""
    ladder: tuple[Rung, ...] = value(name, organisation_id, clock.created_at)
    return ladder[min(clock.rung, len(ladder) - 1)]


def in_force(
    name: str, organisation_id: UUID | None = None, at: datetime | None = None
) -> PolicyChange | None:
    """The row behind value(); None where the default holds."""
    moment = at or timezone.now()
    rows = _rows()
    own = _latest(rows.get((name, organisation_id), ()), moment) if organisation_id else None
    return own or _latest(rows.get((name, None), ()), moment)


def history(name: str, organisation_id: UUID | None = None) -> list[PolicyChange]:
    """Every change of one policy for that organisation, or for the province; newest first."""
    return list(reversed(_rows().get((name, organisation_id), [])))


def moments_of(name: str, since: datetime, until: datetime) -> list[datetime]:
    """When a value took effect after `since` and by `until`, anywhere; in order, each once."""
    rows = [row for (of, _place), some in _rows().items() if of == name for row in some]
    return sorted({row.effective_at for row in rows if since < row.effective_at <= until})


def forget() -> None:
    """This intention has changed something: what it asks next is read anew."""
    _seen.set(None)


def _latest(rows: Iterable[PolicyChange], moment: datetime) -> PolicyChange | None:
    """Of those that hold by then the last to take effect; a row without a value gives up."""
    found = max(
        (row for row in rows if row.effective_at <= moment),
        key=lambda row: (row.effective_at, row.pk),
        default=None,
    )
    return found if found is not None and found.value is not None else None


Rows = dict[tuple[str, UUID | None], list[PolicyChange]]
# Rows are only added, so their number and the last of them say whether a process knows all. A
# slice whose every act asks for a policy selects both beside what it reads anyway, for saw().
COUNT = "(SELECT count(*) FROM core_policychange)"
LAST = "(SELECT coalesce(max(id), 0) FROM core_policychange)"
VERSION = f"SELECT {COUNT}, {LAST}"
_known: tuple[tuple[int, int], Rows] = ((0, 0), {})
_seen: ContextVar[tuple[Intention, Rows] | None] = ContextVar("policies", default=None)


def saw(count: int, last: int) -> None:
    """The open intention has read COUNT and LAST: its policies need no statement of their own."""
    opened, seen = current_intention(), _seen.get()
    if opened and not (seen and seen[0] is opened):
        _seen.set((opened, _rows_as_of(count, last)))


def _rows() -> Rows:
    opened, seen = current_intention(), _seen.get()
    if opened and seen and seen[0] is opened:
        return seen[1]
    ((count, last),) = look(VERSION)
    rows = _rows_as_of(count, last)
    if opened:
        _seen.set((opened, rows))
    return rows


def _rows_as_of(count: int, last: int) -> Rows:
    """What this process knows, unless there is more by now."""
    global _known
    if _known[0] != (count, last):
        _known = _read()
    return _known[1]


def _read() -> tuple[tuple[int, int], Rows]:
    rows: Rows = {}
    changes = list(PolicyChange.objects.order_by("pk"))
    for change in changes:
        rows.setdefault((change.name, change.organisation_id), []).append(change)
    return (len(changes), changes[-1].pk if changes else 0), rows
