"""What is filed of the rooms of a closed case: an encounter and its record each."""

import json
from collections.abc import Iterable
from html import escape
from typing import Any
from uuid import UUID, uuid5

from django.utils import timezone
from fhir.resources.R4B.codeableconcept import CodeableConcept
from fhir.resources.R4B.coding import Coding
from fhir.resources.R4B.composition import Composition, CompositionSection
from fhir.resources.R4B.narrative import Narrative
from fhir.resources.R4B.reference import Reference

from consult.archive.further import Further
from consult.requests.fhir import doctor
from consult.requests.models import Case
from consult.rooms.fhir import ROOM
from consult.rooms.models import Room
from consult.rooms.record import Line, Part, Record, whole
from telemed.core.publication import as_json

Json = dict[str, Any]
LOINC = "http://loinc.org"
TITLES = {
    Part.PEOPLE: "Who was there",
    Part.CHAT: "Messages",
    Part.IMAGES: "Images",
    Part.LINE: "Line",
}


def met(case: Case) -> list[Room]:
    """The rooms that have ended and in which somebody was, oldest first."""
    ended = case.rooms.filter(status=Room.Status.ENDED, participants__joined=True).distinct()
    return list(ended.select_related("case__patient").order_by("created_at"))


def resources_of(case: Case) -> Iterable[Json]:
    for room in met(case):
        yield {"fullUrl": f"urn:uuid:{room.pk}", "resource": as_json(ROOM, room)}
        record_id = uuid5(room.pk, "record")
        said = _composition(whole(room), record_id)
        resource = json.loads(said.model_dump_json(exclude_none=True))
        yield {"fullUrl": f"urn:uuid:{record_id}", "resource": resource}


def pages_of(case: Case) -> Iterable[Record]:
    return [whole(room) for room in met(case)]


def _composition(record: Record, record_id: UUID) -> Composition:
    """The log in words, one section a part. LOINC 34109-9: note."""
    room, case = record.room, record.room.consult
    lines = {part: [line for line in record.lines if line.part == part] for part in TITLES}
    return Composition(
        id=str(record_id),
        status="final",
        type=CodeableConcept(coding=[Coding(system=LOINC, code="34109-9")], text="会诊室记录"),
        subject=Reference(reference=f"Patient/{case.patient.fhir_id}"),
        encounter=Reference(reference=f"urn:uuid:{room.pk}"),
        date=room.ended_at,
        author=[doctor(person) for person in (case.requester, case.holder) if person],
        title=f"会诊室记录 {case.number}",
        section=[
            CompositionSection(title=title, text=_narrative(lines[part]))
            for part, title in TITLES.items()
            if lines[part]
        ],
    )


def _narrative(lines: list[Line]) -> Narrative:
    said = "".join(f"<li>{escape(_sentence(line))}</li>" for line in lines)
    div = f'<div xmlns="http://www.w3.org/1999/xhtml"><ol>{said}</ol></div>'
    return Narrative(status="generated", div=div)


def _sentence(line: Line) -> str:
    who = f"{line.who}: " if line.who else ""
    more = f" ({line.detail})" if line.detail else ""
    at = timezone.localtime(line.at).isoformat(timespec="seconds")
    return f"{at} {who}{line.text}{more}"


RECORDS = Further(resources=resources_of, template="rooms/filed.html", pages=pages_of)
