"""
Patient/$match: who of the index may be the person described (OperationDefinition Patient-match).

It looks through everybody, so it is a right of its own. Whom the caller may not read comes with
no more than what tells people at a desk that they mean the same person.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from records.consent import access
from records.fhir import queries, text, walker
from records.fhir.callers import Caller, Kind
from records.fhir.store.rows import Unfit
from records.mpi import matching
from records.mpi.fhir import RENDERED
from records.mpi.models import Patient
from records.mpi.receiving import facts_of
from telemed.audit import services as audit
from telemed.core.errors import Forbidden, Invalid, Malformed
from telemed.core.intentions import Actor, require_intention
from telemed.people.models import User

GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
USUAL, MOST = 10, 50
FULL_SCORE = 100
MAY = frozenset({Kind.SYSTEM, Kind.APPLICATION, Kind.CLINICIAN})


@dataclass(frozen=True)
class Asked:
    """The parameters of the operation."""

    person: dict[str, Any]
    only_certain: bool = False
    count: int = USUAL


def require_right(caller: Caller) -> None:
    if caller.kind not in MAY or not caller.may("Patient", "m"):
        said = _("Looking for people through the whole index is a right of its own.")
        raise Forbidden(said, path="Patient/$match")


def read(raw: bytes) -> Asked:
    """Raises Malformed, Unfit or Invalid that says which parameter is wrong."""
    resource = text.decode(raw)
    issues, _found = walker.check(resource)
    if issues:
        raise Unfit(issues)
    if resource["resourceType"] != "Parameters":
        raise Malformed(_("Send a Parameters resource."), path="resourceType")
    given: dict[str, Any] = {}
    for number, parameter in enumerate(resource.get("parameter", ())):
        name, path = parameter["name"], f"Parameters.parameter[{number}]"
        if name not in VALUES:
            said = _("$match has no parameter {name}.").format(name=name[:80])
            raise Invalid(said, path=path)
        if name in given or VALUES[name] not in parameter:
            said = _("{name} comes once, as {type}.")
            raise Invalid(said.format(name=name, type=VALUES[name]), path=path)
        given[name] = parameter[VALUES[name]]
    person = given.get("resource")
    if person is None or person["resourceType"] != "Patient":
        said = _("The parameter resource holds the Patient who is looked for.")
        raise Invalid(said, path="Parameters.parameter")
    count = given.get("count", USUAL)
    if not 1 <= count <= MOST:
        raise Invalid(_("count is from 1 to {n}.").format(n=MOST), path="Parameters.parameter")
    return Asked(person, given.get("onlyCertainMatches", False), count)


VALUES = {"resource": "resource", "onlyCertainMatches": "valueBoolean", "count": "valueInteger"}


def match(*, caller: Caller, actor: Actor, asked: Asked, base: str) -> bytes:
    """A searchset of who may be meant, the likeliest first; each of them leaves a trace."""
    require_intention()
    require_right(caller)
    facts = facts_of(asked.person)
    named = facts.pinyin and facts.birth_date
    if not (facts.id_card_hash or facts.health_card_hash or facts.phone or named):
        said = _("Give an ID or health card number, a phone, or a name with the birth date.")
        raise Invalid(said, path="Parameters.parameter")
    found = matching.find_matches(facts)
    if asked.only_certain:
        found = [c for c in found if c.grade == matching.Grade.CERTAIN]
    chosen = found[: asked.count]
    for candidate in chosen:
        audit.record(
            action="fhir.match",
            target=f"Patient/{candidate.patient.fhir_id}",
            patient_id=candidate.patient.pk,
            reason=str(candidate.grade),
        )
    if not chosen:
        audit.record(action="fhir.match", target="Patient/0 found")
    entries = [_entry(caller, actor, candidate, base) for candidate in chosen]
    return b'{"resourceType":"Bundle","type":"searchset","total":%d%s}' % (
        len(chosen),
        b',"entry":[%s]' % b",".join(entries) if entries else b"",
    )


def _entry(caller: Caller, actor: Actor, candidate: matching.Candidate, base: str) -> bytes:
    patient = candidate.patient
    seen = caller.may("Patient", "r") and _may_read(caller, actor, patient)
    body = queries.read("Patient", patient.fhir_id) if seen else None
    score = max(0, min(candidate.score, FULL_SCORE)) / FULL_SCORE
    search = {
        "extension": [{"url": GRADE, "valueCode": str(candidate.grade)}],
        "mode": "match",
        "score": score,
    }
    return b'{"fullUrl":%s,"resource":%s,"search":%s}' % (
        text.encode(f"{base}/Patient/{patient.fhir_id}"),
        body or text.encode(_masked(patient)),
        text.encode(search),
    )


def _may_read(caller: Caller, actor: Actor, patient: Patient) -> bool:
    if caller.kind == Kind.CLINICIAN:
        return isinstance(actor, User) and access.decide(actor, "read", patient).allowed
    return True


def _masked(patient: Patient) -> dict[str, Any]:
    """What a registration desk sees of somebody whom it may not read."""
    shown = {"extension": [{"url": RENDERED, "valueString": patient.number_shown}]}
    return {
        "resourceType": "Patient",
        "id": patient.fhir_id,
        "meta": {"tag": [{"system": REDACTION, "code": "REDACTED"}]},
        **({"identifier": [{"_value": shown}]} if patient.number_shown else {}),
        "active": True,
        "name": [{"text": f"{patient.name[:1]}**"}],
    }


REDACTION = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue"
