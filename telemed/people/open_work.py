"""
What somebody still has in hand, asked of the slices above: they register it in ready().

Closing an account and handing a shift over look here; neither knows what a case is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from telemed.core.intentions import Actor, require_intention
from telemed.people.models import User


@dataclass(frozen=True, kw_only=True)
class Item:
    """One thing in hand. `label` names no patient: it is shown to administrators."""

    id: UUID
    label: str  # "C2611240007, emergency consult, accepted 20 min ago"
    url: str = ""
    urgent: bool = False


Counter = Callable[[User], Iterable[Item]]
Mover = Callable[[Actor, User, User, UUID], None]  # who moves it, from whom, to whom, the item
Giver = Callable[[Actor, User, User, UUID, str], None]  # the same, with the reason


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One sort of work: what a person has of it, and how it goes to somebody else."""

    name: str
    label: Any  # str or a lazy translation, in the plural
    counter: Counter
    mover: Mover
    of_shift: bool = True
    giver: Giver | None = None


@dataclass(frozen=True, kw_only=True)
class Held:
    """An item with the sort of work it is."""

    kind: Kind
    item: Item


_kinds: dict[str, Kind] = {}


def register(
    name: str,
    counter: Counter,
    mover: Mover,
    *,
    label: Any = "",
    of_shift: bool = True,
    giver: Giver | None = None,
) -> None:
    """
    Called in ready(), once a name ("case", "order.claim").

    `counter(user)` gives what they hold now. `mover(actor, user, to, item_id)` gives one item
    over, or raises the DomainError that says why it cannot (the receiver's licence, say). What is
    not `of_shift` stays with its person when a shift ends: the sessions of the coming weeks.

    `giver(actor, user, to, item_id, reason)` hands over at once what can't wait for an accept: who
    had it is gone. Without one, `mover` does what it does.
    """
    if name in _kinds:
        raise ValueError(f"{name} is registered as open work already.")
    _kinds[name] = Kind(
        name=name,
        label=label or name,
        counter=counter,
        mover=mover,
        of_shift=of_shift,
        giver=giver,
    )


def forget(name: str) -> None:
    """For tests."""
    _kinds.pop(name, None)


def held_by(user: User, *, at_hand_over: bool = False) -> list[Held]:
    """Everything this person has in hand, urgent things first; of a shift only what is of it."""
    kinds = [kind for kind in _kinds.values() if kind.of_shift or not at_hand_over]
    held = [Held(kind=kind, item=item) for kind in kinds for item in kind.counter(user)]
    return sorted(held, key=lambda one: not one.item.urgent)


def move(*, actor: Actor, user: User, to: User, kind: str, item_id: UUID) -> None:
    """Give one item to somebody else, by the rules of the slice that owns it."""
    require_intention()
    _kinds[kind].mover(actor, user, to, item_id)


def give(*, actor: Actor, user: User, to: User, kind: str, item_id: UUID, reason: str) -> None:
    """The same of somebody who leaves: what the slice can give at once, it gives at once."""
    require_intention()
    if giver := _kinds[kind].giver:
        giver(actor, user, to, item_id, reason)
    else:
        _kinds[kind].mover(actor, user, to, item_id)
