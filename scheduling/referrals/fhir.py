"""
A referral as the world sees it (workflows.md 16): ServiceRequest, a Task for each round, the
Encounter at the hospital and the CarePlan that comes back.
"""

from datetime import datetime
from typing import Any

from fhir.resources.R4B.annotation import Annotation
from fhir.resources.R4B.careplan import CarePlan, CarePlanActivity, CarePlanActivityDetail
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.encounter import Encounter, EncounterParticipant
from fhir.resources.R4B.extension import Extension
from fhir.resources.R4B.identifier import Identifier
from fhir.resources.R4B.period import Period
from fhir.resources.R4B.reference import Reference
from fhir.resources.R4B.servicerequest import ServiceRequest
from fhir.resources.R4B.task import Task

from scheduling.referrals.models import (
    LIVE,
    AfterCare,
    PlanItem,
    Question,
    Referral,
    Round,
    Status,
    Stay,
)
from telemed.core.publication import Mapping
from telemed.people.models import User

REQUEST_STATUS = {
    **dict.fromkeys((*LIVE, Status.DECLINED, Status.NOT_ARRIVED, Status.HANDED_BACK), "active"),
    Status.CLOSED: "completed",
    **dict.fromkeys((Status.CANCELLED, Status.EXPIRED), "revoked"),
}
# Of the round that was accepted, by what became of the patient.
ACCEPTED = {
    Status.ACCEPTED: "accepted",
    **dict.fromkeys((Status.ARRIVED, Status.IN_CARE), "in-progress"),
    Status.NOT_ARRIVED: "failed",
    **dict.fromkeys((Status.HANDED_BACK, Status.CLOSED), "completed"),
    Status.CANCELLED: "cancelled",
}
ROUND_STATUS = {
    Round.Status.ASKED: "requested",
    Round.Status.DECLINED: "rejected",
    **dict.fromkeys((Round.Status.WITHDRAWN, Round.Status.LAPSED), "cancelled"),
}
STAY = {Status.ARRIVED: "arrived", Status.IN_CARE: "in-progress"}
CLASSES = "http://terminology.hl7.org/CodeSystem/v3-ActCode"
NUMBERS, STATE = "urn:telemed:referral-number", "urn:telemed:referral-state"
DIRECTIONS = "urn:telemed:referral-direction"
SPECIALTIES, TASKS = "urn:telemed:specialty", "urn:telemed:task"


def to_fhir(referral: Referral) -> ServiceRequest:
    department = referral.department
    return ServiceRequest(
        id=str(referral.pk),
        extension=[Extension(url=STATE, valueCode=referral.status)],
        identifier=[Identifier(system=NUMBERS, value=referral.number)],
        basedOn=[Reference(reference=f"ServiceRequest/{referral.from_case}")]
        if referral.from_case
        else None,
        status=REQUEST_STATUS[Status(referral.status)],
        intent="order",
        priority="stat" if referral.is_green else referral.urgency,
        category=[_category(referral)],
        code=CodeableConcept(text=department.name),
        subject=Reference(reference=f"Patient/{referral.patient.fhir_id}"),
        authoredOn=referral.created_at,
        requester=_doctor(referral.sender),
        performer=[Reference(reference=f"Organization/{referral.organisation_id}")],
        performerType=CodeableConcept(
            coding=[Coding(system=SPECIALTIES, code=department.specialty)]
        ),
        reasonCode=[CodeableConcept(text=referral.reason)],
        note=[Annotation(text=referral.summary)] if referral.summary else None,
    )


def round_task(one: Round) -> Task:
    """What a department has to do about a referral. Its text is never a finding."""
    referral = one.referral
    about: dict[str, Any] = {"for": Reference(reference=f"Patient/{referral.patient.fhir_id}")}
    return Task(
        id=str(one.pk),
        status=_status(one),
        businessStatus=CodeableConcept(
            text=referral.status if one.status == Round.Status.ACCEPTED else one.status
        ),
        statusReason=CodeableConcept(text=one.reason) if one.reason else None,
        intent="order",
        code=CodeableConcept(coding=[Coding(system=TASKS, code="referral")]),
        focus=Reference(reference=f"ServiceRequest/{referral.pk}"),
        **about,
        authoredOn=one.created_at,
        owner=Reference(reference=f"Organization/{one.organisation_id}"),
    )


def stay_to_fhir(stay: Stay) -> Encounter:
    """The time at the hospital. Its text is never a finding."""
    referral = stay.referral
    code, display = _class(referral)
    return Encounter.model_validate(
        {
            "id": str(stay.pk),
            "status": STAY.get(Status(referral.status), "finished"),
            "class": Coding(system=CLASSES, code=code, display=display),
            "identifier": [Identifier(system=NUMBERS, value=referral.number)],
            "subject": Reference(reference=f"Patient/{referral.patient.fhir_id}"),
            "basedOn": [Reference(reference=f"ServiceRequest/{referral.pk}")],
            "participant": [EncounterParticipant(individual=_doctor(referral.doctor))]
            if referral.doctor
            else None,
            "period": Period(start=referral.arrived_at, end=_left_at(referral)),
            "serviceProvider": Reference(
                reference=f"Organization/{referral.organisation_id}",
                display=referral.organisation.name,
            ),
        }
    )


def after_care_to_fhir(after: AfterCare) -> CarePlan:
    """A draft until the sending side takes it over, then active until everything is done."""
    referral = after.referral
    items = list(referral.plan.order_by("due_on", "pk"))
    return CarePlan(
        id=str(after.pk),
        identifier=[Identifier(system=NUMBERS, value=referral.number)],
        status=_plan_status(referral, items),
        intent="plan",
        title="After the hospital",
        subject=Reference(reference=f"Patient/{referral.patient.fhir_id}"),
        created=referral.written_at,
        author=Reference(reference=f"Organization/{referral.hospital.pk}"),
        contributor=[Reference(reference=f"Organization/{referral.home.pk}")],
        supportingInfo=[Reference(reference=f"ServiceRequest/{referral.pk}")],
        activity=[
            CarePlanActivity(
                detail=CarePlanActivityDetail(
                    status="completed" if item.done_at else "scheduled",
                    description=item.what,
                    scheduledPeriod=Period.model_validate({"end": item.due_on}),
                    performer=[Reference(reference=f"Organization/{referral.home.pk}")],
                )
            )
            for item in items
        ],
    )


def _category(referral: Referral) -> CodeableConcept:
    """Of one that leads down, what for."""
    if not referral.is_down:
        return CodeableConcept(text="Referral")
    down = Coding(system=DIRECTIONS, code="down", display=referral.purpose)
    return CodeableConcept(text="Referral", coding=[down])


def _left_at(referral: Referral) -> datetime | None:
    """When the time at the hospital, or the taking on at the clinic, was over."""
    back = referral.discharged_at or referral.handed_back_at
    return referral.ended_at if referral.is_down else back


def _class(referral: Referral) -> tuple[str, str]:
    if referral.is_green:
        return "EMER", "emergency"
    outside = referral.appointment_id or referral.is_down
    return ("AMB", "ambulatory") if outside else ("IMP", "inpatient encounter")


def _plan_status(referral: Referral, items: list[PlanItem]) -> str:
    if referral.status != Status.CLOSED:
        return "draft"
    return "completed" if all(item.done_at for item in items) else "active"


def _status(one: Round) -> str:
    if one.status == Round.Status.ACCEPTED:
        return ACCEPTED[Status(one.referral.status)]
    asked = one.status == Round.Status.ASKED
    if asked and one.referral.questions.filter(status=Question.Status.OPEN).exists():
        return "on-hold"
    return ROUND_STATUS[Round.Status(one.status)]


def _doctor(user: User) -> Reference:
    """A clinician by the resource of their licence; by name alone where none is on file."""
    practitioner = getattr(user, "practitioner", None)
    reference = f"Practitioner/{practitioner.pk}" if practitioner else None
    return Reference(reference=reference, display=user.name)


MAPPINGS = (
    Mapping(model=Referral, resource_type="ServiceRequest", build=to_fhir),
    Mapping(model=Round, resource_type="Task", build=round_task),
    Mapping(model=Stay, resource_type="Encounter", build=stay_to_fhir),
    Mapping(model=AfterCare, resource_type="CarePlan", build=after_care_to_fhir),
)
