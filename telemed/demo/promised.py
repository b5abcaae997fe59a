"""Duties of the family doctors in each state that a page has words for; synthetic."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import partial

from django.utils import timezone

from scheduling.duties import services
from scheduling.duties.models import Code, Duty, Status
from scheduling.duties.services import Findings
from scheduling.registration import queries as registration
from scheduling.registration.models import IN_CARE, Contract
from telemed.core import publication
from telemed.core.intentions import Actor, System, require_intention
from telemed.demo.accounts import get_user
from telemed.people.models import User

PLANNER = System("planner")
Act = tuple[Actor, Callable[[], object]]
RESIDENT, WARNED, LATE = "吴金花", "曾庆云", "杨正明"
FINE = Findings(mode="face_to_face", systolic=142, diastolic=86, note="按时服药，无不适")
HIGH = Findings(mode="face_to_face", systolic=186, diastolic=112, note="头晕两天，自行停药一周")
ABLE = {f"item-{name}": "0" for name in ("eating", "washing", "dressing", "toilet", "moving")}
BY_PHONE = Findings(mode="remote", note="电话评估，生活能够自理", entries=ABLE)
EXAM = replace(
    FINE,
    glucose=Decimal("5.6"),
    entries={
        "item-smoking": "never",
        "item-drinking": "sometimes",
        "item-exercise": "daily",
        "item-height": "156.5",
        "item-weight": "58.0",
        "item-waist": "84.0",
        "item-pulse": "72",
        "item-hb": "128",
        "item-wbc": "5.60",
        "item-plt": "210",
        "item-urine_protein": "-",
        "item-urine_sugar": "-",
        "item-urine_ketones": "-",
        "item-urine_blood": "-",
        "item-alt": "22",
        "item-ast": "25",
        "item-bilirubin": "11.2",
        "item-creatinine": "71",
        "item-urea": "5.30",
        "item-chol": "4.85",
        "item-tg": "1.42",
        "item-ldl": "2.90",
        "item-hdl": "1.30",
        "item-ecg": "normal",
        "not-ultrasound": "elsewhere",
    },
)
PAST, KEPT = 12, 10  # visits that left their window, and how many of them were kept
QUARTER, LATE_BY = timedelta(days=90), timedelta(days=50)


def story() -> Iterator[Act]:
    """The first team: a year behind it, today's list, a warning, one to confirm, two disputed."""
    leader = get_user("township")
    teams = registration.teams_of(leader)
    if not teams or Duty.objects.filter(served_by__isnull=False).exists():
        return
    [team] = teams[:1]
    contracts = list(
        Contract.objects.filter(team=team, status__in=IN_CARE)
        .select_related(*registration.SHOWN, "assignment")
        .order_by("pk")
    )
    for contract in contracts:
        yield PLANNER, partial(services.begin, contract)
    yield PLANNER, partial(_lay_past, contracts)
    yield PLANNER, partial(_delay, contracts)
    colleague = registration.doctors_of(team)[-1]
    resident = get_user("resident")
    yield from _serve(leader, contracts, RESIDENT, Code.HYPERTENSION, FINE)
    yield from _serve(leader, contracts, WARNED, Code.HYPERTENSION, HIGH)
    yield from _serve(colleague, contracts, RESIDENT, Code.SELF_CARE, BY_PHONE)
    for duty in Duty.objects.filter(
        contract__in=contracts, rule=Code.SELF_CARE, status=Status.DONE
    ):
        yield resident, partial(services.dispute, actor=resident, duty_id=duty.pk)
    yield from _serve(leader, contracts, RESIDENT, Code.ELDERLY_EXAM, EXAM)
    for duty in Duty.objects.filter(  # by the leader: it is the county's
        contract__in=contracts, rule=Code.ELDERLY_EXAM, status=Status.DONE
    ):
        yield resident, partial(services.dispute, actor=resident, duty_id=duty.pk)


def _serve(
    actor: User, contracts: list[Contract], name: str, code: Code, found: Findings
) -> Iterator[Act]:
    there = [one.pk for one in contracts if one.patient.name == name]
    for duty in Duty.objects.filter(contract__in=there, rule=code, status=Status.DUE)[:1]:
        yield actor, partial(services.serve, actor=actor, duty_id=duty.pk, found=found)


def _lay_past(contracts: list[Contract]) -> None:
    """As if the team had served for a year: most visits kept, two missed."""
    require_intention()
    today, made = timezone.localdate(), []
    for n in range(PAST):
        contract = contracts[n % len(contracts)]
        due_on = today - QUARTER - n // len(contracts) * QUARTER
        kept = n < KEPT
        made.append(
            Duty(
                contract=contract,
                rule=Code.HYPERTENSION,
                due_on=due_on,
                closes_on=due_on + QUARTER,
                face=True,
                status=Status.CONFIRMED if kept else Status.MISSED,
                mode="face_to_face" if kept else "",
                served_by=contract.doctor if kept else None,
                served_at=timezone.now() - (today - due_on) if kept else None,
                confirmed_at=timezone.now() - (today - due_on) if kept else None,
            )
        )
    publication.publish_new(Duty.objects.bulk_create(made))


def _delay(contracts: list[Contract]) -> None:
    """One visit that is red."""
    require_intention()
    there = [one.pk for one in contracts if one.patient.name == LATE]
    for duty in Duty.objects.filter(contract__in=there, status=Status.DUE).order_by("rule")[:1]:
        duty.due_on -= LATE_BY
        duty.save(update_fields=["due_on"])
        publication.publish(duty)
