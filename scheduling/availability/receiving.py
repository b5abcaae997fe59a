"""Schedules and Slots that a hospital's own system sends: read here, kept by the services."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from records.fhir import conditions
from records.fhir.keeping import Keeping, Kept
from scheduling.availability import services
from scheduling.availability.fhir import CAPACITY, FREE, KIND, MINUTES, POOL, SHARE
from scheduling.availability.models import Kind, Period, Pool, Session
from scheduling.availability.queries import departments_of
from scheduling.availability.services import Offer, WantedPeriod, WantedSession
from scheduling.availability.services.locking import kept_elsewhere
from scheduling.availability.shares import RESERVED
from scheduling.availability.slots import of_period
from telemed.core.errors import DomainError, Forbidden, Invalid, Malformed, NotFound
from telemed.core.intentions import Actor
from telemed.core.publication import Json
from telemed.organisations.models import Department
from telemed.people import services as people
from telemed.people.models import Practitioner, User
from telemed.people.queries import find_application

PATHS = {
    "capacity": "Schedule.extension",
    "period_minutes": "Schedule.extension",
    "starts": "Schedule.planningHorizon",
    "ends": "Schedule.planningHorizon",
    "day": "Schedule.planningHorizon",
    "clinician": "Schedule.actor",
    "department": "Schedule.actor",
    "kind": "Schedule.serviceCategory",
    "service": "Schedule.serviceType",
    "session": "Schedule.planningHorizon",
}


def keep_schedule(actor: Actor, identifier: str, resource: Json) -> Kept:
    """`PUT /Schedule?identifier=`: a session of this system."""
    account = _account(actor)
    _require_named(resource, identifier)
    try:
        wanted = _session(account, identifier, resource)
        session, new = services.keep_session(actor=account, wanted=wanted)
    except DomainError as error:
        error.path = PATHS.get(error.path, error.path)
        raise
    return Kept(str(session.pk), new)


def keep_slot(actor: Actor, identifier: str, resource: Json) -> Kept:
    """`PUT /Slot?identifier=`: one period of a session of this system."""
    account = _account(actor)
    _require_named(resource, identifier)
    period, new = services.keep_period(actor=account, wanted=_period(identifier, resource))
    return Kept(str(period.pk), new, of_period(period.pk))


def receive(actor: Actor, fhir_id: str, resource: Json) -> None:
    """`PUT /Schedule/id` of one that this system keeps: the same, by its own identifier."""
    account = _account(actor)
    rows = Session.objects.filter(pk=UUID(fhir_id)).select_related("application")
    session = rows.filter(organisation=account.organisation_id).first()
    if session is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Schedule/{fhir_id}")
    if session.application_id != account.application_id:
        raise Forbidden(kept_elsewhere(session), path=f"Schedule/{fhir_id}")
    keep_schedule(actor, session.identifier, resource)


def _account(actor: Actor) -> User:
    application = find_application(actor)
    if application is None:
        sentence = _("Sessions are kept over FHIR by registered systems: send a system's token.")
        raise Forbidden(sentence)
    return people.account_of(application=application)


def _require_named(resource: Json, identifier: str) -> None:
    """What names itself names itself so."""
    named = [f"{one.get('system', '')}|{one.get('value', '')}" for one in _identifiers(resource)]
    if named and identifier not in named:
        sentence = _("The identifier is not that of the address.")
        raise Invalid(sentence, path=f"{resource['resourceType']}.identifier")


def _session(account: User, identifier: str, resource: Json) -> WantedSession:
    horizon = resource.get("planningHorizon", {})
    clinician = _clinician(resource)
    capacity = _number(resource, CAPACITY)
    minutes = _number(resource, MINUTES)
    offer = Offer(
        department_id=_department(account, resource, clinician).pk,
        clinician_id=clinician.pk if clinician else None,
        capacity=1 if capacity is None else capacity,
        period_minutes=30 if minutes is None else minutes,
        kind=_kind(resource),
        service=_service(resource)[:40],
        room=_room(resource)[:40],
    )
    return WantedSession(
        identifier=identifier,
        offer=offer,
        starts_at=_moment(horizon, "start", "Schedule.planningHorizon.start"),
        ends_at=_moment(horizon, "end", "Schedule.planningHorizon.end"),
        shares=_shares(resource),
        is_laid_out=capacity is not None,
        is_held=resource.get("active", True),
    )


def _period(identifier: str, resource: Json) -> WantedPeriod:
    capacity, free = _number(resource, CAPACITY), _number(resource, FREE)
    if capacity is None:
        sentence = _("Say in the extension {url} how many places there are.")
        raise Invalid(sentence.format(url=CAPACITY), path="Slot.extension")
    status = resource["status"]
    if free is None and status == "busy":
        free = 0
    session_id, named = _schedule(resource["schedule"])
    return WantedPeriod(
        identifier=identifier,
        session_id=session_id,
        session_identifier=named,
        starts_at=_moment(resource, "start", "Slot.start"),
        ends_at=_moment(resource, "end", "Slot.end"),
        capacity=capacity,
        pool=_pool(resource),
        free=free,
        is_held=status not in ("busy-unavailable", "entered-in-error"),
    )


def _schedule(reference: Json) -> tuple[UUID | None, str]:
    """By its id here, or by its identifier there."""
    if named := reference.get("identifier"):
        return None, f"{named.get('system', '')}|{named.get('value', '')}"
    return _id(reference, "Schedule", "Slot.schedule"), ""


def _clinician(resource: Json) -> User | None:
    named = [one for one in resource["actor"] if _type(one) == "Practitioner"]
    if not named:
        return None
    if len(named) > 1:
        raise Invalid(_("A session has one doctor."), path="Schedule.actor")
    licences = Practitioner.objects.select_related("user")
    known = licences.filter(pk=_id(named[0], "Practitioner", "Schedule.actor")).first()
    if known is None:
        raise Invalid(_("No such practitioner is known here."), path="Schedule.actor")
    return known.user


def _department(account: User, resource: Json, clinician: User | None) -> Department:
    """The one that is named (HealthcareService, by name or id), else the doctor's own."""
    here = departments_of(account.organisation_id)
    named = [one for one in resource["actor"] if _type(one) == "HealthcareService"]
    names = {one.get("display", "").strip() for one in named}
    names |= {one.get("reference", "").rpartition("/")[2] for one in named}
    fitting = [one for one in here if {one.name, str(one.pk)} & names]
    if not named and clinician:
        roles = clinician.roles.filter(organisation=account.organisation_id)
        own = set(roles.values_list("department", flat=True))
        fitting = [one for one in here if one.pk in own]
    if len(fitting) != 1:
        sentence = _(
            "Name one department as an actor of type HealthcareService; there are: {known}."
        )
        known = _(", ").join(one.name for one in here[:20])
        raise Invalid(sentence.format(known=known), path="Schedule.actor")
    return fitting[0]


def _room(resource: Json) -> str:
    named = (one for one in resource["actor"] if _type(one) == "Location")
    return next((str(one.get("display", "")) for one in named), "")


def _kind(resource: Json) -> str:
    codes = [
        coding.get("code", "")
        for concept in resource.get("serviceCategory", [])
        for coding in concept.get("coding", [])
        if coding.get("system") == KIND
    ]
    return codes[0] if codes else Kind.CLINIC


def _service(resource: Json) -> str:
    texts = (str(one.get("text", "")) for one in resource.get("serviceType", []))
    return next(texts, "")


def _shares(resource: Json) -> dict[str, int]:
    """Per cent by pool; without them every place is everybody's."""
    shares: dict[str, int] = {}
    for one in _extensions(resource, SHARE):
        facts = {inner.get("url"): inner for inner in one.get("extension", [])}
        pool = facts.get("pool", {}).get("valueCode")
        percent = facts.get("percent", {}).get("valueInteger")
        if pool not in RESERVED or pool in shares or percent is None:
            sentence = _("A share has one of the pools {known} once, and a percent.")
            raise Invalid(sentence.format(known=", ".join(RESERVED)), path="Schedule.extension")
        shares[pool] = percent
    return shares


def _pool(resource: Json) -> str:
    pools = [str(one.get("valueCode", "")) for one in _extensions(resource, POOL)]
    if unknown := [one for one in pools if one not in Pool.values]:
        sentence = _("There is no pool {name}; there are: {known}.")
        known = ", ".join(Pool.values)
        raise Invalid(sentence.format(name=unknown[0][:40], known=known), path="Slot.extension")
    return pools[0] if pools else Pool.PUBLIC


def _number(resource: Json, url: str) -> int | None:
    found = [one.get("valueInteger") for one in _extensions(resource, url)]
    if not found:
        return None
    if len(found) > 1 or found[0] is None:
        sentence = _("The extension {url} comes once, with a whole number.")
        raise Invalid(sentence.format(url=url), path=f"{resource['resourceType']}.extension")
    return int(found[0])


def _extensions(resource: Json, url: str) -> Iterator[Json]:
    return (one for one in resource.get("extension", []) if one.get("url") == url)


def _identifiers(resource: Json) -> list[Json]:
    return resource.get("identifier", []) or []


def _type(actor: Json) -> str:
    parts = str(actor.get("reference", "")).split("/")
    return str(actor.get("type") or (parts[-2] if len(parts) > 1 else ""))


def _id(reference: Json, wanted: str, path: str) -> UUID:
    kind, _slash, key = str(reference.get("reference", "")).rpartition("/")
    try:
        if kind.rpartition("/")[2] == wanted:
            return UUID(key)
    except ValueError:
        pass
    sentence = _("Here a {type} is named by its id on this server.")
    raise Invalid(sentence.format(type=wanted), path=path)


def _moment(holder: Json, name: str, path: str) -> datetime:
    """With its zone; FHIR allows a mere date, which no session begins with."""
    try:
        moment = datetime.fromisoformat(str(holder.get(name, "")))
    except ValueError:
        moment = datetime.min  # noqa: DTZ901
    if timezone.is_naive(moment):
        raise Invalid(_("Say a moment with its date, time and zone."), path=path)
    return moment


def existing_schedule(actor: Actor, asked: list[tuple[str, str]]) -> Kept | None:
    account = _account(actor)
    people.lock_account(account=account)
    mine = Session.objects.filter(application=account.application_id)
    found = conditions.the_one("Schedule", mine, SCHEDULES, asked)
    return Kept(found, new=False) if found else None


def existing_slot(actor: Actor, asked: list[tuple[str, str]]) -> Kept | None:
    account = _account(actor)
    people.lock_account(account=account)
    mine = Period.objects.filter(session__application=account.application_id)
    found = conditions.the_one("Slot", mine, SLOTS, asked)
    return Kept(found, new=False, body=of_period(UUID(found))) if found else None


def _on(value: str) -> Q:
    try:
        return Q(day=date.fromisoformat(value))
    except ValueError:
        raise Malformed(_("Say a day, such as 2026-12-03."), path="Schedule?date") from None


def _at(value: str) -> Q:
    return Q(starts_at=_moment({"start": value}, "start", "Slot?start"))


SCHEDULES: conditions.Criteria = {
    "identifier": conditions.identifier,
    "actor": conditions.reference("clinician__practitioner", "Practitioner"),
    "date": _on,
}
SLOTS: conditions.Criteria = {
    "identifier": conditions.identifier,
    "schedule": conditions.reference("session", "Schedule"),
    "start": _at,
}
KEEP: dict[str, Callable[[Actor, str, Json], Kept]] = {
    "Schedule": keep_schedule,
    "Slot": keep_slot,
}
EXISTING = {"Schedule": existing_schedule, "Slot": existing_slot}
KEEPINGS = {name: Keeping(keep=keep, existing=EXISTING[name]) for name, keep in KEEP.items()}
