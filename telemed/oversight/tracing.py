"""The trace as the audit administrator reads it: who did what and why not, never the contents."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop

from telemed.audit import queries as trace
from telemed.audit import sealing
from telemed.audit import services as audit
from telemed.audit.models import AuditRow, Seal
from telemed.core.errors import Invalid, Kind, require
from telemed.people.models import Role, User

PAGE = 30
PERIODS = (7, 31)  # days
CHECKED = 5_000  # rows of a seal that are walked again for a page
LATE = timedelta(minutes=1)  # the sealer comes every five seconds
SHOWN = (
    ("", gettext_lazy("Refused")),
    ("emergency", gettext_lazy("Emergency access")),
    ("all", gettext_lazy("Everything")),
)

# What an action is about: the part of its name before the first dot, or the slice of a page.
AREAS = {
    "case": gettext_noop("Consult"),
    "requests": gettext_noop("Consult"),
    "offer": gettext_noop("Consult"),
    "opinion": gettext_noop("Opinion"),
    "opinions": gettext_noop("Opinion"),
    "room": gettext_noop("Room"),
    "rooms": gettext_noop("Room"),
    "patient": gettext_noop("Person"),
    "patients": gettext_noop("Person"),
    "person": gettext_noop("Person"),
    "match": gettext_noop("Person"),
    "pairs": gettext_noop("Person"),
    "chart": gettext_noop("Record"),
    "record": gettext_noop("Record"),
    "study": gettext_noop("Images"),
    "imaging": gettext_noop("Images"),
    "consent": gettext_noop("Consent"),
    "breakglass": gettext_noop("Emergency access"),
    "looks": gettext_noop("Trace"),
    "audit": gettext_noop("Trace"),
    "organisations": gettext_noop("Agreements and settlement"),
    "settlement": gettext_noop("Agreements and settlement"),
    "policy": gettext_noop("Rules"),
    "licence": gettext_noop("Licence"),
    "staff": gettext_noop("Staff"),
    "people": gettext_noop("Staff"),
    "account": gettext_noop("Account"),
    "key": gettext_noop("Account"),
    "reach": gettext_noop("Account"),
    "rota": gettext_noop("Rota"),
    "shift": gettext_noop("Rota"),
    "session": gettext_noop("Outpatient sessions"),
    "sessions": gettext_noop("Outpatient sessions"),
    "template": gettext_noop("Outpatient sessions"),
    "day_rule": gettext_noop("Outpatient sessions"),
    "period": gettext_noop("Outpatient sessions"),
    "pool": gettext_noop("Outpatient sessions"),
    "notifications": gettext_noop("Messages"),
    "inbox": gettext_noop("Messages"),
    "fhir": gettext_noop("Interface"),
}
# What was done to it: the part after the dot, where a word says it better than its name.
DEEDS = {
    "read": gettext_noop("looked at"),
    "list": gettext_noop("listed"),
    "search": gettext_noop("searched"),
    "look": gettext_noop("found by number"),
    "person": gettext_noop("found by number"),
    "find": gettext_noop("found by number"),
    "open": gettext_noop("opened"),
    "end": gettext_noop("ended"),
    "review": gettext_noop("reviewed"),
    "overdue": gettext_noop("was not reviewed in time"),
    "export": gettext_noop("exported"),
    "print": gettext_noop("printed"),
    "sign": gettext_noop("signed"),
    "book": gettext_noop("booked"),
    "cancel": gettext_noop("cancelled"),
    "register": gettext_noop("registered"),
}
KINDS = {
    Kind.FORBIDDEN: gettext_noop("not theirs to do"),
    Kind.NOT_FOUND: gettext_noop("absent, or not theirs to see"),
    Kind.UNAUTHENTICATED: gettext_noop("not signed in"),
    Kind.CONFLICT: gettext_noop("no longer possible"),
    Kind.STALE: gettext_noop("a newer version exists"),
    Kind.INVALID: gettext_noop("against a rule"),
    Kind.MALFORMED: gettext_noop("could not be read"),
    Kind.TOO_LARGE: gettext_noop("too large"),
    Kind.GONE: gettext_noop("deleted"),
    Kind.UNAVAILABLE: gettext_noop("not available"),
}


@dataclass(frozen=True)
class Line:
    """One row of the trace in words."""

    at: datetime
    who: str
    role: str
    area: str
    action: str
    deed: str  # the action in words; its name where there are none
    why_not: str
    emergency: bool
    about_person: bool
    reference: str


@dataclass(frozen=True)
class Chain:
    """What the newest seal says of the chain."""

    seal: Seal | None
    holds: bool | None  # None: too many rows to walk for a page
    late: bool


@dataclass(frozen=True)
class Asked:
    """The filter of the page, as it stands in its address."""

    show: str = ""
    days: int = PERIODS[0]
    text: str = ""
    before: tuple[datetime, int] | None = None  # moment and number of the last line above


def read_trace(actor: User, asked: Asked) -> dict[str, Any]:
    """What was done in the name of the actor's institution; looking is traced, too."""
    rows = _rows(actor, asked)
    found = _filtered(actor.organisation_id, rows, asked)
    page = list(found[: PAGE + 1])
    more = len(page) > PAGE
    audit.record(action="audit.read", target=f"Organization/{actor.organisation_id}")
    refusals, emergencies = trace.counted(rows)
    return {
        "refusals": refusals,
        "emergencies": emergencies,
        "chain": look_at_chain(),
        "lines": in_words(page[:PAGE]),
        "older": f"{page[PAGE - 1].at.isoformat()}~{page[PAGE - 1].id}" if more else "",
    }


def asked_rows(actor: User, asked: Asked) -> QuerySet[AuditRow]:
    """What a filter finds, newest first, without an end."""
    return _filtered(actor.organisation_id, _rows(actor, asked), asked)


def _rows(actor: User, asked: Asked) -> QuerySet[AuditRow]:
    require(actor.role == Role.AUDITOR, _("The trace is for the audit administrator."))
    since = timezone.now() - timedelta(days=asked.days)
    return trace.rows_of(actor.organisation_id, since=since)


def _filtered(
    organisation_id: UUID | None, rows: QuerySet[AuditRow], asked: Asked
) -> QuerySet[AuditRow]:
    match asked.show:
        case "":
            rows = trace.refused(rows)
        case "emergency":
            rows = trace.in_emergency(rows)
        case "all":
            pass
        case _:
            raise Invalid(_("Choose one from the list."), path="show")
    if asked.text:
        named = User.objects.filter(
            roles__organisation=organisation_id, name__icontains=asked.text
        ).values_list("pk", flat=True)
        rows = trace.by_actors(rows, named[:PAGE])
    if asked.before is None:
        return rows
    moment, number = asked.before
    return rows.filter(Q(at__lt=moment) | Q(at=moment, id__lt=number))


def look_at_chain() -> Chain:
    """The newest link, walked again."""
    seals = trace.newest_seals()
    if not seals:
        return Chain(seal=None, holds=True, late=False)
    seal, before = seals[0], seals[1] if len(seals) > 1 else None
    return Chain(
        seal=seal,
        holds=sealing.holds(seal, before) if seal.rows <= CHECKED else None,
        late=timezone.now() - seal.sealed_at > LATE,
    )


def in_words(rows: list[AuditRow]) -> list[Line]:
    """The rows as a person reads them."""
    ids = {row.actor_id.removeprefix("user:") for row in rows if row.actor_id.startswith("user:")}
    names = dict(User.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [_line(row, {f"user:{pk}": name for pk, name in names.items()}) for row in rows]


def _line(row: AuditRow, names: dict[str, str]) -> Line:
    area, _dot, deed = row.action.partition(":")[0].partition(".")
    tail = row.trace_id.hex[-8:].upper()
    return Line(
        at=row.at,
        who=names.get(row.actor_id) or _("the system"),
        role=str(Role(row.role).label) if row.role in Role.values else "",
        area=_(AREAS[area]) if area in AREAS else "",
        action=row.action,
        deed=_(DEEDS[deed]) if area in AREAS and deed in DEEDS else row.action,
        why_not=_(KINDS[Kind(row.refused)]) if row.refused in KINDS else "",
        emergency=row.reason == trace.EMERGENCY,
        about_person=bool(row.patient_id),
        reference=f"{tail[:4]}-{tail[4:]}",
    )
