"""Messages about a referral: staff and institutions by name, the patient never."""

from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from records.mpi.reaching import audience_of
from scheduling.referrals.models import Referral
from scheduling.referrals.policies import ACCEPT, PROMISE, Whom
from scheduling.referrals.queries import asked_rounds, family_doctor
from telemed.core.intentions import require_intention
from telemed.core.models import Clock, ClockState
from telemed.notifications.queries import has_callers
from telemed.notifications.services import notify, notify_person
from telemed.organisations.models import Department, Division, Organisation
from telemed.people.models import PractitionerRole, Role, User
from telemed.rota.reaching import (
    authority_coordinators,
    coordinators_of,
    directors_of,
    people_of,
    prefecture_coordinators,
)


def tell(
    *, referral: Referral, recipient: User, template: str, turn: int | None = None, **facts: Any
) -> None:
    """
    Put a message about this referral in somebody's inbox, once for each `turn`.

    Without one, what stands for a turn is how many steps the referral has taken.
    """
    actor = require_intention().actor
    until = _promised_by(referral)
    said = {
        "no": referral.number,
        "org": referral.sending.name,
        "phone": referral.sending.phone,
        "time": f"{timezone.localtime(until):%m-%d %H:%M}" if until else "",
        **facts,
    }
    notify(
        recipient=recipient,
        template=template,
        about=referral.pk,
        url=f"/referrals/{referral.pk}/",
        turn=referral.steps.count() if turn is None else turn,
        pressing=referral.is_urgent,
        desk=actor.organisation_id or referral.organisation_id,
        **said,
    )


def tell_patient(*, referral: Referral, template: str, **facts: Any) -> None:
    """
    Their own account, else their guardians'; who has none is told by their number, and phoned by
    the side that sends where it has a phone list.
    """
    told = audience_of(referral.patient)
    for account in told.accounts:
        tell(referral=referral, recipient=account, template=template, **facts)
    if told.person is None:
        return
    sends = has_callers(referral.sending_id)
    notify_person(
        person_id=told.person,
        template=template,
        about=referral.pk,
        turn=referral.steps.count(),
        pressing=referral.is_urgent,
        desk=referral.sending_id if sends else referral.organisation_id,
        **{"no": referral.number, "org": referral.sending.name, **facts},
    )


def takers_of(referral: Referral) -> list[User]:
    """Who may take over a plan that came back: who sent, and the family doctor."""
    people = [*senders_of(referral), *audience(referral, Whom.FAMILY_DOCTOR)]
    return list({one.pk: one for one in people}.values())


def tell_hospital(
    *, referral: Referral, hospital: Organisation, template: str, **facts: Any
) -> None:
    """Its coordinators; where it has none, who directs."""
    people = list(coordinators_of(hospital)) or directors_of(hospital)
    for person in people:
        tell(referral=referral, recipient=person, template=template, **facts)


def tell_sender(*, referral: Referral, template: str, **facts: Any) -> None:
    for person in senders_of(referral):
        tell(referral=referral, recipient=person, template=template, **facts)


def senders_of(referral: Referral) -> list[User]:
    """
    Who sent it, or keeps it since; where that account is closed, the coordinators there, else who
    directs, else each doctor of the clinic.
    """
    if referral.keeper.is_active:
        return [referral.keeper]
    here = referral.sending
    people = list(coordinators_of(here)) or directors_of(here)
    return people or list(people_of(here, Role.TOWNSHIP_DOCTOR))


def doctors_of(department: Department) -> list[User]:
    """Who works as a specialist in that department now; of a clinic each of its doctors."""
    theirs = Q(department=department, role=Role.SPECIALIST)
    theirs |= Q(organisation=department.organisation_id, role=Role.TOWNSHIP_DOCTOR)
    roles = PractitionerRole.objects.filter(theirs, ends_on=None, user__is_active=True)
    return list(User.objects.filter(pk__in=roles.values("user")).order_by("pk"))


def _promised_by(referral: Referral) -> datetime | None:
    """When the first answer is due; once it is over, when the next step is taken."""
    running = Clock.objects.filter(
        about=referral.pk, kind=ACCEPT, state=ClockState.RUNNING, rung__gte=PROMISE
    )
    return running.order_by("due_at").values_list("due_at", flat=True).first()


def _asked(referral: Referral) -> list[User]:
    """Who answers for those that were asked: coordinators, at a clinic its doctors."""
    asked = asked_rounds(referral)
    if referral.is_down:
        return [one for each in asked for one in doctors_of(each.department)]
    return [one for each in asked for one in coordinators_of(each.organisation)]


def audience(referral: Referral, whom: Whom) -> list[User]:
    """The people behind one word of a ladder; nobody where the institution has none."""
    hospital = referral.organisation
    match whom:
        case Whom.SENDER:
            return senders_of(referral)
        case Whom.COORDINATOR_Q:
            return list(coordinators_of(referral.sending))
        case Whom.FAMILY_DOCTOR:
            doctor = family_doctor(referral.patient)
            return [doctor] if doctor else []
        case Whom.ASKED:
            return _asked(referral)
        case Whom.DOCTOR_A:
            there = [referral.doctor] if referral.doctor else doctors_of(referral.department)
            return there or list(coordinators_of(hospital))
        case Whom.DIRECTOR_A:
            return directors_of(hospital)
        case Whom.HEAD_A | Whom.MEDICAL_OFFICE_A:
            role = Role.HEAD if whom == Whom.HEAD_A else Role.MEDICAL_OFFICE
            return list(people_of(hospital, role))
        case Whom.COUNTY:
            return list(authority_coordinators(hospital, Division.Level.COUNTY))
        case Whom.PREFECTURE:
            return list(prefecture_coordinators(hospital))
