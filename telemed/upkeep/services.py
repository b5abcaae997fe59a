"""What failed for good: who runs the platform is told, and decides."""

from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import clocks, outbox
from telemed.core.errors import require
from telemed.core.intentions import require_intention
from telemed.core.reasons import checked_reason
from telemed.notifications.services import notify, settle
from telemed.people.models import User
from telemed.upkeep import queries
from telemed.upkeep.permissions import is_platform_administrator

LONGEST = 200  # characters of a reason
DEAD = uuid5(NAMESPACE_URL, "urn:telemed:outbox:dead")


def tell_of_failures(payload: dict[str, Any]) -> None:
    """At most one message an hour, however much died."""
    require_intention()
    for administrator in queries.platform_administrators():
        notify(
            recipient=administrator,
            template="outbox.dead",
            about=_this_hour(),
            url=reverse("upkeep:work"),
            n=_count_dead(),
        )


def open_work(*, actor: User) -> queries.Work:
    """For who may decide; an event or a clock carries ids, never what they stand for."""
    require_intention()
    _require_administrator(actor)
    return queries.find_work()


def replay_event(*, actor: User, event_id: int) -> None:
    """Try a dead event again. Raises Conflict when somebody decided about it already."""
    require_intention()
    _require_administrator(actor)
    event = outbox.replay(event_id=event_id)
    audit.record(action="outbox.replay", target=f"OutboxEvent/{event.pk}")
    _settle_if_none_is_left()


def discard_event(*, actor: User, event_id: int, reason: str) -> None:
    """Never deliver it, and say why."""
    require_intention()
    _require_administrator(actor)
    reason = checked_reason(reason, longest=LONGEST)
    event = outbox.discard(event_id=event_id, reason=reason)
    audit.record(action="outbox.discard", target=f"OutboxEvent/{event.pk}", reason=reason)
    _settle_if_none_is_left()


def replay_clock(*, actor: User, clock_id: UUID) -> None:
    """Let a dead clock fire after all. Raises Conflict when somebody decided already."""
    require_intention()
    _require_administrator(actor)
    clock = clocks.replay(clock_id=clock_id)
    audit.record(action="clock.replay", target=f"Clock/{clock.pk}")
    _settle_if_none_is_left()


def discard_clock(*, actor: User, clock_id: UUID, reason: str) -> None:
    """It never fires, and why."""
    require_intention()
    _require_administrator(actor)
    reason = checked_reason(reason, longest=LONGEST)
    clock = clocks.discard(clock_id=clock_id)
    audit.record(action="clock.discard", target=f"Clock/{clock.pk}", reason=reason)
    _settle_if_none_is_left()


def _require_administrator(actor: User) -> None:
    require(
        is_platform_administrator(actor),
        _("Only the administrator of the health authority decides about events."),
    )


def _count_dead() -> int:
    return outbox.count_dead() + clocks.count_dead()


def _settle_if_none_is_left() -> None:
    if _count_dead() == 0:
        settle(about=_this_hour())


def _this_hour() -> UUID:
    return uuid5(DEAD, f"{timezone.localtime():%Y-%m-%d %H}")
