"""One person's chart: what the record holds, as rows; and the parts that other pages show."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from itertools import chain
from typing import Generic, Protocol, TypeVar

from django.utils.translation import gettext as _

from records.chart import reading, safety, sources, spark
from records.chart.cards import Card, attempt
from records.chart.reading.elements import Json, when_of
from records.chart.reading.history import AllergyState
from records.chart.reading.results import Group
from records.consent import access
from records.consent.breakglass_queries import find_open
from records.consent.models import BreakGlass
from records.consent.reasons import in_words
from records.consent.relationships import BREAK_GLASS
from records.imaging import queries as imaging
from records.imaging.models import Study
from records.mpi.models import Patient
from telemed.core.errors import Invalid
from telemed.people.models import User

T = TypeVar("T")

# The newest of each type that a page reads, however long the record.
LIMITS = {
    "Condition": 200,
    "AllergyIntolerance": 200,
    "MedicationStatement": 100,
    "MedicationRequest": 100,
    "Observation": 400,
    "Encounter": 40,
    "DiagnosticReport": 40,
    "Procedure": 40,
    "Immunization": 40,
}
# What may hurt the patient is read from these.
BANNER = (
    *("Condition", "AllergyIntolerance", "MedicationStatement", "MedicationRequest"),
    *("Observation", "Procedure"),
)
EVENTS = ("Encounter", "DiagnosticReport", "Procedure", "Immunization")
SCAN = 2_000  # observations, or events of a type, that an "all" page looks through
PAGE = 50
UNDATED = datetime.min.replace(tzinfo=UTC)  # rows without a date come last
SHOWN_RESULTS, SHOWN_EVENTS, SHOWN_STUDIES = 8, 12, 6


class Chart:
    """
    One record, read in one statement when something first asks for it.

    If that failed, everybody who asks gets the same error: each part of a page fails by itself.
    """

    def __init__(self, patient: Patient, types: Iterable[str] = LIMITS) -> None:
        self.patient = patient
        self._limits = {name: LIMITS[name] for name in types}
        self._error: Exception | None = None
        self._read: dict[str, list[Json]] | None = None

    def resources(self, *types: str) -> list[Json]:
        """Those types together, as the store has them."""
        if self._error:
            raise self._error
        if self._read is None:
            try:
                self._read = sources.record(self.patient, self._limits)
            except Exception as error:
                self._error = error
                raise
        return [resource for name in types for resource in self._read[name]]

    @cached_property
    def problems(self) -> reading.Read[reading.Problem]:
        return reading.problems(self.resources("Condition"))

    @cached_property
    def allergies(self) -> reading.Allergies:
        return reading.allergies(self.resources("AllergyIntolerance"))

    @cached_property
    def medicines(self) -> reading.Read[reading.Medicine]:
        return reading.medicines(self.resources("MedicationStatement", "MedicationRequest"))

    @cached_property
    def measurements(self) -> reading.Read[reading.Measurement]:
        return reading.measurements(self.resources("Observation"))

    @cached_property
    def results(self) -> reading.Read[reading.Result]:
        return reading.results(self.measurements)

    @cached_property
    def events(self) -> reading.Read[reading.Entry]:
        return reading.entries(self.resources(*EVENTS))

    @property
    def data_until(self) -> reading.When | None:
        """When the newest of what was read reached the store."""
        kept = chain.from_iterable((self._read or {}).values())
        times = [when_of(resource.get("meta") or {}, "lastUpdated") for resource in kept]
        return max((time for time in times if time), default=None)


def safety_of(chart: Chart) -> safety.Safety:
    """Allergies and dangers; what could not be read never passes for "none"."""
    allergies = attempt("allergies", lambda: chart.allergies)
    problems = attempt("problems", lambda: chart.problems.rows)
    medicines = attempt("medicines", lambda: chart.medicines.rows)
    measured = attempt("measurements", lambda: chart.measurements.rows)
    implants = attempt("procedures", lambda: reading.entries(chart.resources("Procedure")).rows)
    found = safety.dangers(
        chart.patient,
        problems.content or (),
        medicines.content or (),
        measured.content or (),
        implants.content or (),
    )
    none_read = reading.Allergies(state=AllergyState.NOT_READ)
    unread = problems.failed or medicines.failed or measured.failed or implants.failed
    return safety.Safety(allergies.content or none_read, found, complete=not unread)


@dataclass(frozen=True)
class Banner:
    """Who this page is about, what may hurt them, and why it may be seen."""

    patient: Patient
    safety: safety.Safety | None  # None: the reader may know of the person, not of the record
    reasons: tuple[str, ...] = ()  # in words
    glass: BreakGlass | None = None  # the emergency access that marks this page


def banner_of(actor: User, patient: Patient) -> Banner:
    """
    The banner of a page about somebody, for `chart/_banner.html`.

    The caller has decided that the actor may know of the patient, and audits its own opening.
    """
    decision = access.decide(actor, "read", patient)
    if not decision.allowed:
        return Banner(patient, None)
    return banner_for(actor, Chart(patient, BANNER), decision.reasons)


def banner_for(actor: User, chart: Chart, reasons: Sequence[str]) -> Banner:
    """The same, of a record that was opened for these reasons."""
    glass = find_open(actor, chart.patient) if BREAK_GLASS in reasons else None
    return Banner(chart.patient, safety_of(chart), tuple(in_words(reasons)), glass)


@dataclass(frozen=True)
class Split(Generic[T]):
    """What holds now, what held before, and what makes no row."""

    now: list[T]
    earlier: list[T]
    skipped: tuple[reading.Skipped, ...]


class Ongoing(Protocol):
    @property
    def active(self) -> bool: ...


A = TypeVar("A", bound=Ongoing)


def _split(found: reading.Read[A]) -> Split[A]:
    now = [row for row in found.rows if row.active]
    return Split(now, [row for row in found.rows if not row.active], found.skipped)


@dataclass(frozen=True)
class Trend:
    result: reading.Result
    line: spark.Spark | None


@dataclass(frozen=True)
class Panel:
    """The record in a side panel, for `chart/_summary.html`."""

    banner: Banner
    problems: Card[Split[reading.Problem]]
    medicines: Card[Split[reading.Medicine]]
    results: Card[list[Trend]]


def panel_of(actor: User, patient: Patient) -> Panel | None:
    """The same rule as banner_of(); None where the record may not be read."""
    decision = access.decide(actor, "read", patient)
    if not decision.allowed:
        return None
    chart = Chart(patient, BANNER)
    return Panel(
        banner_for(actor, chart, decision.reasons),
        attempt("problems", lambda: _split(chart.problems)),
        attempt("medicines", lambda: _split(chart.medicines)),
        attempt("results", lambda: trends(chart.results.rows, SHOWN_RESULTS)),
    )


@dataclass(frozen=True)
class Overview:
    """The cards of the patient page."""

    problems: Card[Split[reading.Problem]]
    allergies: Card[reading.Allergies]
    medicines: Card[Split[reading.Medicine]]
    vitals: Card[list[Trend]]
    laboratory: Card[list[Trend]]
    others: Card[list[Trend]]
    studies: Card[list[Study]]
    events: Card[list[reading.Entry]]


def overview_of(actor: User, patient: Patient, chart: Chart) -> Overview:
    """Everything the patient page shows, each card by itself, from one reading of each type."""

    def group(kind: Group) -> list[Trend]:
        rows = [row for row in chart.results.rows if row.newest.group == kind]
        return trends(rows, SHOWN_RESULTS)

    return Overview(
        problems=attempt("problems", lambda: _split(chart.problems)),
        allergies=attempt("allergies", lambda: chart.allergies),
        medicines=attempt("medicines", lambda: _split(chart.medicines)),
        vitals=attempt("vital signs", lambda: group(Group.VITAL)),
        laboratory=attempt("laboratory", lambda: group(Group.LABORATORY)),
        others=attempt("other results", lambda: group(Group.OTHER)),
        studies=attempt("images", lambda: list(imaging.studies_of(actor, patient)[:SHOWN_STUDIES])),
        events=attempt("events", lambda: list(chart.events.rows[:SHOWN_EVENTS])),
    )


def trends(rows: Sequence[reading.Result], limit: int) -> list[Trend]:
    """The newest results with their lines; what is out of range comes before what is not."""
    urgent = sorted(rows, key=lambda row: (not row.newest.critical, not row.newest.flag))
    return [Trend(row, spark.draw(row.points)) for row in urgent[:limit]]


@dataclass(frozen=True)
class Page(Generic[T]):
    """A page of a long list. `before` asks for the next; not `complete`: more lie past SCAN."""

    rows: list[T]
    before: str = ""
    complete: bool = True


def results_page(patient: Patient, code: str, before: str) -> Page[reading.Measurement]:
    """All measurements of one kind ("system|code"; of any where empty), newest first."""
    observations = sources.resources(patient, "Observation", SCAN)
    rows = reading.measurements(observations).rows
    chosen = [row for row in rows if code in ("", row.key)]
    return _page_after(chosen, before, complete=len(observations) < SCAN)


def events_page(patient: Patient, before: str) -> Page[reading.Entry]:
    """The whole time line, newest first."""
    record = sources.record(patient, dict.fromkeys(EVENTS, SCAN))
    rows = reading.entries(chain.from_iterable(record.values())).rows
    return _page_after(rows, before, complete=all(len(kept) < SCAN for kept in record.values()))


class Placed(Protocol):
    """A row with a place in a list: its time, then its id."""

    @property
    def at(self) -> reading.When | None: ...

    @property
    def id(self) -> str: ...


P = TypeVar("P", bound=Placed)


def _page_after(rows: Iterable[P], before: str, *, complete: bool) -> Page[P]:
    """The rows that come after that place, and the place of the last where more follow."""

    def place(row: P) -> tuple[datetime, str]:
        return (row.at.at if row.at else UNDATED, row.id)

    after = sorted(rows, key=place, reverse=True)
    if before:
        start = _parsed(before)
        after = [row for row in after if place(row) < start]
    shown = after[:PAGE]
    last = "{:%Y-%m-%dT%H:%M:%S.%f%z}|{}".format(*place(shown[-1])) if len(after) > PAGE else ""
    return Page(shown, last, complete)


def _parsed(before: str) -> tuple[datetime, str]:
    moment, _bar, row_id = before.partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise Invalid(_("There is no such page of this list."), path="before")
    return at, row_id
