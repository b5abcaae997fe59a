"""What people do in the played day, by the services that their pages call."""

import base64
import random
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from consult.opinions import services as opinions
from consult.requests import services as requests
from consult.requests.models import OPEN, UNANSWERED, Case, Grade, Kind, Offer, Outcome
from consult.requests.policies import outcome_due
from consult.requests.queries import get_case
from telemed.core.intentions import require_intention
from telemed.demo.accounts import PIN
from telemed.demo.day import people
from telemed.demo.day.people import Request
from telemed.organisations.models import Specialty
from telemed.people.models import User

DOT = base64.b64decode(  # one pixel: who signs, signs
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGBgAAAABQABpfZFQAAAAABJRU5ErkJggg=="
)
OFF_DUTY = "演示：病人在场等候"
REASONS = {
    Specialty.NEUROLOGY: "头晕 3 天，左侧肢体乏力",
    Specialty.CARDIOLOGY: "胸闷 2 天，活动后加重",
    Specialty.RESPIRATORY: "咳嗽咳痰 1 周，气促",
    Specialty.NEUROSURGERY: "头部外伤后头痛 6 小时",
    Specialty.EMERGENCY: "腹痛 4 小时，伴呕吐",
}
AIM = "明确诊断，指导治疗"
SUMMARY = "模拟病例（演示）。{reason}。血压 {systolic}/{diastolic} mmHg，心率 {pulse} 次/分。"
TEXTS = {
    "findings": "模拟意见（演示）：所附资料已阅。",
    "conclusion": "考虑与申请所述相符，暂无手术指征。",
    "recommendations": "1. 监测生命体征\n2. 3 天后复诊，加重随时联系",
}
OUTCOMES = ("better", "better", "better", "same", "worse", "referred")
NOT_ADOPTED = "家属要求转上级医院"


@dataclass(frozen=True)
class Waiting:
    """A doctor whose answer to a case is open."""

    offer: UUID
    case: UUID
    doctor: UUID


def draft(*, actor: User, request: Request, chance: random.Random) -> UUID:
    """The request as it is typed. The patient is one of the clinic's."""
    require_intention()
    patient = people.patient_for(actor, chance)
    case = requests.draft_case(actor=actor, patient=patient, kind=request.kind)
    emergency = request.kind == Kind.EMERGENCY
    requests.save_draft(
        actor=actor,
        case_id=case.pk,
        reason=REASONS[request.specialty],
        aim=AIM,
        summary=SUMMARY.format(
            reason=REASONS[request.specialty],
            systolic=chance.randint(110, 180),
            diastolic=chance.randint(65, 105),
            pulse=chance.randint(58, 118),
        ),
        specialty=request.specialty,
        wanted_time="now" if emergency else "today",
        **({} if emergency else {"grade": _grade(request)}),
        asked=request.asker.hospital,
    )
    return case.pk


def _grade(request: Request) -> Grade:
    """A weak arm or leg should not wait behind what can."""
    return Grade.PRIORITY if request.specialty == Specialty.NEUROLOGY else Grade.ROUTINE


def consent(*, actor: User, case_id: UUID) -> None:
    """Drawn on the screen by the patient."""
    require_intention()
    case = get_case(actor, case_id)
    requests.attach_consent(
        actor=actor,
        case_id=case_id,
        method="drawn",
        relation="self",
        signer_name=case.patient.name,
        signature=DOT,
        fee_shown=requests.fee_of(case) or 0,
    )


def send(*, actor: User, case_id: UUID) -> None:
    require_intention()
    requests.submit_case(actor=actor, case_id=case_id)


def waiting(*, cases: list[UUID]) -> list[Waiting]:
    """Whose answer is open now, also of those whom a clock or a refusal brought in."""
    require_intention()
    offers = Offer.objects.filter(
        case__in=cases, status__in=Offer.WAITING, case__status__in=UNANSWERED
    )
    return [Waiting(*row) for row in offers.order_by("pk").values_list("pk", "case", "doctor")]


def still_open(*, cases: list[UUID]) -> list[UUID]:
    """Those in which something may still happen."""
    require_intention()
    return list(Case.objects.filter(pk__in=cases, status__in=OPEN).values_list("pk", flat=True))


def look(*, actor: User, case_id: UUID) -> None:
    """The card is opened: it is read, and that leaves its trace."""
    require_intention()
    case = get_case(actor, case_id)
    requests.read_offer(actor=actor, case=case)
    requests.open_case(actor=actor, case=case)


def accept(*, actor: User, case_id: UUID) -> None:
    require_intention()
    requests.accept_case(actor=actor, case_id=case_id)


def decline(*, actor: User, case_id: UUID, chance: random.Random) -> None:
    require_intention()
    code = chance.choice([Offer.Decline.SCOPE, Offer.Decline.TIME])
    requests.decline_case(actor=actor, case_id=case_id, code=code)


def write(*, actor: User, case_id: UUID) -> None:
    """The opinion is saved as it is typed; the consult is in progress."""
    require_intention()
    opinions.save_draft(actor=actor, case_id=case_id, version=None, **TEXTS)


def sign(*, actor: User, case_id: UUID) -> None:
    require_intention()
    opinions.sign_opinion(actor=actor, case_id=case_id, pin=PIN, off_duty=OFF_DUTY)


def decide(*, actor: User, case_id: UUID, decision: str) -> None:
    """The receipt, which closes the case."""
    require_intention()
    requests.give_receipt(
        actor=actor,
        case_id=case_id,
        version=1,
        decision=decision,
        reason="" if decision == "adopted" else NOT_ADOPTED,
    )


def outcomes_due(*, now: datetime, limit: int) -> list[tuple[UUID, UUID, int]]:
    """(case, asking doctor, day) of earlier days' cases whose day has come and nobody has told."""
    require_intention()
    signed = Case.objects.filter(
        number__startswith="C", opinions__version=1, status__in=["closed", "archived"]
    )
    rows = signed.values_list("pk", "requester", "opinions__signed_at").order_by("-pk")
    told = set(Outcome.objects.values_list("case", "day"))
    return [
        (case, doctor, day)
        for case, doctor, signed_at in rows[: 10 * limit]
        for day in Outcome.DAYS
        if outcome_due(day, signed_at) <= now and (case, day) not in told
    ][:limit]


def tell_outcome(*, actor: User, case_id: UUID, day: int, chance: random.Random) -> None:
    require_intention()
    requests.record_outcome(actor=actor, case_id=case_id, day=day, result=chance.choice(OUTCOMES))
