"""What the sender's side may see of how a message went, and what a tester sees in a demo."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _

from telemed.core import secrecy
from telemed.core.errors import NotFound
from telemed.notifications import messages
from telemed.notifications.models import Channel, Code, Delivery, State
from telemed.notifications.services.channels import address_of
from telemed.notifications.services.sending import outgoing


@dataclass(frozen=True)
class Way:
    """One channel of one message, and how far it came."""

    channel: str
    state: str
    at: datetime
    failed: bool


@dataclass(frozen=True)
class Told:
    """One message to one person. A resident is not named: that would name the patient."""

    who: str
    organisation: str
    text: str
    ways: list[Way]


def deliveries_of(about: UUID, *, begins: str = "") -> list[Told]:
    """
    How the messages about one subject went, oldest first, in one query; `begins`: how the names of
    their templates begin.

    The caller has decided that its reader may know of the subject.
    """
    rows = Delivery.objects.filter(
        notification__about=about, notification__template__startswith=begins
    ).select_related("notification__recipient__acting_as__organisation")
    told: dict[UUID, Told] = {}
    for row in rows.order_by("notification_id", "pk"):
        note = row.notification
        if note.pk not in told:
            staff = note.recipient if note.recipient and note.recipient.acting_as else None
            acting = staff.acting_as if staff else None
            told[note.pk] = Told(
                who=staff.name if staff else _("the resident"),
                organisation=acting.organisation.name if acting else "",
                text=note.text,
                ways=[],
            )
        told[note.pk].ways.append(_way(row))
    return list(told.values())


def _way(row: Delivery) -> Way:
    moments = (row.read_at, row.ended_at, row.delivered_at, row.sent_at)
    return Way(
        channel=str(Channel(row.channel).label),
        state=str(State(row.state).label),
        at=next((moment for moment in moments if moment), row.created_at),
        failed=row.state in (State.FAILED, State.UNREACHABLE),
    )


@dataclass(frozen=True)
class Sent:
    """What a gateway was given, as its receiver reads it."""

    at: datetime
    channel: str
    to: str
    who: str
    text: str
    link: str
    state: str


def sent_messages(*, limit: int = 50) -> list[Sent]:
    """The newest that left the house. In a demonstration only: there they leave it for nowhere."""
    if not settings.DEMO:
        raise NotFound(_("There is no such page."))
    left = Delivery.objects.filter(
        channel__in=[Channel.SMS, Channel.EMAIL], sent_at__isnull=False
    ).select_related("notification__recipient__preference")
    sent = [_sent(row) for row in left.order_by("-sent_at")[:limit]]
    codes = Code.objects.filter(sent_at__isnull=False).select_related("user")
    sent += [_code(row) for row in codes.order_by("-id")[:limit]]
    return sorted(sent, key=lambda one: one.at, reverse=True)[:limit]


def _sent(row: Delivery) -> Sent:
    to, who = _receiver(row)
    message = outgoing(row, to)
    return Sent(
        at=row.sent_at or row.created_at,
        channel=str(Channel(row.channel).label),
        to=message.to,
        who=who,
        text=message.text,
        link=message.params.get("link", ""),
        state=str(State(row.state).label),
    )


def _receiver(row: Delivery) -> tuple[str, str]:
    user = row.notification.recipient
    if user is None:
        person = row.notification.addressee
        return (person.phone, person.name) if person else ("", "")
    preference = getattr(user, "preference", None)
    to = user.phone if row.channel == Channel.SMS else user.email
    if preference:
        to = address_of(user, row.channel, preference) or to
    return to, user.name


def _code(row: Code) -> Sent:
    code = secrecy.decrypt(bytes(row.sealed), purpose=Code.PURPOSE)
    return Sent(
        at=row.sent_at or row.created_at,
        channel=str(Channel(row.channel).label),
        to=row.address,
        who=row.user.name,
        text=messages.render_short("account.code", {"code": code}, language=row.user.language),
        link="",
        state=str(State.SENT.label),
    )
