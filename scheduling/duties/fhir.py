"""
Duties as the world sees them (workflows.md 16): a Task each, a CarePlan a contract; what was
entered as a QuestionnaireResponse, what was measured as Observations.
"""

from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from fhir.resources.R4B.careplan import CarePlan
from fhir.resources.R4B.condition import Condition
from fhir.resources.R4B.observation import Observation
from fhir.resources.R4B.questionnaireresponse import QuestionnaireResponse
from fhir.resources.R4B.task import Task

from scheduling.duties import parts
from scheduling.duties.items import Entries, Item
from scheduling.duties.models import Code, Duty, Form, Kind, Plan, Proposal, Reading, Status, Visit
from scheduling.registration.models import Contract, Group, Team
from scheduling.registration.models import Status as ContractStatus
from telemed.core.publication import Json, Mapping

STATUS = {
    Status.PLANNED: "requested",
    Status.DUE: "ready",
    Status.DONE: "in-progress",
    Status.CONFIRMED: "completed",
    Status.UNCONFIRMED: "completed",
    Status.DISPUTED: "on-hold",
    Status.MISSED: "failed",
    Status.WAIVED: "cancelled",
}
CARE_PLAN = {ContractStatus.LAPSED: "completed", ContractStatus.ENDED: "revoked"}
LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"
CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
CLINICAL = "http://terminology.hl7.org/CodeSystem/condition-clinical"
VERIFICATION = "http://terminology.hl7.org/CodeSystem/condition-ver-status"
CONDITION = "http://terminology.hl7.org/CodeSystem/condition-category"
ICD10 = "http://hl7.org/fhir/sid/icd-10"
DIAGNOSES = {Group.HYPERTENSION: ("I10", gettext_lazy("High blood pressure"))}
BLOOD_PRESSURE, SYSTOLIC, DIASTOLIC = "85354-9", "8480-6", "8462-4"
FASTING_GLUCOSE = "14771-0"  # in serum or plasma, in mmol/L
ITEMS = "urn:telemed:duty-item"  # words of the parts of a form
TASKS, RULES, MODES = "urn:telemed:task", "urn:telemed:duty", "urn:telemed:duty-mode"
QUESTIONNAIRES = "urn:telemed:questionnaire"  # one for each form of the norm: …:hypertension
# What a Task is made of, for whoever loads many: only()
OF_A_DUTY = (
    *("contract", "rule", "service", "status", "due_on", "created_at", "mode"),
    *("waived_because", "warned_at"),
)
OF_A_CONTRACT = ("team", "plan__id", "patient__fhir_id")


def with_tasks(duties: QuerySet[Duty]) -> QuerySet[Duty]:
    """
    Of each only what its Task says, and of their contracts and teams one object each: a first
    night makes a million.
    """
    contracts = Contract.objects.select_related("plan", "patient").only(*OF_A_CONTRACT)
    return duties.only(*OF_A_DUTY).prefetch_related(
        Prefetch("contract", contracts),
        Prefetch("contract__team", Team.objects.only("organisation")),
    )


def plain_duty(duty: Duty) -> Json:
    """Its text is never a finding."""
    contract = duty.contract
    resource: Json = {
        "resourceType": "Task",
        "id": str(duty.pk),
        "status": "on-hold" if duty.is_warned else STATUS[Status(duty.status)],
        "businessStatus": {"text": "warned" if duty.is_warned else duty.status},
        "intent": "order",
        "code": {
            "coding": [
                {"system": TASKS, "code": "duty"},
                {"system": RULES, "code": duty.rule},
            ],
            "text": duty.service or str(Code(duty.rule).label),
        },
        "focus": {"reference": f"CarePlan/{contract.plan.pk}"},
        "for": {"reference": f"Patient/{contract.patient.fhir_id}"},
        "authoredOn": duty.created_at.isoformat(),
        "executionPeriod": {"end": duty.due_on.isoformat()},
        "owner": {"reference": f"Organization/{contract.team.organisation_id}"},
    }
    if duty.waived_because:
        resource["statusReason"] = {"text": duty.waived_because}
    if duty.mode:
        resource["performerType"] = [{"coding": [{"system": MODES, "code": duty.mode}]}]
    if duty.mode or duty.warned_at:  # a form was filled in; both are read for many at once
        resource["output"] = [
            {
                "type": _coded(TASKS, "form"),
                "valueReference": {"reference": f"QuestionnaireResponse/{duty.form_id}"},
            }
        ]
    return resource


def plain_form(form: Form) -> Json:
    """Kept under a warning it is in progress; what was struck stays, as an error."""
    status = "completed" if form.mode else "in-progress"
    return _response(
        form,
        of=form,
        status="entered-in-error" if form.struck else status,
        authored=form.served_at or form.warned_at,
        refusal=form.refusal,
    )


def plain_visit(visit: Visit) -> Json:
    """Of the same form, beside the one that counts."""
    return _response(visit, of=visit.duty, status="completed", authored=visit.served_at)


def _response(
    row: Form | Visit, *, of: Duty, status: str, authored: datetime | None, refusal: str = ""
) -> Json:
    contract = of.contract
    resource: Json = {
        "resourceType": "QuestionnaireResponse",
        "id": str(row.pk),
        "basedOn": [{"reference": f"CarePlan/{contract.plan.pk}"}],
        "questionnaire": f"{QUESTIONNAIRES}:{of.rule}",
        "status": status,
        "subject": {"reference": f"Patient/{contract.patient.fhir_id}"},
        "author": {"reference": f"Organization/{contract.team.organisation_id}"},
        "item": list(_items(row, refusal)),
    }
    if authored:
        resource["authored"] = authored.isoformat()
    return resource


def _items(row: Form | Visit, refusal: str) -> Iterator[Json]:
    """What was entered; what was left empty is no item."""
    if row.mode:
        answer = {"valueCoding": {"system": MODES, "code": row.mode}}
        yield _item("mode", _("How it was done"), answer)
    for name, label, value, unit in (
        ("systolic", _("Systolic"), row.systolic, "mm[Hg]"),
        ("diastolic", _("Diastolic"), row.diastolic, "mm[Hg]"),
        ("glucose", _("Fasting glucose"), row.glucose, "mmol/L"),
    ):
        if value is not None:
            yield _item(name, label, {"valueQuantity": _quantity(value, unit)})
    yield from _entered(row.entries)
    yield _item("signs", _("Warning signs, or a relapse"), {"valueBoolean": row.signs})
    for name, label, text in (
        ("note", _("Note"), row.note),
        ("refusal", _("Referral refused"), refusal),
    ):
        if text:
            yield _item(name, label, {"valueString": text})


def _entered(entries: Entries) -> Iterator[Json]:
    """By the names of the form's fields; a part that was not done says why."""
    for part in parts.PARTS:
        for item in part.items:
            if value := entries.get(item.field):
                yield _item(item.field, str(item.name), _answer(item, value))
        if part.sums and part.items[0].field in entries:
            score = {"valueInteger": part.score(entries)}
            yield _item(f"{part.key}_sum", _("Sum"), score)
        if why := entries.get(part.field):
            label = _("{part}: not done").format(part=part.name)
            answer = {"valueCoding": {"system": ITEMS, "code": why, "display": _why(why)}}
            yield _item(part.field, label, answer)


def _answer(item: Item, value: str) -> Json:
    chosen = item.choice(value)
    if chosen:
        coding = {"system": ITEMS, "code": chosen.value, "display": str(chosen.label)}
        return {"valueCoding": coding}
    return {"valueQuantity": _quantity(Decimal(value), item.ucum)}


def _why(why: str) -> str:
    return str(parts.WHY_WORDS.get(why, why))


def _item(name: str, label: str, answer: Json) -> Json:
    return {"linkId": name, "text": label, "answer": [answer]}


def plain_plan(plan: Plan) -> Json:
    contract = plan.contract
    resource: Json = {
        "resourceType": "CarePlan",
        "id": str(plan.pk),
        "status": _care_plan(contract),
        "intent": "plan",
        "subject": {"reference": f"Patient/{contract.patient.fhir_id}"},
        "author": {"reference": f"Organization/{contract.team.organisation_id}"},
        "careTeam": [{"reference": f"CareTeam/{contract.assignment.pk}"}],
    }
    if period := _days(contract.starts_on, contract.last_day):
        resource["period"] = period
    return resource


def plain_reading(reading: Reading) -> Json:
    contract = reading.duty.contract
    resource: Json = {
        "resourceType": "Observation",
        "id": str(reading.pk),
        "status": "entered-in-error" if reading.struck else "final",
        "subject": {"reference": f"Patient/{contract.patient.fhir_id}"},
        "effectiveDateTime": reading.taken_at.isoformat(),
        "performer": [{"reference": f"Organization/{contract.team.organisation_id}"}],
    }
    if reading.kind == Kind.PRESSURE:
        parts = ((SYSTOLIC, reading.systolic), (DIASTOLIC, reading.diastolic))
        return resource | {
            "category": [_coded(CATEGORY, "vital-signs")],
            "code": _coded(LOINC, BLOOD_PRESSURE),
            "component": [
                {"code": _coded(LOINC, code), "valueQuantity": _quantity(value, "mm[Hg]")}
                for code, value in parts
            ],
        }
    if reading.kind == Kind.GLUCOSE:
        return resource | {
            "category": [_coded(CATEGORY, "laboratory")],
            "code": _coded(LOINC, FASTING_GLUCOSE),
            "valueQuantity": _quantity(reading.glucose, "mmol/L"),
        }
    return resource | _read_item(reading)


def _read_item(reading: Reading) -> Json:
    """A value of one of the parts; of a score its sum."""
    item = parts.BY_ITEM.get(reading.kind)
    if item is None:
        part = parts.BY_KEY[reading.kind.removesuffix("_sum")]
        code = _coded(ITEMS, reading.kind) | {"text": str(part.name)}
        category = [_coded(CATEGORY, part.category)]
        score = {"valueInteger": int(reading.value or 0)}
        return {"category": category, "code": code, **score}
    found: Json = {
        "category": [_coded(CATEGORY, parts.CATEGORIES[item.key])],
        "code": _coded(LOINC, item.loinc) | {"text": str(item.name)},
    }
    if chosen := item.choice(reading.word):
        value = _coded(ITEMS, chosen.value) | {"text": str(chosen.label)}
        return found | {"valueCodeableConcept": value}
    return found | {"valueQuantity": _quantity(reading.value, item.ucum)}


def _coded(system: str, code: str) -> Json:
    return {"coding": [{"system": system, "code": code}]}


def _quantity(value: Decimal | int | None, unit: str) -> Json:
    return {"value": value, "unit": unit, "system": UCUM, "code": unit}


def _care_plan(contract: Contract) -> str:
    if contract.status == ContractStatus.RENEWED and not contract.is_in_care:
        return "completed"
    return CARE_PLAN.get(ContractStatus(contract.status), "active")


def _days(first: date | None, last: date | None) -> Any:
    both = {"start": first, "end": last}
    return {key: day.isoformat() for key, day in both.items() if day}


def plain_diagnosis(proposal: Proposal) -> Json:
    """Only of what a doctor has confirmed."""
    code, text = DIAGNOSES[Group(proposal.group)]
    answered = proposal.answered_at
    return {
        "resourceType": "Condition",
        "id": str(proposal.pk),
        "clinicalStatus": _coded(CLINICAL, "active"),
        "verificationStatus": _coded(VERIFICATION, "confirmed"),
        "category": [_coded(CONDITION, "problem-list-item")],
        "code": _coded(ICD10, code) | {"text": str(text)},
        "subject": {"reference": f"Patient/{proposal.contract.patient.fhir_id}"},
        "recordedDate": answered.isoformat() if answered else None,
    }


MAPPINGS = (
    Mapping(
        model=Proposal,
        resource_type="Condition",
        build=lambda proposal: Condition.model_validate(plain_diagnosis(proposal)),
    ),
    Mapping(
        model=Form,
        resource_type="QuestionnaireResponse",
        build=lambda form: QuestionnaireResponse.model_validate(plain_form(form)),
        plain=plain_form,
    ),
    Mapping(
        model=Visit,
        resource_type="QuestionnaireResponse",
        build=lambda visit: QuestionnaireResponse.model_validate(plain_visit(visit)),
        plain=plain_visit,
    ),
    Mapping(
        model=Reading,
        resource_type="Observation",
        build=lambda reading: Observation.model_validate(plain_reading(reading)),
    ),
    Mapping(
        model=Duty,
        resource_type="Task",
        build=lambda duty: Task.model_validate(plain_duty(duty)),
        plain=plain_duty,
    ),
    Mapping(
        model=Plan,
        resource_type="CarePlan",
        build=lambda plan: CarePlan.model_validate(plain_plan(plan)),
        plain=plain_plan,
    ),
)
