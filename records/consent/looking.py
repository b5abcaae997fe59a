"""The auditor's search: who opened what of whom, and why. Never what a record says."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.consent.reasons import LABELS
from records.mpi.models import Patient
from records.mpi.queries import get_by_number
from telemed.audit import queries as trace
from telemed.audit import services as audit
from telemed.audit.models import AuditRow
from telemed.core import tables
from telemed.core.errors import Invalid, NotFound, require
from telemed.core.intentions import require_intention
from telemed.oversight import tracing
from telemed.people.models import Role, User

PAGE, MOST = 50, 5_000  # lines of a page, and of a table
LONGEST = timedelta(days=93)
NAMED = 50  # people whom a name may mean
KINDS = (
    ("", gettext_lazy("Everything about patients")),
    ("emergency", gettext_lazy("Emergency access")),
    ("unrelated", gettext_lazy("Without a relation")),
    ("export", gettext_lazy("Exports")),
)
# Finding a person by a whole number needs no relation, and so it is what one would abuse.
UNRELATED = Q(action__in=["person.look", "person.use"]) | Q(reason=trace.EMERGENCY)
EXPORTS = Q(action__endswith=".export")


@dataclass(frozen=True)
class Wanted:
    """What is searched for; it stands in the address, and no number or name of a patient does."""

    first: date
    last: date
    kind: str = ""
    who: str = ""  # part of the name of who looked
    patient: UUID | None = None
    before: tuple[datetime, int] | None = None


@dataclass(frozen=True)
class Line:
    """One look: the row in words, whose record, and the relation that allowed it."""

    row: AuditRow
    said: tracing.Line
    whose: str
    because: str


@dataclass(frozen=True)
class Found:
    lines: list[Line]
    older: str  # what the next page is asked with
    patient: Patient | None


def find_person(*, actor: User, number: str) -> Patient:
    """Whom to search for, by a whole number; the look is traced like that of anybody else."""
    require_intention()
    _only_auditors(actor)
    found = get_by_number(number, path="number")
    audit.record(action="looks.person", target=found, patient_id=found.pk)
    return found


def search(*, actor: User, wanted: Wanted) -> Found:
    """One page, newest first. The search is traced, too."""
    require_intention()
    rows = _rows(actor, wanted)
    page = list(rows[: PAGE + 1])
    more = len(page) > PAGE
    last = page[PAGE - 1] if more else None
    _note(actor, wanted, "looks.search")
    return Found(
        lines=in_words(page[:PAGE]),
        older=f"{last.at.isoformat()}~{last.id}" if last else "",
        patient=_patient(wanted),
    )


def export(*, actor: User, wanted: Wanted) -> bytes:
    """The same as a table. Too many are refused: narrower is quicker to read, too."""
    require_intention()
    rows = list(_rows(actor, wanted)[: MOST + 1])
    if len(rows) > MOST:
        sentence = _("More than {n} lines; narrow it down by name or period.")
        raise Invalid(sentence.format(n=MOST), path="first")
    _note(actor, wanted, "looks.export")
    headings = [
        *(_("When"), _("Who"), _("Role"), _("What"), _("Of what")),
        *(_("Whose record"), _("Because of"), _("Reference")),
    ]
    return tables.write(
        headings,
        (
            [
                *(timezone.localtime(line.row.at).isoformat(), line.said.who, line.said.role),
                *(line.row.action, line.row.target, line.whose, line.because),
                line.said.reference,
            ]
            for line in in_words(rows)
        ),
    )


def in_words(rows: list[AuditRow]) -> list[Line]:
    """Names in two queries, however many rows."""
    ids = {found for row in rows if (found := _uuid(row.patient_id))}
    people = Patient.objects.in_bulk(ids)
    return [
        Line(
            row=row,
            said=said,
            whose=people[pk].masked if (pk := _uuid(row.patient_id)) in people else "",
            because=str(LABELS[row.reason]) if row.reason in LABELS else "",
        )
        for row, said in zip(rows, tracing.in_words(rows), strict=True)
    ]


def default_period() -> tuple[date, date]:
    today = timezone.localdate()
    return today - timedelta(days=6), today


def _rows(actor: User, wanted: Wanted) -> QuerySet[AuditRow]:
    _only_auditors(actor)
    if wanted.last < wanted.first:
        raise Invalid(_("The end is before the start."), path="last")
    if wanted.last - wanted.first >= LONGEST:
        raise Invalid(_("At most {n} days at once.").format(n=LONGEST.days), path="first")
    since, until = _midnight(wanted.first), _midnight(wanted.last + timedelta(days=1))
    rows = trace.rows_of(actor.organisation_id, since=since).filter(at__lt=until, refused="")
    match wanted.kind:
        case "":
            rows = rows.exclude(patient_id="")
        case "emergency":
            rows = trace.in_emergency(rows)
        case "unrelated":
            rows = rows.filter(UNRELATED)
        case "export":
            rows = rows.filter(EXPORTS)
        case _:
            raise Invalid(_("Choose one from the list."), path="kind")
    if wanted.patient:
        rows = rows.filter(patient_id=str(wanted.patient))
    if wanted.who:
        named = User.objects.filter(
            roles__organisation=actor.organisation_id, name__icontains=wanted.who
        )
        rows = trace.by_actors(rows, named.values_list("pk", flat=True).distinct()[:NAMED])
    if wanted.before is None:
        return rows
    at, number = wanted.before
    return rows.filter(Q(at__lt=at) | Q(at=at, id__lt=number), at__lte=at)


def _only_auditors(actor: User) -> None:
    require(actor.role == Role.AUDITOR, _("The trace is for the audit administrator."))


def _patient(wanted: Wanted) -> Patient | None:
    if wanted.patient is None:
        return None
    found = Patient.objects.filter(pk=wanted.patient).first()
    if found is None:
        raise NotFound(_("Not found, or not yours to know of."), path="patient")
    return found


def _note(actor: User, wanted: Wanted, action: str) -> None:
    """Under the person where one was searched for, so that they read of it."""
    if wanted.patient:
        audit.record(action=action, target=f"Patient/{wanted.patient}", patient_id=wanted.patient)
        return
    audit.record(action=action, target=f"Organization/{actor.organisation_id}")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
