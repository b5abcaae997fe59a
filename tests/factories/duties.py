"""Duties in each state."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from unittest.mock import patch

from django.utils import timezone

from scheduling.duties import calendar, parts, services
from scheduling.duties.items import Item
from scheduling.duties.models import Code, Duty, Kind, Plan, Reading, Status
from scheduling.duties.services import Findings
from scheduling.registration.models import Group
from scheduling.registration.queries import leader_of
from telemed.core.intentions import System, intention
from tests.factories.registration import resident_of, signed

NOT_AGAIN = date(2999, 1, 1)  # the record of the tests is empty
FINE = Findings(mode="face_to_face", systolic=138, diastolic=84, note="按时服药，无不适")
HIGH = Findings(mode="face_to_face", systolic=182, diastolic=96)
SWEET = Findings(mode="face_to_face", glucose=Decimal("16.7"))


def unremarkable(item: Item) -> str:
    """A value of that item that is none to worry about."""
    if item.choices:
        return item.choices[0].value
    low = item.low if item.warns_to is None else item.warns_to
    high = item.high if item.warns_from is None else item.warns_from
    return str(round((low + high) / 2, item.places))


def entered(*keys: str) -> dict[str, str]:
    """All items of these parts."""
    return {item.field: unremarkable(item) for part in parts.of_keys(keys) for item in part.items}


def whole(duty: Duty, **more) -> Findings:
    """The form of that service, with all that the norm asks for."""
    keys = (part.key for part in calendar.parts(duty))
    return replace(FINE, glucose=Decimal("5.6"), entries=entered(*keys) | more)


def elder_of(team, **facts):
    """Somebody of seventy, so that there is something to do."""
    today = timezone.localdate()
    return resident_of(team, birth_date=date(today.year - 71, 1, 1), **facts)


def begun(team, *groups: Group, patient=None, contract=None):
    """A contract in force whose duties are planned and, where their window has come, due."""
    patient = patient or (None if contract else resident_of(team, birth_date=date(1970, 1, 1)))
    contract = contract or signed(team, patient)
    told = [one.value for one in groups]
    with (
        patch("scheduling.duties.services.planning._by_record", return_value=told),
        intention(System("planner"), door="test"),
    ):
        plan = services.begin(contract)
        Plan.objects.filter(pk=plan.pk).update(groups=told, read_on=NOT_AGAIN)
        services.plan_part([plan.pk])
        services.open_part(of=contract)
    return contract


def due(team, rule=Code.HYPERTENSION, *, group=Group.HYPERTENSION, patient=None) -> Duty:
    contract = begun(team, group, patient=patient)
    return Duty.objects.get(contract=contract, rule=rule, status=Status.DUE)


def serve(duty, actor=None, found=FINE) -> Duty:
    actor = actor or leader_of(duty.contract.team)
    with intention(actor, door="test"):
        return services.serve(actor=actor, duty_id=duty.pk, found=found)


def seen_before(duty, *, days=90, **values) -> Duty:
    """What a visit of the same kind had measured so many days ago."""
    kind = Kind.GLUCOSE if "glucose" in values else Kind.PRESSURE
    day = timezone.now() - timedelta(days=days)
    before = Duty.objects.create(
        contract=duty.contract,
        rule=duty.rule,
        due_on=day.date(),
        closes_on=day.date() + timedelta(days=days),
        face=duty.face,
        status=Status.CONFIRMED,
        mode="face_to_face",
        served_by=duty.contract.doctor,
        served_at=day,
        **values,
    )
    Reading.objects.create(
        duty=before, kind=kind, taken_by=duty.contract.doctor, taken_at=day, **values
    )
    return duty


def served(team, actor=None, **more) -> Duty:
    return serve(due(team, **more), actor or team.leader)


def left_window(contract, n, *, kept=0, face=True, day=None) -> None:
    """So many duties whose window is over, the newest on that day, the first of them confirmed."""
    day = day or timezone.localdate() - timedelta(days=40)
    doctor = contract.doctor
    for number in range(n):
        done = number < kept
        Duty.objects.create(
            contract=contract,
            rule=Code.HYPERTENSION if face else Code.SELF_CARE,
            due_on=day - timedelta(days=number),
            closes_on=day,
            face=face,
            status=Status.CONFIRMED if done else Status.MISSED,
            mode="face_to_face" if done else "",
            served_by=doctor if done else None,
            served_at=timezone.now() if done else None,
        )
