"""The months of a specialist, in one statement, and whose months somebody may see."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from consult.credit.measures import Agreed, Month
from consult.credit.permissions import is_own, may_list
from telemed.core.errors import Invalid, NotFound
from telemed.organisations.models import Organisation
from telemed.oversight.indicators import midnight, month_after, months_until
from telemed.people.models import PractitionerRole, Role, User

MONTHS = 13
PAGE = 30
MOST_AGREEMENTS = 200

# Steps are the source of the figures as well (requests.indicators.computing): an answer is the
# first accept or decline after the request was sent for the last time.
STATEMENT = """
WITH given AS (
    SELECT step.case_id, step.action, step.at,
           to_char(step.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month,
           (SELECT max(sent.at) FROM requests_step sent
            WHERE sent.case_id = step.case_id AND sent.action = 'case.submit'
              AND sent.at <= step.at) AS sent_at
    FROM requests_step step
    WHERE step.actor_id = %(doctor)s AND step.organisation_id = %(organisation)s
      AND step.action IN ('case.accept', 'offer.decline', 'opinion.sign', 'opinion.amend')
      AND step.at >= %(start)s AND step.at < %(end)s
), answers AS (
    SELECT given.month, extract(epoch FROM given.at - given.sent_at)::float8 / 60 AS minutes
    FROM given
    WHERE given.action IN ('case.accept', 'offer.decline') AND NOT EXISTS (
        SELECT 1 FROM requests_step earlier
        WHERE earlier.case_id = given.case_id
          AND earlier.action IN ('case.accept', 'offer.decline')
          AND earlier.at >= given.sent_at AND earlier.at < given.at)
), mine AS (
    SELECT DISTINCT step.case_id FROM requests_step step
    WHERE step.actor_id = %(doctor)s AND step.organisation_id = %(organisation)s
      AND step.action = 'opinion.sign'
), told AS (
    SELECT to_char(step.at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month, step.action,
           step.facts ->> 'decision' AS decision
    FROM requests_step step JOIN mine ON mine.case_id = step.case_id
    WHERE step.at >= %(start)s AND step.at < %(end)s
      AND (step.action = 'case.receipt' AND NOT EXISTS (
               SELECT 1 FROM requests_step later
               WHERE later.case_id = step.case_id AND later.action = 'case.receipt'
                 AND later.facts -> 'version' = step.facts -> 'version'
                 AND (later.at, later.id) > (step.at, step.id))
           OR step.action = 'case.outcome' AND step.facts ->> 'result' <> 'unknown')
), rooms AS (
    SELECT to_char(room.live_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM') AS month,
           extract(epoch FROM coalesce(room.ended_at, room.held_at, %(now)s)
                   - room.live_at - room.held_for)::float8 / 60 AS minutes
    FROM rooms_participant place
    JOIN rooms_room room ON room.id = place.room_id
    JOIN requests_case about ON about.id = room.case_id
    WHERE place.user_id = %(doctor)s AND place.role = 'specialist' AND place.joined
      AND about.asked_id = %(organisation)s
      AND room.live_at >= %(start)s AND room.live_at < %(end)s
), lines AS (
    SELECT entry.id, entry.asked_amount, true AS first FROM organisations_entry entry
    JOIN mine ON mine.case_id = entry.subject WHERE entry.kind = 'consult'
    UNION ALL
    SELECT entry.id, entry.asked_amount, false FROM organisations_entry entry
    JOIN organisations_entry whole ON whole.id = entry.corrects_id AND whole.kind = 'consult'
    JOIN mine ON mine.case_id = whole.subject
), owed AS (
    SELECT to_char(statement.month, 'YYYY-MM') AS month, lines.asked_amount, lines.first
    FROM lines
    JOIN organisations_entry entry ON entry.id = lines.id
    JOIN organisations_statement statement ON statement.id = entry.statement_id
    WHERE statement.asked_id = %(organisation)s
      AND statement.month >= %(first)s AND statement.month < %(after)s
)
SELECT month, 'accepted', count(DISTINCT case_id)::float8
  FROM given WHERE action = 'case.accept' GROUP BY month
UNION ALL SELECT month, 'declined', count(DISTINCT case_id)
  FROM given WHERE action = 'offer.decline' GROUP BY month
UNION ALL SELECT month, 'opinions', count(DISTINCT case_id)
  FROM given WHERE action = 'opinion.sign' GROUP BY month
UNION ALL SELECT month, 'amended', count(*)
  FROM given WHERE action = 'opinion.amend' GROUP BY month
UNION ALL SELECT month, 'first', count(*) FROM answers GROUP BY month
UNION ALL SELECT month, 'minutes', percentile_cont(0.5) WITHIN GROUP (ORDER BY minutes)
  FROM answers GROUP BY month
UNION ALL SELECT month, 'receipts', count(*) FROM told WHERE action = 'case.receipt' GROUP BY month
UNION ALL SELECT month, 'adopted', count(*)
  FROM told WHERE action = 'case.receipt' AND decision = 'adopted' GROUP BY month
UNION ALL SELECT month, 'outcomes', count(*)
  FROM told WHERE action = 'case.outcome' GROUP BY month
UNION ALL SELECT month, 'rooms', count(*) FROM rooms GROUP BY month
UNION ALL SELECT month, 'live', sum(minutes) FROM rooms GROUP BY month
UNION ALL SELECT month, 'lines', count(*) FILTER (WHERE first) FROM owed GROUP BY month
UNION ALL SELECT month, 'share', sum(asked_amount) FROM owed GROUP BY month
"""
AGREEMENTS = """
WITH mine AS (
    SELECT DISTINCT step.case_id FROM requests_step step
    WHERE step.actor_id = %(doctor)s AND step.organisation_id = %(organisation)s
      AND step.action = 'opinion.sign'
)
SELECT asking.name,
       coalesce(agreement.starts_on || ' – ' || agreement.ends_on || ' (v' || agreement.version
                || ')', ''),
       count(DISTINCT whole.id),
       sum(line.amount), sum(line.asked_amount)
FROM mine
JOIN organisations_entry whole ON whole.subject = mine.case_id AND whole.kind = 'consult'
JOIN organisations_entry line ON line.id = whole.id OR line.corrects_id = whole.id
JOIN organisations_statement statement ON statement.id = line.statement_id
JOIN organisations_organisation asking ON asking.id = statement.asking_id
LEFT JOIN organisations_agreement agreement ON agreement.id = whole.agreement_id
WHERE statement.asked_id = %(organisation)s
  AND statement.month >= %(first)s AND statement.month < %(after)s
GROUP BY asking.id, asking.name, agreement.id
ORDER BY 5 DESC, 1, 2
LIMIT %(most)s
"""


@dataclass(frozen=True)
class Credit:
    """The months of one doctor at one institution, the oldest first, and for whom it was."""

    doctor: User
    organisation: Organisation
    months: list[Month]
    agreed: list[Agreed]

    @property
    def whole(self) -> Month:
        """All the months in one; a median has no sum."""
        total: defaultdict[str, float] = defaultdict(float)
        for month in self.months:
            for name, count in month.counts.items():
                total[name] += count
        total.pop("minutes", None)
        return Month(self.months[0].first, running=False, counts=total)


def get_doctor(actor: User, user_id: UUID) -> User:
    """One whose credit the actor may see. Hidden and absent look the same."""
    here = actor.organisation_id
    known = is_own(actor, user_id) or (
        may_list(actor) and _specialists(here).filter(pk=user_id).exists()
    )
    doctor = User.objects.filter(pk=user_id).first() if known and here else None
    if doctor is None:
        raise NotFound(_("Not found, or not yours to know of."), path="credit")
    return doctor


def find_credit(*, doctor: User, organisation: Organisation, until: date) -> Credit:
    """Thirteen months of that doctor there, the last one `until`."""
    firsts = months_until(until, MONTHS)
    after = month_after(until)
    values: dict[str, Any] = {
        "doctor": doctor.pk,
        "organisation": organisation.pk,
        "start": midnight(firsts[0]),
        "end": midnight(after),
        "first": firsts[0],
        "after": after,
        "now": timezone.now(),
        "most": MOST_AGREEMENTS,
    }
    counts: defaultdict[str, dict[str, float]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(STATEMENT, values)
        for month, name, count in cursor.fetchall():
            counts[month][name] = float(count)
        cursor.execute(AGREEMENTS, values)
        agreed = [Agreed(*row) for row in cursor.fetchall()]
    now = timezone.localdate().replace(day=1)
    months = [Month(first, first == now, counts[f"{first:%Y-%m}"]) for first in firsts]
    return Credit(doctor, organisation, months, agreed)


@dataclass(frozen=True)
class People:
    doctors: list[User]
    after: str


def list_doctors(actor: User, *, text: str, after: str) -> People:
    """The specialists of the own institution by name, a page at a time."""
    doctors = _specialists(actor.organisation_id).select_related("practitioner")
    if text:
        doctors = doctors.filter(name__icontains=text)
    if after:
        name, last = _mark(after)
        doctors = doctors.filter(Q(name__gt=name) | Q(name=name, pk__gt=last))
    found = list(doctors.order_by("name", "pk")[: PAGE + 1])
    return People(found[:PAGE], str(found[PAGE - 1].pk) if len(found) > PAGE else "")


def _specialists(organisation_id: UUID | None) -> QuerySet[User]:
    """Also who has left: what they did stays theirs and the institution's."""
    roles = PractitionerRole.objects.filter(
        user=OuterRef("pk"), organisation=organisation_id, role=Role.SPECIALIST
    )
    return User.objects.filter(Exists(roles))


def _mark(after: str) -> tuple[str, UUID]:
    try:
        last = UUID(after)
    except ValueError:
        raise Invalid(_("This page of the list does not exist."), path="after") from None
    name = User.objects.filter(pk=last).values_list("name", flat=True).first()
    if name is None:
        raise Invalid(_("This page of the list does not exist."), path="after")
    return name, last
