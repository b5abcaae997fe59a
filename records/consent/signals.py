"""
Risk signals over the trace: records opened or looked up without a relation, and one account that
opens a great many.

They say how many. Who it was and whose record stands on the auditor's page of looks (looking.py),
which counts the same rows as without a relation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.db.models.functions import TruncHour
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.consent.looking import UNRELATED
from records.consent.models import Basis, CareAccess
from records.mpi.models import Member, Patient, Relation
from telemed.audit import queries as trace
from telemed.core import policies
from telemed.organisations.models import Organisation
from telemed.oversight import signals
from telemed.oversight.indicators import Period
from telemed.oversight.rules import GROUP
from telemed.oversight.signals import Facts

NO_RELATION, MANY = "access_no_relation", "people_an_hour"
LEAST, AN_HOUR = "signal.no_relation", "signal.people_an_hour"
WITHIN = timedelta(hours=24)  # in which a relation may still come about
OPENED = Q(action__endswith=".read") | Q(action__in=["person.look", "person.find", "person.use"])


def define() -> None:
    """Called in ready()."""
    policies.define(
        LEAST,
        label=gettext_lazy("Signal: people looked up without a relation, from"),
        kind=policies.Count(least=1, most=1000),
        default=1,
        group=GROUP,
        unit=gettext_lazy("people"),
        help=gettext_lazy("In a month, by number or in an emergency, and not treated in 24 hours."),
        province_only=True,
    )
    policies.define(
        AN_HOUR,
        label=gettext_lazy("Signal: people whose records one account opens in an hour, above"),
        kind=policies.Count(least=20, most=5000),
        default=200,
        group=GROUP,
        unit=gettext_lazy("people"),
        province_only=True,
    )


def register() -> None:
    """Called in ready()."""
    signals.register(
        signals.Rule(
            key=NO_RELATION,
            name=gettext_lazy("Records opened without a relation"),
            count=_unrelated,
            say=_say_unrelated,
        )
    )
    signals.register(
        signals.Rule(
            key=MANY,
            name=gettext_lazy("Very many records opened by one account"),
            count=_many,
            say=_say_many,
        )
    )


@dataclass(frozen=True)
class Look:
    organisation: UUID
    patient: UUID
    at: datetime


def _unrelated(period: Period) -> Mapping[UUID, Facts]:
    """Of the looks whose 24 hours were over in that time: each is judged once, and not early."""
    least = policies.value(LEAST)
    until = min(period.end, timezone.now()) - WITHIN
    rows = trace.rows_within(period.start - WITHIN, until).filter(UNRELATED)
    looks = [
        Look(UUID(organisation), UUID(patient), at)
        for organisation, patient, at in rows.values_list("organisation_id", "patient_id", "at")
    ]
    related = _Related(looks)
    people: dict[UUID, set[UUID]] = {}
    for look in looks:
        if not related.holds(look):
            people.setdefault(look.organisation, set()).add(look.patient)
    return {
        organisation: {"n": len(found)}
        for organisation, found in people.items()
        if len(found) >= least
    }


class _Related:
    """
    What related institutions to the people they looked up: care, or that they entered them as
    somebody's relative or in a household, which is what a number is asked for at the desk.
    """

    def __init__(self, looks: Iterable[Look]) -> None:
        people = {look.patient for look in looks}
        places = {look.organisation for look in looks}
        self.began: dict[tuple[UUID, UUID], list[tuple[datetime | None, datetime | None]]] = {}
        rids = dict(Patient.objects.filter(pk__in=people).values_list("rid", "pk"))
        numbers = dict(Organisation.objects.filter(pk__in=places).values_list("number", "pk"))
        care = CareAccess.objects.filter(patient__in=rids, org__in=numbers)
        for org, rid, since, until in care.exclude(basis=Basis.BREAK_GLASS).values_list(
            "org", "patient", "since", "until"
        ):
            self._note(numbers[org], rids[rid], since, until)
        relations = Relation.objects.filter(organisation__in=places)
        for side in ("subject", "delegate"):
            mine = relations.filter(**{f"{side}__in": people})
            for place, person, at in mine.values_list("organisation", side, "created_at"):
                self._note(place, person, at, None)
        members = Member.objects.filter(household__organisation__in=places, person__in=people)
        for place, person, at in members.values_list(
            "household__organisation", "person", "created_at"
        ):
            self._note(place, person, at, None)

    def holds(self, look: Look) -> bool:
        """At the look or within 24 hours after it."""
        return any(
            (since is None or since <= look.at + WITHIN) and (until is None or until > look.at)
            for since, until in self.began.get((look.organisation, look.patient), ())
        )

    def _note(
        self, place: UUID, person: UUID, since: datetime | None, until: datetime | None
    ) -> None:
        self.began.setdefault((place, person), []).append((since, until))


def _many(period: Period) -> Mapping[UUID, Facts]:
    """By institution: in how many hours an account did, and the most people in one of them."""
    limit = policies.value(AN_HOUR)
    rows = trace.by_accounts(trace.rows_within(period.start, period.end)).filter(OPENED)
    hours = rows.order_by().values("organisation_id", "actor_id", hour=TruncHour("at"))
    # Rows are counted over the whole month, people only where there are rows enough: that sorts.
    busy = hours.annotate(rows=Count("id")).filter(rows__gt=limit)
    found: dict[UUID, Facts] = {}
    for organisation, actor, hour in busy.values_list("organisation_id", "actor_id", "hour"):
        mine = rows.filter(organisation_id=organisation, actor_id=actor)
        within = mine.filter(at__gte=hour, at__lt=hour + timedelta(hours=1))
        people = within.aggregate(n=Count("patient_id", distinct=True))["n"]
        if people > limit:
            facts = found.setdefault(UUID(organisation), {"n": 0, "most": 0, "limit": limit})
            facts["n"], facts["most"] = facts["n"] + 1, max(facts["most"], people)
    return found


def _say_unrelated(facts: Mapping[str, Any]) -> str:
    return _(
        "People whose record was looked up by number or opened in an emergency, and who had no "
        "relation to the institution within 24 hours: {n}. The auditor's page of looks says who."
    ).format(**facts)


def _say_many(facts: Mapping[str, Any]) -> str:
    return _(
        "Hours in which one account opened the records of more than {limit} people: {n}; at most "
        "{most} people."
    ).format(**facts)
