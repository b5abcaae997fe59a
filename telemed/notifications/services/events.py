"""Events that could not be delivered: who runs the platform is told, and decides."""

from typing import Any
from uuid import NAMESPACE_URL, uuid5

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import outbox
from telemed.core.errors import Invalid, require
from telemed.core.intentions import require_intention
from telemed.core.models import OutboxEvent
from telemed.notifications.permissions import is_platform_administrator
from telemed.notifications.queries import platform_administrators
from telemed.notifications.services.reading import settle
from telemed.notifications.services.telling import notify
from telemed.people.models import User

REASON = 5  # characters
DEAD = uuid5(NAMESPACE_URL, "urn:telemed:outbox:dead")


def tell_of_dead_events(payload: dict[str, Any]) -> None:
    """At most one message an hour, however many died."""
    require_intention()
    hour = uuid5(DEAD, f"{timezone.localtime():%Y-%m-%d %H}")
    for administrator in platform_administrators():
        notify(
            recipient=administrator,
            template="outbox.dead",
            about=hour,
            url=reverse("notifications:events"),
            n=outbox.count_dead(),
        )


def list_dead_events(*, actor: User) -> list[OutboxEvent]:
    """For who may decide about them; an event carries ids, never what they stand for."""
    require_intention()
    _require_administrator(actor)
    return outbox.dead_events()


def replay_event(*, actor: User, event_id: int) -> None:
    """Try a dead event again. Raises Conflict when somebody decided about it already."""
    require_intention()
    _require_administrator(actor)
    event = outbox.replay(event_id=event_id)
    audit.record(action="outbox.replay", target=f"OutboxEvent/{event.pk}")
    _settle_if_none_is_left(actor)


def discard_event(*, actor: User, event_id: int, reason: str) -> None:
    """Never deliver it, and say why."""
    require_intention()
    _require_administrator(actor)
    reason = reason.strip()[:200]
    if len(reason) < REASON:
        message = _("Give a reason of at least {n} characters.").format(n=REASON)
        raise Invalid(message, path="reason")
    event = outbox.discard(event_id=event_id, reason=reason)
    audit.record(action="outbox.discard", target=f"OutboxEvent/{event.pk}", reason=reason)
    _settle_if_none_is_left(actor)


def _require_administrator(actor: User) -> None:
    require(
        is_platform_administrator(actor),
        _("Only the administrator of the health authority decides about events."),
    )


def _settle_if_none_is_left(actor: User) -> None:
    if outbox.count_dead() == 0:
        settle(about=uuid5(DEAD, f"{timezone.localtime():%Y-%m-%d %H}"))
