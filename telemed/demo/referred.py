"""One referral in each state that a page has words for; synthetic."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import partial
from uuid import UUID

from django.utils import timezone

from records.mpi.models import Patient
from scheduling.availability.models import Pool
from scheduling.availability.queries import open_periods
from scheduling.referrals import queries, services
from scheduling.referrals.models import Purpose, Referral
from scheduling.referrals.services import HandOver, Wish
from scheduling.referrals.services.answering import Offer
from scheduling.referrals.services.arriving import miss
from telemed.core.errors import Conflict
from telemed.core.intentions import Actor, System, attempt
from telemed.demo import province
from telemed.demo.accounts import get_user
from telemed.organisations.models import Department, Organisation, Specialty
from telemed.people.models import Role, User

CLOCKS = System("clocks")
TRIES = 60  # places: some days of them
LIVE = 5  # patients: those on the way at the same time, and one more
Act = tuple[Actor, Callable[[], object]]
REASONS = {
    "waiting": ("活动后气短两周加重", "双下肢水肿，利尿剂效果不佳。"),
    "questioned": ("反复胸闷，心电图有改变", "心率 96 次/分，血压 148/92 mmHg。"),
    "booked": ("心悸半年，要求动态心电图", "偶有早搏，乡卫生院无法检查。"),
    "declined": ("怀疑心包积液，需超声", "心音遥远，颈静脉充盈。"),
    "missed": ("胸痛一周，活动时明显", "休息后缓解，心电图 T 波低平。"),
    "there": ("高血压三级，药物控制不佳", "三种药物联用，血压 170/100 mmHg。"),
    "back": ("突发心慌，疑似房颤", "脉搏短绌，已口服倍他乐克。"),
    "closed": ("冠心病支架术后胸闷", "双抗治疗中，近期停药一周。"),
    "withdrawn": ("头晕乏力，心率偏慢", "心率 48 次/分。"),
}


@dataclass
class Road:
    """One patient on the way, and the people on both sides."""

    patient: Patient
    department: Department
    sender: User
    coordinator: User
    doctor: User
    key: UUID | None = field(default=None)

    def send(self, name: str) -> Act:
        return self.sender, partial(self._send, *REASONS[name])

    def _send(self, reason: str, summary: str) -> None:
        wish = Wish(department_id=self.department.pk, reason=reason, summary=summary)
        self.key = services.send(actor=self.sender, patient=self.patient, wish=wish).pk

    def send_down(self, clinic: Department) -> Act:
        return self.doctor, partial(self._send_down, clinic)

    def _send_down(self, clinic: Department) -> None:
        """Back from the hospital, with what the family doctor goes on with."""
        due = timezone.localdate() + timedelta(days=7)
        self.key = services.send_down(
            actor=self.doctor,
            patient=self.patient,
            purpose=Purpose.REHABILITATION,
            wish=Wish(department_id=clinic.pk, reason="心脏康复，请每周随访一次"),
            hand_over=HandOver(
                diagnosis="冠心病，支架植入术后",
                done="冠脉造影，植入支架 1 枚，术后恢复平稳",
                medicines="阿司匹林 100 mg 每日一次；替格瑞洛 90 mg 每日两次",
                items=[("测血压、心率，查看伤口", due), ("康复运动指导", due + timedelta(days=7))],
            ),
        ).pk

    def do(self, actor: User, service: Callable[..., object], **sent: object) -> Act:
        return actor, lambda: service(actor=actor, referral_id=self.key, **sent)

    def accept(self) -> Act:
        return self.coordinator, self._accept

    def _accept(self) -> None:
        """With the place that was kept, else the first at which the patient is not elsewhere."""
        free = open_periods([Pool.REFERRAL]).filter(department=self.department)
        for offer in (Offer(), *(Offer(period_id=one.pk) for one in free[:TRIES])):
            with suppress(Conflict), attempt():
                services.accept(
                    actor=self.coordinator, referral_id=self.key or UUID(int=0), offer=offer
                )
                return

    def give_bed(self) -> Act:
        bed = Offer(place="心内科 6 床", expected_at=timezone.now() + timedelta(hours=20))
        return self.do(self.coordinator, services.accept, offer=bed)

    def arrive(self) -> Act:
        number = self.patient.id_card_tail
        return self.do(self.coordinator, services.arrive, number=number)

    def miss(self) -> Act:
        return CLOCKS, lambda: miss(referral=queries.lock_referral(self.key or UUID(int=0)))

    def begin(self) -> Act:
        return self.do(self.doctor, services.begin)

    def hand_back(self) -> Act:
        due = timezone.localdate() + timedelta(days=14)
        return self.do(
            self.doctor,
            services.hand_back,
            diagnosis="阵发性心房颤动",
            done="动态心电图、超声心动图；药物复律成功",
            medicines="利伐沙班 15 mg 每日一次；倍他乐克 25 mg 每日两次",
            items=[("复查心电图", due), ("测血压、脉搏，每周一次", due - timedelta(days=7))],
        )


def story() -> Iterator[Act]:
    """Who does what about whom; the door opens an intention for each."""
    if Referral.objects.exists():
        return
    roads = _roads()
    if len(roads) < LIVE:
        return
    # What is over comes first: the same patient has one open referral to a department at a time.
    ways: dict[str, list[Callable[[Road], Act]]] = {
        "declined": [
            lambda one: one.do(
                one.coordinator,
                services.decline,
                reason="超声医生本周外出进修",
                elsewhere="贵阳市的医院",
            )
        ],
        "missed": [Road.give_bed, Road.miss],
        "back": [Road.give_bed, Road.arrive, Road.hand_back],
        "closed": [
            *(Road.give_bed, Road.arrive, Road.hand_back),
            lambda one: one.do(one.sender, services.take_plan),
        ],
        "withdrawn": [
            lambda one: one.do(one.sender, services.cancel, reason="家属决定先在乡里观察")
        ],
        "there": [Road.give_bed, Road.arrive, Road.begin],
        "waiting": [],
        "questioned": [
            lambda one: one.do(one.doctor, services.ask, text="请补充近一周的血压和心电图")
        ],
        "booked": [Road.accept],
    }
    for n, (name, acts) in enumerate(ways.items()):
        one = roads[0] if name == "booked" else roads[1 + n % (len(roads) - 1)]
        yield one.send(name)
        for act in acts:
            yield act(one)
        if name == "closed":
            yield from _down(one)


def _down(one: Road) -> Iterator[Act]:
    """Of somebody who was there: sent down, and expected at the clinic."""
    clinic = Department.objects.filter(organisation=one.sender.organisation_id).first()
    if clinic is None:
        return
    back = replace(one, key=None)
    yield back.send_down(clinic)
    seen = Offer(place="卫生院全科门诊", expected_at=timezone.now() + timedelta(hours=20))
    yield back.do(back.sender, services.accept, offer=seen)


def _roads() -> list[Road]:
    """The resident who has an account comes first, so that her phone shows a visit."""
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    department = Department.objects.filter(
        organisation=hospital, specialty=Specialty.CARDIOLOGY
    ).first()
    working = User.objects.filter(
        roles__department=department, roles__role=Role.SPECIALIST, roles__ends_on=None
    )
    doctor = working.order_by("username").first()
    sender = get_user("township")
    if department is None or doctor is None:
        return []
    known = Patient.objects.filter(managing_organisation=sender.organisation_id, merged_into=None)
    own = list(known.filter(user=get_user("resident")))
    grown = timezone.localdate() - timedelta(days=366 * 20)
    others = known.filter(birth_date__lt=grown).exclude(pk__in=[one.pk for one in own])
    patients = [*own, *others.order_by("-pinyin", "pk")[: len(REASONS)]]
    coordinator = get_user("coordinator")
    return [Road(one, department, sender, coordinator, doctor) for one in patients]
