"""Noticing that an institution asks nothing, and hearing why."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, Min, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import policies
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.notifications.services import mark_read, notify
from telemed.organisations.models import Agreement, AgreementService, Organisation
from telemed.oversight import activity, permissions, rules
from telemed.oversight.indicators import midnight
from telemed.oversight.models import Reason, Silence, SilenceEntry
from telemed.oversight.queries.people import county_of, who_answers_for
from telemed.oversight.queries.silences import get_silence
from telemed.people.models import User

Kind = SilenceEntry.Kind
SHORTEST = 5  # characters of another reason
LONGEST = 200


def watch_silence(*, after: int, size: int) -> int | None:
    """
    Look at the next institutions by their number; the last one looked at, None at the end.

    Begun again at any time it comes to the same: who is silent has one open silence.
    """
    require_intention()
    chunk = list(_watched(after, size))
    if not chunk:
        return None
    ids = [organisation.pk for organisation in chunk]
    asked = activity.last_asked(ids)
    agreed = _agreed_since(ids)
    known = {one.organisation_id: one for one in _open(ids)}
    for organisation in chunk:
        last, since = asked.get(organisation.pk), agreed.get(organisation.pk)
        silence = known.get(organisation.pk)
        if silence:
            silence = _keep_or_end(silence, last, since)
        if silence is None and since:
            _begin_if_quiet(organisation, last, since)
    return chunk[-1].number


def hear(*, organisation_id: UUID) -> None:
    """An institution has just asked for something: whoever was silent is heard at once."""
    require_intention()
    ids = [organisation_id]
    for silence in _open(ids):
        asked, agreed = activity.last_asked(ids), _agreed_since(ids)
        _keep_or_end(silence, asked.get(organisation_id), agreed.get(organisation_id))


def give_reason(*, actor: User, silence_id: UUID, reason: str, text: str = "") -> Silence:
    """What the institution, its county or an official who rang them says. It can be said anew."""
    require_intention()
    require(permissions.sees_silences(actor), _("Your role here does not answer for it."))
    silence = get_silence(actor, silence_id, lock=True)
    if reason not in Reason.values:
        raise Invalid(_("Choose one of the reasons."), path="reason")
    text = text.strip()
    if len(text) > LONGEST:
        raise Invalid(_("At most {n} characters.").format(n=LONGEST), path="text")
    if reason == Reason.OTHER and len(text) < SHORTEST:
        message = _("Say which reason, in at least {n} characters.").format(n=SHORTEST)
        raise Invalid(message, path="text")
    if (silence.reason, silence.text) == (reason, text):
        return silence
    silence.reason, silence.text, silence.reason_at = reason, text, timezone.now()
    silence.save(update_fields=["reason", "text", "reason_at"])
    _enter(silence, Kind.REASON, actor=actor, reason=reason, text=text)
    audit.record(action="silence.explain", target=silence)
    mark_read(actor=actor, about=silence.pk)
    return silence


def tell_county(*, actor: User, silence_id: UUID) -> int:
    """
    Send it to the authority of its county, or to the coordinators of its hospital; how many.

    Raises Conflict where they were told lately, or where there is nobody to tell.
    """
    require_intention()
    require(permissions.may_tell(actor), _("Only the health commission tells the county."))
    silence = get_silence(actor, silence_id, lock=True)
    pause = policies.value(rules.ASK_AGAIN)
    if silence.told_at and silence.told_at > timezone.now() - pause:
        told = f"{timezone.localdate(silence.told_at):%Y-%m-%d}"
        message = _("The county was told on {day}; it can be told again after {n} days.")
        raise Conflict(message.format(day=told, n=pause.days), path="told")
    _name, people = county_of(silence.organisation)
    people = [person for person in people if person.pk != actor.pk]
    if not people:
        message = _("Nobody is registered here for its county. Please phone: {phone}")
        phone = silence.organisation.phone or "–"
        raise Conflict(message.format(phone=phone), path="county")
    turn = silence.entries.filter(kind=Kind.TOLD).count() + 1
    for person in people:
        notify(
            recipient=person,
            template="silence.told",
            about=silence.pk,
            url=reverse("oversight:silence", args=[silence.pk]),
            turn=turn,
            org=silence.organisation.name,
            date=f"{timezone.localdate(silence.quiet_since):%Y-%m-%d}",
        )
    silence.told_at = timezone.now()
    silence.save(update_fields=["told_at"])
    _enter(silence, Kind.TOLD, actor=actor)
    audit.record(action="silence.tell", target=silence)
    return len(people)


def _watched(after: int, size: int) -> Iterable[Organisation]:
    """Who may ask today, and who has an open silence."""
    may_ask = _agreements().values("asking")
    silent = Silence.objects.filter(ended_at=None).values("organisation")
    wanted = Organisation.objects.filter(Q(pk__in=may_ask) | Q(pk__in=silent), number__gt=after)
    return wanted.order_by("number")[:size]


def _agreed_since(ids: list[UUID]) -> dict[UUID, datetime]:
    """The first day of the oldest agreement under which each may ask today."""
    agreements = _agreements().filter(asking__in=ids)
    first = agreements.values("asking").annotate(first=Min("starts_on")).order_by()
    return {row["asking"]: midnight(row["first"]) for row in first}


def _agreements() -> QuerySet[Agreement]:
    """In force today, on something that is asked for here."""
    included = AgreementService.objects.filter(
        agreement=OuterRef("pk"), service__in=activity.services()
    )
    return Agreement.objects.in_force(timezone.localdate()).filter(Exists(included))


def _open(ids: list[UUID]) -> Iterable[Silence]:
    silences = Silence.objects.filter(organisation__in=ids, ended_at=None)
    locked = silences.select_for_update(of=("self",), no_key=True)
    return locked.select_related("organisation").order_by("pk")


def _keep_or_end(silence: Silence, last: datetime | None, since: datetime | None) -> Silence | None:
    """The silence where it goes on; its reason is asked anew after a while."""
    if since is None:
        _end(silence, Kind.OVER)
        return None
    if last and (last > silence.quiet_since or not silence.ever_asked):
        _end(silence, Kind.ENDED)
        return None
    again = timezone.now() - policies.value(rules.ASK_AGAIN)
    if silence.reason_at and silence.reason_at <= again:
        silence.reason, silence.text, silence.reason_at = "", "", None
        silence.asked_at, silence.turn = timezone.now(), silence.turn + 1
        silence.save(update_fields=["reason", "text", "reason_at", "asked_at", "turn"])
        _enter(silence, Kind.AGAIN)
        _ask(silence)
    return silence


def _end(silence: Silence, kind: SilenceEntry.Kind) -> None:
    silence.ended_at = timezone.now()
    silence.save(update_fields=["ended_at"])
    _enter(silence, kind)


def _begin_if_quiet(organisation: Organisation, last: datetime | None, since: datetime) -> None:
    now = timezone.now()
    quiet_since = last or since
    if quiet_since > now - policies.value(rules.SILENT):
        return
    silence = Silence.objects.create(
        organisation=organisation,
        quiet_since=quiet_since,
        ever_asked=last is not None,
        noticed_at=now,
        asked_at=now,
    )
    _enter(silence, Kind.NOTICED)
    _ask(silence)


def _ask(silence: Silence) -> None:
    for person in who_answers_for(silence.organisation):
        notify(
            recipient=person,
            template="silence.asked",
            about=silence.pk,
            url=reverse("oversight:silence", args=[silence.pk]),
            turn=silence.turn,
            date=f"{timezone.localdate(silence.quiet_since):%Y-%m-%d}",
        )


def _enter(
    silence: Silence,
    kind: SilenceEntry.Kind,
    *,
    actor: User | None = None,
    reason: str = "",
    text: str = "",
) -> None:
    SilenceEntry.objects.create(
        silence=silence,
        kind=kind,
        reason=reason,
        text=text,
        organisation=actor.organisation if actor else None,
        role=actor.role if actor else "",
        actor_id=require_intention().actor.actor_id,
    )
