"""What a resident's pages read: their own cases, and the trace of their own record."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from consult.requests import queries as requests
from consult.requests.models import ENDED, OVER, Case, Receipt, Status, Step
from consult.residents import words
from records.consent import access
from records.mpi.models import Patient
from telemed.audit.models import AuditRow
from telemed.audit.queries import EMERGENCY
from telemed.core.errors import Malformed
from telemed.organisations.models import Organisation
from telemed.people.models import Role, User

PAGE = 30
MOST_PEOPLE = 30  # for whom one account acts


@dataclass(frozen=True)
class Look:
    """Somebody did something with the record, once or several times in a row."""

    who: str
    role: str
    institution: str
    at: datetime  # the newest time
    times: int
    what: str
    because: str
    number: str  # of the consult it was about
    case_id: UUID | None
    emergency: bool


@dataclass(frozen=True)
class Stage:
    """One step of a consult as its patient sees it."""

    name: str
    at: datetime | None
    current: bool


def find_own_patient(actor: User) -> Patient | None:
    """The person of the index that this account is."""
    people = Patient.objects.select_related("managing_organisation")
    return people.filter(user=actor).first()


def people_of(actor: User) -> list[Patient]:
    """The account's own person, then those for whom it acts now, the eldest first."""
    people = access.visible(actor, "read", Patient.objects.filter(merged_into=None))
    mine = people.select_related("managing_organisation").order_by("birth_date", "pk")
    return sorted(mine[:MOST_PEOPLE], key=lambda person: person.user_id != actor.pk)


def my_cases(
    actor: User, patient: Patient | None, before: str = "", limit: int = PAGE
) -> list[Case]:
    """This person's, newest first; `before` is the last id of the page above."""
    if patient is None:
        return []
    about = Q(patient=patient) | Q(patient__merged_into=patient)
    cases = requests.visible_to(actor).filter(about)
    cases = cases.select_related("asking", "asked", "requester", "holder")
    if before:
        cases = cases.filter(pk__lt=_uuid(before))
    return list(cases.order_by("-id")[:limit])


def stages_of(case: Case) -> list[Stage]:
    """Sent, taken on, opinion, decision: when each was reached, and which comes now."""
    names = {
        Status.SUBMITTED: _("Sent"),
        Status.ACCEPTED: _("Taken on"),
        Status.SIGNED: _("Opinion written"),
        Status.RECEIPTED: _("Your doctor decides"),
    }
    reached: dict[str, datetime] = {}
    for step in Step.objects.filter(case=case).order_by("at", "id"):
        if step.from_status != step.to_status:
            reached[step.to_status] = step.at
    over = case.status in (*OVER, *ENDED)
    if case.status == Status.SIGNED:
        reached.pop(Status.RECEIPTED, None)  # an amendment asks for a new decision
    following = next((status for status in names if status not in reached), None)
    return [
        Stage(name, reached.get(status), current=not over and status == following)
        for status, name in names.items()
    ]


def decisions_on(case: Case) -> list[Receipt]:
    """The one that stands on each version, newest first."""
    newest = case.receipts.order_by("-opinion_version", "-turn").distinct("opinion_version")
    return list(newest.select_related("given_by"))


def who_looked(patient: Patient, before: str = "") -> tuple[list[Look], str]:
    """
    A page of what others did with this record, newest first, and the cursor of the next.

    The cursor is "time_id" of the last row; names come in three queries, whatever the page.
    """
    rows = AuditRow.objects.filter(patient_id=str(patient.pk), refused="")
    rows = rows.exclude(actor_id__startswith="system:")
    if patient.user_id:
        rows = rows.exclude(actor_id=f"user:{patient.user_id}")
    if before:
        at, number = _cursor(before)
        rows = rows.filter(Q(at__lt=at) | Q(at=at, id__lt=number), at__lte=at)
    page = list(rows.order_by("-at", "-id")[: PAGE + 1])
    following = ""
    if len(page) > PAGE:
        page = page[:PAGE]
        following = f"{page[-1].at.isoformat()}_{page[-1].id}"
    return _looks(page), following


def _looks(rows: list[AuditRow]) -> list[Look]:
    """What the same person did repeatedly with the same thing is one look."""
    people = User.objects.in_bulk(_ids(row.actor_id.partition(":")[2] for row in rows))
    places = Organisation.objects.in_bulk(_ids(row.organisation_id for row in rows))
    about = _ids(r.target.partition("/")[2] for r in rows if r.target.startswith("Case/"))
    cases = Case.objects.exclude(number=None).in_bulk(about)

    def same(row: AuditRow) -> tuple[str, ...]:
        return (row.actor_id, row.organisation_id, row.action, row.target)

    looks = []
    for _same, several in groupby(rows, key=same):
        row, *others = several
        person = people.get(_id(row.actor_id.partition(":")[2]))
        place = places.get(_id(row.organisation_id))
        case = cases.get(_id(row.target.partition("/")[2]))
        looks.append(
            Look(
                who=person.name if person else _("A connected system"),
                role=str(Role(row.role).label) if row.role in Role.values else "",
                institution=place.name if place else "",
                at=row.at,
                times=1 + len(others),
                what=words.action_words(row.action),
                because=words.reason_words(row.reason),
                number=case.number or "" if case else "",
                case_id=case.pk if case else None,
                emergency=row.reason == EMERGENCY,
            )
        )
    return looks


def _ids(texts: Iterable[str]) -> set[UUID]:
    return {found for text in texts if (found := _id(text))}


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _uuid(text: str) -> UUID:
    found = _id(text)
    if found is None:
        raise Malformed(_("There is no such page."), path="before")
    return found


def _cursor(text: str) -> tuple[datetime, int]:
    moment, _mark, number = text.partition("_")
    try:
        at = datetime.fromisoformat(moment)
        row_id = int(number)
    except ValueError:
        raise Malformed(_("There is no such page."), path="before") from None
    if at.tzinfo is None or not 0 <= row_id < 2**63:
        raise Malformed(_("There is no such page."), path="before")
    return at, row_id
