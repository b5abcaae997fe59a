"""The story's hospital has people on duty, this month and the next, whenever a demo starts."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from itertools import pairwise

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils import timezone

from telemed.audit import services as audit
from telemed.core.intentions import require_intention
from telemed.demo import province
from telemed.organisations.models import Organisation
from telemed.people import licences
from telemed.people.models import Practitioner, PractitionerRole, Role, User
from telemed.rota.clock_rows import start_clocks
from telemed.rota.coverage import days_of, midnight, month_before, next_month
from telemed.rota.models import Rota, Shift, month_of
from telemed.staff.models import Entry

CHANGE = time(8)  # when one goes and the next comes


def lay_rotas() -> int:
    """Publish what is missing of this month and the next; how many months were."""
    require_intention()
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    this = month_of(timezone.now())
    months = [this, next_month(this)]
    there = Rota.objects.filter(organisation=hospital, month__in=months, state="published")
    missing = sorted(set(months) - set(there.values_list("month", flat=True)))
    for month in missing:
        _lay_month(hospital, month)
    return len(missing)


def lay_renewal() -> None:
    """One licence waits to be verified, so that the medical office has something to look at."""
    require_intention()
    held = Practitioner.objects.get(user__username="specialist2")
    kept = ("user", "title", "licence_no", "specialty", "practising_since")
    Entry.objects.create(
        **{name: getattr(held, name) for name in kept},
        licensed_until=held.licensed_until.replace(year=held.licensed_until.year + 5),
        entered_by=User.objects.get(username="admin"),
    )


def _lay_month(hospital: Organisation, month: date) -> None:
    before = Rota.objects.filter(organisation=hospital, month=month).order_by("-version").first()
    rota = Rota.objects.create(
        organisation=hospital,
        month=month,
        version=before.version + 1 if before else 1,
        state=Rota.State.PUBLISHED,
        published_at=timezone.now(),
        gap_reason="演示数据",
    )
    Shift.objects.bulk_create(_shifts(rota, hospital), batch_size=500)
    audit.record(action="rota.publish", target=rota)
    start_clocks(rota=rota, before=None)


def _shifts(rota: Rota, hospital: Organisation) -> Iterator[Shift]:
    for specialty, people in _callable(hospital, max(rota.month, timezone.localdate())).items():
        yield from _turns(rota, people, Shift.Kind.FIRST_CALL, specialty)
        if len(people) > 1:
            second = [*people[1:], people[0]]  # the next day's first call
            yield from _turns(rota, second, Shift.Kind.SECOND_CALL, specialty)
    if directors := _directors(hospital):
        yield from _turns(rota, directors, Shift.Kind.DIRECTOR)


def _turns(
    rota: Rota, people: Sequence[User], kind: Shift.Kind, specialty: str = ""
) -> Iterator[Shift]:
    """
    One after the other, a day each, from eight to eight.

    The small hours of the first day are the month before's; where that was not laid, its own.
    """
    for n, (start, end) in enumerate(pairwise(_changes(rota.month))):
        if n == 0 and _has_month_before(rota):
            continue
        yield Shift(
            rota=rota,
            user=people[max(n - 1, 0) % len(people)],
            kind=kind,
            specialty=specialty,
            during=DateTimeTZRange(start, end),
            in_force=True,
        )


def _changes(month: date) -> list[datetime]:
    """Midnight of the first, each morning, the morning after the last."""
    return [
        midnight(month),
        *(_at(day, CHANGE) for day in days_of(month)),
        _at(next_month(month), CHANGE),
    ]


def _callable(hospital: Organisation, day: date) -> dict[str, list[User]]:
    """Who passes the licence gate, by specialty."""
    held = PractitionerRole.objects.filter(
        organisation=hospital, role=Role.SPECIALIST, ends_on=None
    )
    doctors = Practitioner.objects.filter(user__in=held.values("user")).select_related("user")
    people: dict[str, list[User]] = {}
    for doctor in doctors.prefetch_related("user__roles").order_by("pk"):
        specialty = doctor.specialty
        if licences.why_not(doctor, specialty, hospital, day, answering=True) is None:
            people.setdefault(specialty, []).append(doctor.user)
    return people


def _directors(hospital: Organisation) -> list[User]:
    held = PractitionerRole.objects.filter(organisation=hospital, role=Role.DIRECTOR, ends_on=None)
    return list(User.objects.filter(pk__in=held.values("user")).order_by("pk"))


def _has_month_before(rota: Rota) -> bool:
    before = Rota.objects.filter(organisation=rota.organisation_id, state=Rota.State.PUBLISHED)
    return before.filter(month=month_before(rota.month)).exists()


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
