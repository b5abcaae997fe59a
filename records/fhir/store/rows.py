"""From a checked resource to the row, keys and text that the store keeps of it."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from records.fhir import keys, text, walker
from records.fhir.arrays import array
from records.fhir.definitions import TYPE_NUMBER, definitions, parameters, patient_parameters
from records.fhir.extraction import Extracted
from records.fhir.extraction.values import normal
from records.fhir.models import Version
from records.fhir.walker.primitives import Issue
from telemed.core.errors import Malformed

STRING_LIMIT = 200  # characters of a text that are indexed; `:exact` compares all of it
# The date by which a type is ordered, where it is not the parameter called `date`.
MAIN_DATE = {
    "Account": "period",
    "AllergyIntolerance": "date",
    "Claim": "created",
    "ClaimResponse": "created",
    "Condition": "onset-date",
    "Communication": "sent",
    "CommunicationRequest": "authored",
    "Contract": "issued",
    "DeviceRequest": "authored-on",
    "ExplanationOfBenefit": "created",
    "Goal": "start-date",
    "ImagingStudy": "started",
    "Media": "created",
    "MedicationAdministration": "effective-time",
    "MedicationDispense": "whenhandedover",
    "MedicationRequest": "authoredon",
    "MedicationStatement": "effective",
    "NutritionOrder": "datetime",
    "Patient": "birthdate",
    "Provenance": "recorded",
    "QuestionnaireResponse": "authored",
    "ServiceRequest": "authored",
    "Slot": "start",
    "Specimen": "collected",
    "Task": "authored-on",
}


class Unfit(Malformed):
    """The resource is no valid R4; `issues` say what and where."""

    def __init__(self, issues: list[Issue]) -> None:
        super().__init__(issues[0].text, path=issues[0].path)
        self.issues = issues


@dataclass(slots=True)
class Row:
    """One version to be written, with everything that finds it."""

    type: str
    rid: int
    fhir_id: str
    version: int
    updated: datetime
    body: bytes = b""
    method: int = Version.Method.CREATE
    deleted: bool = False
    patient: int | None = None
    org: int | None = None
    owner: str | None = None
    at: datetime = field(init=False)  # set by _place() or tombstone()
    hi: datetime | None = None
    dates: list[tuple[int, datetime, datetime]] = field(default_factory=list)
    found: Extracted = field(default_factory=Extracted)
    resource: Any = None


def now() -> datetime:
    """To the millisecond, as FHIR instants are written."""
    moment = timezone.now().astimezone(UTC)
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def main_date(resource_type: str) -> str | None:
    """The parameter that orders a type. It has one value at most, so the row alone holds it."""
    name = MAIN_DATE.get(resource_type, "date")
    parameter = parameters(resource_type).get(name)
    if parameter is None or parameter.kind != "date":
        return None
    root = definitions()[resource_type]
    paths = {path[0] for path in parameter.paths if "where" not in "".join(path)}
    single = len(paths) == 1 and all(
        not element.many for element in root.children[""] if element.name in paths
    )
    return name if single and all(len(_fields(p)) == 1 for p in parameter.paths) else None


def _fields(path: tuple[str, ...]) -> list[str]:
    return [step for step in path if ":" not in step]


def row_of(
    raw: bytes,
    *,
    resource_type: str,
    fhir_id: str,
    version: int,
    updated: datetime,
    org: int | None,
    owner: str | None = None,
    resource: Any = None,
) -> Row:
    """
    Check a received text and make its row. Raises Malformed, or Unfit with every issue.

    `resource`: its value, where text.decode() has given it already.
    """
    resource = text.decode(raw) if resource is None else resource
    issues, found = walker.check(resource)
    if not issues and resource["resourceType"] != resource_type:
        issues = [
            Issue("resourceType", "invalid", _("This is not a {type}.").format(type=resource_type))
        ]
    if issues:
        raise Unfit(issues)
    row = Row(
        type=resource_type,
        rid=keys.rid_of(resource_type, fhir_id),
        fhir_id=fhir_id,
        version=version,
        updated=updated,
    )
    row.org, row.owner, row.resource, row.found = org, owner, resource, found
    row.method = Version.Method.CREATE if version == 1 else Version.Method.UPDATE
    row.body = text.stored(raw, resource_type, fhir_id, version, updated)
    row.patient = row.rid if resource_type == "Patient" else _patient_of(resource_type, found)
    for target in found.references:
        found.tokens.add(keys.rid_of(target.type, target.id) ^ target.key)
    _place(row, main_date_key(resource_type))
    return row


def main_date_key(resource_type: str) -> int | None:
    key = _main_keys.get(resource_type, 0)
    if key == 0:
        name = main_date(resource_type)
        key = keys.parameter(resource_type, name) if name else None
        _main_keys[resource_type] = key
    return key


_main_keys: dict[str, int | None] = {}


def _place(row: Row, main: int | None) -> None:
    """Where it stands in time: by its main date, else by its last change."""
    row.at = row.updated
    for key, low, high in row.found.dates:
        if key == main and row.hi is None:
            row.at, row.hi = low, high
        else:
            row.dates.append((key, low, high))


def _patient_of(resource_type: str, found: Extracted) -> int | None:
    """Whose record it is: the patient that the first of its patient parameters names."""
    named = {r.key: r.id for r in reversed(found.references) if r.type == "Patient"}
    for name in patient_parameters(resource_type) if named else ():
        fhir_id = named.get(keys.parameter(resource_type, name))
        if fhir_id:
            return keys.rid_of("Patient", fhir_id)
    return None


def tombstone(row: Row) -> Row:
    """The version that says it was deleted: found by nothing, seen by those who saw it before."""
    row.deleted, row.method, row.at = True, Version.Method.DELETE, row.updated
    return row


# Of the search tables in the write statement: h0, h1 and so on.
SIDE_TYPES = {
    "h": ("int8", "timestamptz", "int8"),
    "s": ("int8", "text", "text", "int8"),
    "d": ("int8", "timestamptz", "timestamptz", "int8"),
    "n": ("int8", "float8", "float8", "int8", "int8"),
}


def columns(rows: list[Row]) -> dict[str, list[Any]]:
    """Columns of the write statement, one array each; none of a search table without rows."""
    values: dict[str, list[Any]] = {
        "rid": array("int8", [row.rid for row in rows]),
        "type": array("int2", [TYPE_NUMBER[row.type] for row in rows]),
        "fid": array("text", [row.fhir_id for row in rows]),
        "ver": array("int4", [row.version for row in rows]),
        "upd": array("timestamptz", [row.updated for row in rows]),
        "del": array("bool", [row.deleted for row in rows]),
        "met": array("int2", [row.method for row in rows]),
        "body": array("text", [row.body for row in rows]),
        "pat": array("int8", [row.patient for row in rows]),
        "org": array("int4", [row.org for row in rows]),
        "own": array("text", [row.owner for row in rows]),
        "at": array("timestamptz", [row.at for row in rows]),
        "hi": array("timestamptz", [row.hi for row in rows]),
        "has": array("int8", [row.found.has for row in rows]),
        # unnest flattens nested arrays, so each row's tokens travel as the text of an array
        "tok": array("text", [f"{{{','.join(map(str, row.found.tokens))}}}" for row in rows]),
    }
    hot = [(token, row.at, row.rid) for row in rows for token in row.found.hot]
    dates = [(*date, row.rid) for row in rows for date in row.dates]
    numbers = [(*number, row.rid) for row in rows for number in row.found.numbers]
    strings = [
        (key, norm, whole if whole != norm else None, row.rid)
        for row in rows
        for key, whole in row.found.strings
        for norm in [normal(whole)[:STRING_LIMIT]]
    ]
    sides: dict[str, list[Any]] = {"h": hot, "s": strings, "d": dates, "n": numbers}
    for side, lines in sides.items():
        for place, element in enumerate(SIDE_TYPES[side] if lines else ()):
            values[f"{side}{place}"] = array(element, [line[place] for line in lines])
    return values
