"""Bookings that come in over FHIR: by the same services as those of the pages."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from records.consent import access
from records.fhir import conditions, keeping
from records.mpi.models import Patient
from scheduling.appointments import services
from scheduling.appointments.fhir import STATUS
from scheduling.appointments.models import Appointment, Status
from scheduling.appointments.permissions import CLERKS, is_clerk_of
from scheduling.appointments.queries import get_appointment
from scheduling.availability.models import Period
from scheduling.availability.permissions import is_keeper
from scheduling.availability.queries import get_place
from telemed.core.errors import Forbidden, Invalid, NotFound, require
from telemed.core.intentions import Actor
from telemed.core.publication import Json, Taking
from telemed.people import services as people
from telemed.people.models import User
from telemed.people.queries import find_application

# What is behind a visit that is still to be fulfilled, in the order of its steps.
ORDER = [Status.BOOKED, Status.ARRIVED, Status.CALLED, Status.IN_VISIT]


def is_ours(resource: Json) -> bool:
    """It names one of our periods. What names somebody else's slot is stored as it was received."""
    return Period.objects.filter(pk__in=_slots(resource)).exists()


def create(actor: Actor, resource: Json) -> str:
    """A booking in one step."""
    account = booker_of(actor)
    if resource["status"] != "booked":
        sentence = _("What comes in as a booking has the status booked.")
        raise Invalid(sentence, path="Appointment.status")
    period_id = slot_of(resource)
    booked = services.book(
        actor=account,
        patient=patient_of(account, resource),
        period_id=period_id,
        reason=resource.get("description") or resource.get("comment") or "",
        identifier=_identifier(resource) if account.application_id else "",
    )
    return str(booked.pk)


def existing(actor: Actor, asked: list[tuple[str, str]]) -> str | None:
    """What this account booked before and fits; its bookings wait for each other from here on."""
    account = booker_of(actor)
    people.lock_account(account=account)
    mine = Appointment.objects.filter(booked_by=account, booked_at__isnull=False)
    return conditions.the_one("Appointment", mine, CRITERIA, asked)


def _identifier(resource: Json) -> str:
    """The first that has a system and a value; a booking without one is no less a booking."""
    named = (f"{n.get('system', '')}|{n.get('value', '')}" for n in resource.get("identifier", []))
    return next((one for one in named if keeping.IDENTIFIED(one)), "")


def _status(value: str) -> Q:
    codes = {text.rpartition("|")[2] for text in value.split(",")}
    return Q(status__in=[ours for ours, theirs in STATUS.items() if theirs in codes])


CRITERIA: conditions.Criteria = {
    "identifier": conditions.identifier,
    "patient": lambda value: Q(patient__fhir_id=value.rpartition("/")[2]),
    "slot": conditions.reference("period", "Slot"),
    "status": _status,
}


def receive(actor: Actor, fhir_id: str, resource: Json) -> None:
    """A person cancels; a system says what became of a visit in a session that it keeps."""
    account, appointment_id = booker_of(actor), UUID(fhir_id)
    if account.application_id:
        _say(account, get_appointment(account, appointment_id), resource)
        return
    if resource["status"] != "cancelled":
        sentence = _("Over FHIR a booking is cancelled (status cancelled); book another time anew.")
        raise Invalid(sentence, path="Appointment.status")
    appointment = get_appointment(account, appointment_id)
    if is_clerk_of(account, appointment.organisation_id):
        services.cancel_by_clinic(
            actor=account, appointment_id=appointment_id, reason=_reason(resource)
        )
    else:
        services.cancel(actor=account, appointment_id=appointment_id)


def _say(account: User, appointment: Appointment, resource: Json) -> None:
    """Step by step, by the same services as at the desk; the same again changes nothing."""
    session = appointment.period.session
    own = appointment.booked_by_id == account.pk and not is_keeper(account, session)
    if own and resource["status"] == "cancelled":  # it takes back what it booked in others'
        services.cancel(actor=account, appointment_id=appointment.pk)
        return
    require(is_keeper(account, session), _("Another keeps the session of this visit."))
    wanted: str = resource["status"]
    which: dict[str, Any] = {"actor": account, "appointment_id": appointment.pk}
    if wanted == STATUS[Status(appointment.status)]:
        return
    match wanted:
        case "arrived":
            services.check_in(**which)
        case "fulfilled" if appointment.status == Status.NO_SHOW or appointment.is_unseen:
            reason = _("The hospital's own system says that the visit took place")
            services.correct(**which, reason=reason)
        case "fulfilled":
            steps = (services.check_in, services.call, services.begin, services.fulfil)
            done = ORDER.index(Status(appointment.status)) if appointment.status in ORDER else 0
            for step in steps[done:]:
                step(**which)
        case "noshow":
            services.miss_one(**which)
        case "cancelled":
            services.cancel_by_clinic(**which, reason=_reason(resource))
        case _:
            sentence = _("A system says arrived, fulfilled, noshow or cancelled.")
            raise Invalid(sentence, path="Appointment.status")


def _reason(resource: Json) -> str:
    return str(resource.get("cancelationReason", {}).get("text", ""))


def booker_of(actor: Actor) -> User:
    """The person, or the account of a registered system, which books as its hospital's desk."""
    if isinstance(actor, User):
        return actor
    application = find_application(actor)
    if application is None:
        raise Forbidden(_("Bookings are made by accounts: send the token of who books."))
    return people.account_of(application=application)


def slot_of(resource: Json) -> UUID:
    """The one period that is asked for, at the time at which it is."""
    slots = _slots(resource)
    if len(slots) != 1 or len(resource.get("slot", [])) != 1:
        raise Invalid(_("A booking names one slot."), path="Appointment.slot")
    period = get_place(slots[0])
    for name, there in (("start", period.starts_at), ("end", period.ends_at)):
        said = resource.get(name)
        if said is not None and _moment(said) != there:
            sentence = _("The time is not that of the slot.")
            raise Invalid(sentence, path=f"Appointment.{name}")
    return period.pk


def patient_of(account: User, resource: Json) -> Patient:
    """The one person who takes part. Hidden and absent look the same."""
    people = [ref for ref in _references(resource.get("participant")) if ref[0] == "Patient"]
    if len(people) != 1:
        sentence = _("A booking is for one patient, who takes part in it.")
        raise Invalid(sentence, path="Appointment.participant")
    known = Patient.objects.select_related("merged_into").filter(fhir_id=people[0][1])
    if account.role not in CLERKS:
        known = access.visible(account, "book", known)
    found = known.first()
    if found is None:
        sentence = _("Not found, or not yours to know of.")
        raise NotFound(sentence, path="Appointment.participant")
    return found


def _moment(text: str) -> datetime | None:
    """FHIR allows the sixtieth second, which no period begins with."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _slots(resource: Json) -> list[UUID]:
    named = [{"actor": slot} for slot in resource.get("slot", [])]
    found = []
    for kind, fhir_id in _references(named):
        try:
            found += [UUID(fhir_id)] if kind == "Slot" else []
        except ValueError:
            continue
    return found


def _references(participants: Any) -> list[tuple[str, str]]:
    """Type and id of what takes part; an absolute address of ours ends in the same two."""
    texts = [one.get("actor", {}).get("reference", "") for one in participants or ()]
    parts = [text.rstrip("/").split("/") for text in texts if text]
    return [(part[-2], part[-1]) for part in parts if len(part) > 1]


TAKING = Taking(wants=is_ours, create=create, existing=existing)
