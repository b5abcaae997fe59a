"""
A case as the world sees it (workflows.md 16): ServiceRequest, a Task for each offer, question,
receipt and outcome, and the Appointment of an agreed time. Finer states are extensions.
"""

from datetime import datetime
from typing import Any

from fhir.resources.R4B.annotation import Annotation
from fhir.resources.R4B.appointment import Appointment, AppointmentParticipant
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.extension import Extension
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.reference import Reference
from fhir.resources.R4B.servicerequest import ServiceRequest
from fhir.resources.R4B.task import Task

from consult.requests.models import (
    ENDED,
    HELD,
    OVER,
    UNANSWERED,
    Case,
    Kind,
    Meeting,
    Offer,
    Outcome,
    Question,
    Receipt,
    Status,
)
from telemed.core.publication import Mapping
from telemed.people.models import User

FHIR_STATUS = {
    Status.DRAFT: "revoked",  # sending was taken back
    **dict.fromkeys((*UNANSWERED, *HELD), "active"),
    **dict.fromkeys((Status.SIGNED, Status.RECEIPTED, *OVER), "completed"),
    **dict.fromkeys(ENDED, "revoked"),
}
PRIORITY = {Kind.EMERGENCY: "stat"}
NUMBERS = "urn:telemed:case-number"
SPECIALTIES = "urn:telemed:specialty"
STATE = "urn:telemed:case-state"
TASKS = "urn:telemed:task"

OFFER_STATUS = {
    Offer.Status.OFFERED: "requested",
    Offer.Status.SEEN: "received",
    Offer.Status.ACCEPTED: "accepted",
    Offer.Status.DECLINED: "rejected",
    Offer.Status.DONE: "completed",
    **dict.fromkeys(
        (
            *(Offer.Status.WITHDRAWN, Offer.Status.RETURNED),
            *(Offer.Status.HANDED_OVER, Offer.Status.LAPSED),
        ),
        "cancelled",
    ),
}
QUESTION_STATUS = {
    Question.Status.OPEN: "requested",
    Question.Status.ANSWERED: "completed",
    Question.Status.WITHDRAWN: "cancelled",
    Question.Status.LAPSED: "failed",
}
MEETING_STATUS = {
    Meeting.Status.PROPOSED: "pending",
    Meeting.Status.BOOKED: "booked",
    Meeting.Status.MISSED: "noshow",
    Meeting.Status.MET: "fulfilled",
    Meeting.Status.DROPPED: "cancelled",
}


def to_fhir(case: Case) -> ServiceRequest:
    performers = [Reference(reference=f"Organization/{case.asked_id}")]
    if case.holder:
        performers += [doctor(person) for person in (case.holder, *case.experts)]
    elif case.wanted_doctor:
        performers.append(doctor(case.wanted_doctor))
    return ServiceRequest(
        id=str(case.pk),
        extension=[Extension(url=STATE, valueCode=case.status)],
        identifier=[Identifier(system=NUMBERS, value=case.number)],
        status=_status(case),
        intent="order",
        replaces=[Reference(reference=f"ServiceRequest/{case.replaces_id}")]
        if case.replaces_id
        else None,
        priority=PRIORITY.get(Kind(case.kind), "routine"),
        category=[CodeableConcept(text=str(case.get_kind_display()))],
        code=CodeableConcept(text=case.aim or case.reason),
        subject=Reference(reference=f"Patient/{case.patient.fhir_id}"),
        requester=doctor(case.requester),
        performer=performers,
        performerType=CodeableConcept(coding=[Coding(system=SPECIALTIES, code=case.specialty)])
        if case.specialty
        else None,
        reasonCode=[CodeableConcept(text=case.reason)] if case.reason else None,
        note=[Annotation(text=case.summary)] if case.summary else None,
    )


def _status(case: Case) -> str:
    status = FHIR_STATUS[Status(case.status)]
    waits = status == "active" and case.questions.filter(status=Question.Status.OPEN).exists()
    return "on-hold" if waits else status


def doctor(user: User) -> Reference:
    """A clinician by the resource of their licence; by name alone where none is on file."""
    practitioner = getattr(user, "practitioner", None)
    reference = f"Practitioner/{practitioner.pk}" if practitioner else None
    return Reference(reference=reference, display=user.name)


def task(
    case: Case,
    *,
    pk: object,
    kind: str,
    status: str,
    state: str,
    owner: User | None,
    at: datetime,
    reason: str = "",
) -> Task:
    """What somebody has to do about a case. Its text is never a finding."""
    about: dict[str, Any] = {"for": Reference(reference=f"Patient/{case.patient.fhir_id}")}
    return Task(
        id=str(pk),
        status=status,
        businessStatus=CodeableConcept(text=state),
        statusReason=CodeableConcept(text=reason) if reason else None,
        intent="order",
        code=CodeableConcept(coding=[Coding(system=TASKS, code=kind)]),
        focus=Reference(reference=f"ServiceRequest/{case.pk}"),
        **about,
        authoredOn=at,
        owner=doctor(owner) if owner else None,
    )


def offer_task(offer: Offer) -> Task:
    waits = offer.case.questions.filter(status=Question.Status.OPEN).exists()
    status = OFFER_STATUS[Offer.Status(offer.status)]
    if status == "accepted" and offer.case.status == Status.IN_PROGRESS:
        status = "in-progress"
    return task(
        offer.case,
        pk=offer.pk,
        kind="offer",
        status="on-hold" if waits and offer.status in Offer.LIVE else status,
        state=offer.status,
        owner=offer.doctor,
        at=offer.created_at,
        reason=offer.decline_text or offer.decline_code,
    )


def question_task(question: Question) -> Task:
    return task(
        question.case,
        pk=question.pk,
        kind="question",
        status=QUESTION_STATUS[Question.Status(question.status)],
        state="not_available" if question.not_available else question.status,
        owner=question.case.requester,
        at=question.created_at,
    )


def receipt_task(receipt: Receipt) -> Task:
    return task(
        receipt.case,
        pk=receipt.pk,
        kind="receipt",
        status="cancelled" if receipt.is_superseded else "completed",
        state=receipt.decision,
        owner=receipt.given_by,
        at=receipt.created_at,
    )


def outcome_task(outcome: Outcome) -> Task:
    lapsed = outcome.result == Outcome.Result.UNKNOWN
    return task(
        outcome.case,
        pk=outcome.pk,
        kind=f"outcome-{outcome.day}",
        status="failed" if lapsed else "completed",
        state=outcome.result,
        owner=outcome.recorded_by or outcome.case.requester,
        at=outcome.created_at,
    )


def appointment(meeting: Meeting) -> Appointment:
    case = meeting.case
    agreed = "accepted" if meeting.agreed_by_id else "needs-action"
    people = [person for person in (case.requester, case.holder) if person]
    if case.is_joint:
        invited = case.offers.filter(status__in=(*Offer.LIVE, Offer.Status.DONE))
        doctors = invited.select_related("doctor__practitioner").order_by("pk")
        people = [case.requester, *(offer.doctor for offer in doctors)]
    patient = Reference(reference=f"Patient/{case.patient.fhir_id}")
    return Appointment(
        id=str(meeting.pk),
        status=MEETING_STATUS[Meeting.Status(meeting.status)],
        start=meeting.starts_at,
        end=meeting.ends_at,
        basedOn=[Reference(reference=f"ServiceRequest/{case.pk}")],
        participant=[
            AppointmentParticipant(actor=patient, status="accepted"),
            *(AppointmentParticipant(actor=doctor(person), status=agreed) for person in people),
        ],
    )


CASE = Mapping(model=Case, resource_type="ServiceRequest", build=to_fhir)
MAPPINGS = (
    CASE,
    Mapping(model=Offer, resource_type="Task", build=offer_task),
    Mapping(model=Question, resource_type="Task", build=question_task),
    Mapping(model=Receipt, resource_type="Task", build=receipt_task),
    Mapping(model=Outcome, resource_type="Task", build=outcome_task),
    Mapping(model=Meeting, resource_type="Appointment", build=appointment),
)
