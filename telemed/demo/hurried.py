"""Green channels: one under way and one that ended well; synthetic."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial

from django.utils import timezone

from records.mpi.models import Patient
from scheduling.greens import services
from scheduling.greens.models import Green, Kind
from scheduling.greens.services import Wish
from scheduling.referrals.models import LIVE
from telemed.core.ids import new_id
from telemed.core.intentions import Actor
from telemed.demo import province
from telemed.demo.accounts import get_user
from telemed.organisations.models import Department, Organisation, Specialty
from telemed.people.models import Role, User

Act = tuple[Actor, Callable[[], object]]
MINUTE = timedelta(minutes=1)
# Minutes after the first contact, by whom: c the clinic, h the hospital.
STROKE = (
    *(("depart", 21, "c"), ("arrive", 46, "h"), ("ct", 62, "h")),
    *(("decision", 74, "h"), ("needle", 88, "h")),
)
CHEST_PAIN = (("ecg", 6, "c"), ("sent", 8, "c"), ("read", 11, "h"), ("decision", 14, "h"))


def story() -> Iterator[Act]:
    """Who does what; the door opens an intention for each."""
    if Green.objects.exists():
        return
    sender = get_user("township")
    patients = _patients(sender)
    now = timezone.now()
    for patient, kind, specialty, ago, stamps in zip(
        patients,
        (Kind.STROKE, Kind.CHEST_PAIN),
        (Specialty.NEUROLOGY, Specialty.CARDIOLOGY),
        (110, 18),
        (STROKE, CHEST_PAIN),
        strict=False,
    ):
        doctor = _doctor(specialty)
        if doctor is not None:
            yield from _one(sender, doctor, patient, kind, now - ago * MINUTE, stamps)


def _one(
    sender: User,
    doctor: User,
    patient: Patient,
    kind: str,
    contact: datetime,
    stamps: tuple[tuple[str, int, str], ...],
) -> Iterator[Act]:
    made: list[Green] = []
    vitals = "血压 168/96，脉搏 92，血氧 95"
    wish = Wish(kind=kind, contact_at=contact, vitals=vitals)

    def begin() -> None:
        made.append(services.open_green(actor=sender, patient=patient, wish=wish))

    yield sender, begin
    green = made[0]
    yield doctor, partial(services.acknowledge, actor=doctor, green_id=green.pk)
    for station, minutes, side in stamps:
        actor = sender if side == "c" else doctor
        yield (
            actor,
            partial(
                services.stamp,
                actor=actor,
                green_id=green.pk,
                station=station,
                key=new_id(),
                at=contact + minutes * MINUTE,
            ),
        )
    if kind == Kind.STROKE:
        yield (
            doctor,
            partial(services.end, actor=doctor, green_id=green.pk, outcome="treated"),
        )


def _patients(sender: User) -> list[Patient]:
    """One for the stroke, and one whom no open referral to cardiology would be replaced for."""
    grown = timezone.localdate() - timedelta(days=366 * 30)
    rows = Patient.objects.filter(
        managing_organisation=sender.organisation_id,
        merged_into=None,
        user=None,
        birth_date__lt=grown,
    ).order_by("pinyin", "pk")
    heart = rows.exclude(referrals__status__in=LIVE).first()
    if heart is None:
        return []
    return [*rows.exclude(pk=heart.pk)[:1], heart]


def _doctor(specialty: str) -> User | None:
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    department = Department.objects.filter(organisation=hospital, specialty=specialty).first()
    working = User.objects.filter(
        roles__department=department, roles__role=Role.SPECIALIST, roles__ends_on=None
    )
    return working.order_by("username").first() if department else None
