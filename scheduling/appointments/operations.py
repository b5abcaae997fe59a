"""
Finding, holding and booking a time over FHIR, after the Argonaut Scheduling guide
(https://fhir.org/guides/argonaut/scheduling): $find proposes, $hold keeps, $book confirms.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.fhir.operating import REFERENCE, RESOURCE, TEXT, Operation
from scheduling.appointments import fhir, services
from scheduling.appointments.models import Appointment
from scheduling.appointments.permissions import CLERKS, pools_of
from scheduling.appointments.queries import get_booked_by
from scheduling.appointments.receiving import booker_of, patient_of, slot_of
from scheduling.availability.models import Period
from scheduling.availability.queries import open_periods
from telemed.audit import services as audit
from telemed.core.errors import Invalid
from telemed.core.intentions import Actor
from telemed.core.publication import Json
from telemed.people.models import User

GUIDE = "http://fhir.org/guides/argonaut/scheduling/OperationDefinition"
MOST, LONGEST = 50, timedelta(days=31)


def find(actor: Actor, given: dict[str, Any]) -> Json:
    """Times that the account may book, the soonest first: each a proposed Appointment."""
    account = booker_of(actor)
    start, end = _moment(given, "start"), _moment(given, "end")
    if not start < end <= start + LONGEST:
        sentence = _("The end is after the start, and at most {n} days after it.")
        raise Invalid(sentence.format(n=LONGEST.days), path="end")
    there = _id(given, "organization", "Organization") if "organization" in given else None
    periods = _open_to(account, there).filter(starts_at__gte=start, starts_at__lt=end)
    if "specialty" in given:
        specialty = given["specialty"].rpartition("|")[2]
        periods = periods.filter(department__specialty=specialty[:20])
    if "practitioner" in given:
        doctor = _id(given, "practitioner", "Practitioner")
        periods = periods.filter(clinician__practitioner=doctor)
    shown = periods.select_related("department", "organisation", "clinician__practitioner")
    found = [_proposed(period) for period in shown[:MOST]]
    audit.record(action="appointment.find", target=f"Appointment/{len(found)} found")
    entries = [{"resource": one, "search": {"mode": "match"}} for one in found]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(found)}
    return {**bundle, "entry": entries} if entries else bundle


def hold(actor: Actor, given: dict[str, Any]) -> Json:
    """The place of a proposed Appointment is kept; what the account held before goes back."""
    account = booker_of(actor)
    wanted = given.get("appt-resource")
    if wanted is None or wanted["resourceType"] != "Appointment":
        sentence = _("The parameter appt-resource holds the Appointment that $find proposed.")
        raise Invalid(sentence, path="Parameters.parameter")
    period_id = slot_of(wanted)
    held = services.hold(actor=account, patient=patient_of(account, wanted), period_id=period_id)
    return _kept(held)


def _kept(held: Appointment) -> Json:
    until = held.held_until or timezone.now()
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "hold", "valueId": str(held.pk)},
            {"name": "until", "valueInstant": until.isoformat()},
            {"name": "appointment", "resource": fhir.to_plain(held)},
        ],
    }


def _hold_again(actor: Actor, hold_id: str) -> Json:
    """As it stands now, over or not."""
    return _kept(get_booked_by(booker_of(actor), UUID(hold_id)))


def _book_again(actor: Actor, appointment_id: str) -> Json:
    return fhir.to_plain(get_booked_by(booker_of(actor), UUID(appointment_id)))


def book(actor: Actor, given: dict[str, Any]) -> Json:
    """What is held is booked; asking twice books once."""
    account = booker_of(actor)
    booked = services.confirm(
        actor=account,
        appointment_id=_id(given, "hold", "Appointment"),
        reason=str(given.get("reason", "")),
    )
    return fhir.to_plain(booked)


def _open_to(account: User, there: UUID | None) -> Any:
    """
    A desk finds times at its own hospital, everybody else anywhere. The system of an institution
    finds at its own like its desk, and at one that it names what is open to everybody.
    """
    own = account.organisation if account.role in CLERKS else None
    elsewhere = account.application_id and there and own and there != own.pk
    if elsewhere:
        own = None
    periods = open_periods(pools_of(account, own, None))
    periods = periods.filter(organisation=own) if own else periods
    return periods.filter(organisation=there) if there else periods


def _proposed(period: Period) -> Json:
    department = period.department
    where = {"actor": {"display": f"{period.organisation.name} {department.name}"}}
    practitioner = getattr(period.clinician, "practitioner", None)
    doctor = [{"actor": {"reference": f"Practitioner/{practitioner.pk}"}}] if practitioner else []
    specialty = {"system": fhir.SPECIALTIES, "code": department.specialty}
    return {
        "resourceType": "Appointment",
        "status": "proposed",
        "specialty": [{"coding": [specialty], "text": department.name}],
        "start": fhir.moment(period.starts_at),
        "end": fhir.moment(period.ends_at),
        "slot": [{"reference": f"Slot/{period.pk}"}],
        "participant": [{**one, "status": "needs-action"} for one in [*doctor, where]],
    }


def _moment(given: dict[str, Any], name: str) -> datetime:
    try:
        found = datetime.fromisoformat(given.get(name, ""))
    except ValueError:
        sentence = _("{name} is a date and time, such as {example}.")
        example = "2026-12-01T08:00:00+08:00"
        raise Invalid(sentence.format(name=name, example=example), path=name) from None
    return found if timezone.is_aware(found) else timezone.make_aware(found)


def _id(given: dict[str, Any], name: str, kind: str) -> UUID:
    """Of a reference, or alone."""
    try:
        return UUID(str(given.get(name, "")).removeprefix(f"{kind}/"))
    except ValueError:
        sentence = _("{name} is not an id of this server.").format(name=name)
        raise Invalid(sentence, path=name) from None


FIND = Operation(
    name="find",
    letter="s",
    safe=True,
    takes={
        "start": TEXT,
        "end": TEXT,
        "specialty": TEXT,
        "practitioner": REFERENCE,
        "organization": REFERENCE,
    },
    run=find,
    definition=f"{GUIDE}/appointment-find",
    documentation=(
        "Times that whose token it is may book, the soonest first, 50 at most: start and end"
        " (31 days apart at most), specialty, practitioner, organization; by GET or POST."
    ),
)
HOLD = Operation(
    name="hold",
    letter="c",
    takes={"appt-resource": RESOURCE},
    run=hold,
    subject=lambda answer: str(answer["parameter"][0]["valueId"]),
    again=_hold_again,
    definition=f"{GUIDE}/appointment-hold",
    documentation=(
        "appt-resource: a proposed Appointment with its slot and a patient who takes part. Answers"
        " Parameters: hold (its id), until, appointment. One hold an account, for a system"
        " one for each patient; with an Idempotency-Key made once."
    ),
)
BOOK = Operation(
    name="book",
    letter="c",
    takes={"hold": TEXT, "reason": TEXT},
    run=book,
    subject=lambda answer: str(answer["id"]),
    again=_book_again,
    definition=f"{GUIDE}/appointment-book",
    documentation="hold: the id that $hold gave; reason. Answers the Appointment.",
)
