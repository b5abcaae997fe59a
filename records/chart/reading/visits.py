"""What happened when: visits, reports, procedures and immunisations on one time line."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum, auto

from django.utils.translation import gettext_lazy, pgettext

from records.chart.reading.elements import (
    NO_CONTENT,
    NOT_DONE,
    Json,
    NotShown,
    Read,
    When,
    display_of,
    listed,
    newest_first,
    read,
    said,
    text_of,
    texts_of,
    when_of,
)


class Kind(StrEnum):
    VISIT = auto()
    REPORT = auto()
    PROCEDURE = auto()
    IMMUNISATION = auto()


@dataclass(frozen=True)
class Entry:
    """One line: what, why or with what outcome, where; `open` while it goes on."""

    kind: Kind
    title: str
    reason: str = ""
    place: str = ""
    at: When | None = None
    dated: str = ""  # in words, where there is no date
    open: bool = False
    id: str = ""


def entries(resources: Iterable[Json]) -> Read[Entry]:
    """Encounters, DiagnosticReports, Procedures and Immunizations together, newest first."""
    found = read(resources, _entry)
    return Read(tuple(newest_first(found.rows, lambda row: row.at)), found.skipped)


def _entry(resource: Json) -> Entry:
    return READERS[resource["resourceType"]](resource)


def _visit(encounter: Json) -> Entry:
    status = encounter.get("status")
    if status == "cancelled":
        raise NotShown(gettext_lazy("cancelled"))
    kind = encounter.get("class") or {}
    kind_text = _classes().get(kind.get("code", ""), "") or said(kind, "display")
    reason = texts_of(encounter.get("reasonCode")) or listed(
        display_of(reference) for reference in encounter.get("reasonReference", ())
    )
    what = texts_of(encounter.get("type")) or texts_of([encounter.get("serviceType") or {}])
    places = (display_of(place.get("location")) for place in encounter.get("location", ()))
    return Entry(
        kind=Kind.VISIT,
        title=listed([kind_text, what]) or pgettext("record", "Visit"),
        reason=reason,
        place=display_of(encounter.get("serviceProvider")) or listed(places),
        at=when_of(encounter, "period"),
        open=status in {"arrived", "triaged", "in-progress", "onleave"},
        id=encounter.get("id", ""),
    )


def _report(report: Json) -> Entry:
    if report.get("status") == "cancelled":
        raise NotShown(gettext_lazy("cancelled"))
    forms = (said(form, "title") for form in report.get("presentedForm", ()))
    return Entry(
        kind=Kind.REPORT,
        title=text_of(report.get("code")) or listed(forms) or pgettext("record", "Report"),
        reason=said(report, "conclusion") or texts_of(report.get("conclusionCode")),
        place=listed(display_of(by) for by in report.get("performer", ())),
        at=when_of(report, "effectiveDateTime", "effectivePeriod", "issued"),
        open=report.get("status") in {"registered", "partial", "preliminary"},
        id=report.get("id", ""),
    )


def _procedure(procedure: Json) -> Entry:
    if procedure.get("status") == "not-done":
        raise NotShown(NOT_DONE)
    title = text_of(procedure.get("code")) or text_of(procedure.get("category"))
    if not title:
        raise NotShown(NO_CONTENT)
    return Entry(
        kind=Kind.PROCEDURE,
        title=title,
        reason=text_of(procedure.get("outcome")) or texts_of(procedure.get("reasonCode")),
        place=display_of(procedure.get("location")),
        at=when_of(procedure, "performedDateTime", "performedPeriod"),
        dated=said(procedure, "performedString"),
        open=procedure.get("status") == "in-progress",
        id=procedure.get("id", ""),
    )


def _immunisation(immunization: Json) -> Entry:
    if immunization.get("status") == "not-done":
        raise NotShown(NOT_DONE)
    title = text_of(immunization.get("vaccineCode"))
    if not title:
        raise NotShown(NO_CONTENT)
    return Entry(
        kind=Kind.IMMUNISATION,
        title=title,
        place=display_of(immunization.get("location")),
        at=when_of(immunization, "occurrenceDateTime"),
        dated=said(immunization, "occurrenceString"),
        id=immunization.get("id", ""),
    )


READERS = {
    "Encounter": _visit,
    "DiagnosticReport": _report,
    "Procedure": _procedure,
    "Immunization": _immunisation,
}


def _classes() -> dict[str, str]:
    """v3-ActEncounterCode"""
    return {
        "AMB": pgettext("visit", "Outpatient"),
        "EMER": pgettext("visit", "Emergency"),
        "FLD": pgettext("visit", "In the field"),
        "HH": pgettext("visit", "Home visit"),
        "IMP": pgettext("visit", "Inpatient"),
        "ACUTE": pgettext("visit", "Inpatient"),
        "NONAC": pgettext("visit", "Inpatient"),
        "OBSENC": pgettext("visit", "Observation stay"),
        "PRENC": pgettext("visit", "Before admission"),
        "SS": pgettext("visit", "Day surgery"),
        "VR": pgettext("visit", "Remote"),
    }
