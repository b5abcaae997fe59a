"""A family-doctor team at each clinic of the story, with people signed: synthetic."""

from collections.abc import Callable, Iterator, Sequence
from datetime import time, timedelta
from functools import partial

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone

from records.mpi.models import Patient
from scheduling.appointments import services as appointments
from scheduling.availability import services as availability
from scheduling.availability.models import Kind, Session
from scheduling.registration import clock_rows, queries
from scheduling.registration import services as registration
from scheduling.registration.events import ContractRenewalAsked
from scheduling.registration.included import Row
from scheduling.registration.models import Contract, Function, Group, Member, Package, Status, Team
from scheduling.registration.services.stepping import lock_any, step
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.intentions import require_intention
from telemed.demo import province
from telemed.demo.accounts import get_user
from telemed.demo.joint import DOT
from telemed.organisations.models import Division, Organisation
from telemed.people.models import User

Act = tuple[User, Callable[[], object]]
IN_THE_VILLAGE = "village"  # of the first team
LEADERS = ("township", "township2", "township3")
TEAMS = ("双流一队", "楠木渡一队", "禾丰一队")
NURSES = ("陆小芳（演示）", "田桂英（演示）", "石春梅（演示）")
# Who signs up with which team; the last of the first clinic is asked to renew.
SIGNED = (
    ("吴金花", "曾庆云", "杨正明", "张国富"),
    ("黄开荣", "覃玉英", "韦秀珍"),
    ("王兴发", "岑光荣", "蒙春花"),
)
TO_RENEW, CHILD = "张国富", "陈浩宇"
BASIC = "建立和更新健康档案\n每年一次健康评估\n健康咨询和教育\n优先预约、优先转诊\n慢性病长处方"
MORE = {
    "老年人包": (
        Group.ELDERLY,
        "每年一次老年人体检\n生活自理能力评估\n中医体质辨识\n上门服务 2 次",
    ),
    "高血压包": (Group.HYPERTENSION, "每年 4 次面对面随访\n每年一次体检\n用药指导"),
}
# How often a contract year grants what the package lists with a number.
LIMITS = {
    "基础包": {"hypertension": 4, "elderly_exam": 1},
    "高血压包": {"hypertension": 4, "hypertension_exam": 1},
    "老年人包": {"elderly_exam": 1},
}
# What a package names by itself: each has its day in the year of the contract.
NAMED: dict[str, list[Row]] = {
    "老年人包": [
        {"code": "", "name": "上门服务", "times": 2, "face": True},
        {"code": "", "name": "康复指导", "times": 4, "face": False},
    ],
}
LEFT = timedelta(days=45)  # until the contract ends that is to be renewed


def lay_teams() -> bool:
    """The packages of the county and the three teams; False when they are there."""
    require_intention()
    if Team.objects.exists():
        return False
    county = Division.objects.get(code=province.COUNTY)
    _lay_packages(county)
    specialist = get_user("specialist5")
    for place, name, leader, nurse in zip(
        province.clinics_of_the_story(), TEAMS, LEADERS, NURSES, strict=True
    ):
        clinic = Organisation.objects.get(number=place.number)
        team = _lay_team(clinic, name, get_user(leader), nurse, specialist)
        _join_villages(team, get_user(IN_THE_VILLAGE))
        publication.publish(queries.reread(team))
    audit.record(action="demo.teams", target=county)
    return True


def story() -> Iterator[Act]:
    """The leaders sign people up at the clinic; a grandmother applies for her grandson."""
    if Contract.objects.exists():
        return
    for username, names in zip(LEADERS, SIGNED, strict=True):
        leader = get_user(username)
        people = list(
            Patient.objects.filter(
                managing_organisation=leader.organisation_id, name__in=names, merged_into=None
            )
        )
        yield leader, partial(_sign_up, leader, people)
    township = get_user(LEADERS[0])
    yield township, partial(_ask_to_renew, township)
    resident = get_user("resident")
    yield resident, partial(_apply, resident, township)
    desk, there = get_user("desk"), list[Session]()
    yield desk, partial(_evening_by_video, desk, get_user("specialist5"), there)
    yield resident, partial(_book_by_video, resident, there)


def _evening_by_video(desk: User, doctor: User, there: list[Session]) -> None:
    """The specialist who supports the teams sees their signed people from home."""
    department = doctor.acting_as.department if doctor.acting_as else None
    if department is None or Session.objects.filter(kind=Kind.VIDEO).exists():
        return
    offer = availability.Offer(
        department_id=department.pk, clinician_id=doctor.pk, capacity=2, kind=Kind.VIDEO
    )
    day = timezone.localdate() + timedelta(days=2)
    planned = availability.plan_session(
        actor=desk, offer=offer, day=day, starts=time(18), ends=time(20)
    )
    there.append(availability.publish_session(actor=desk, session_id=planned.pk))


def _book_by_video(resident: User, there: list[Session]) -> None:
    for session in there:
        period = session.periods.order_by("starts_at")[0]
        own = Patient.objects.get(user=resident)
        appointments.book(
            actor=resident, patient=own, period_id=period.pk, reason="血压稳定，想问是否减药"
        )


def _lay_packages(county: Division) -> None:
    Package.objects.create(
        division=county,
        kind=Package.Kind.BASIC,
        name="基础包",
        contents=BASIC,
        price=120_00,
        insurance=50,
        public_health=40,
        resident=10,
        limits=LIMITS["基础包"],
    )
    Package.objects.bulk_create(
        Package(
            division=county,
            kind=Package.Kind.PERSONAL,
            name=name,
            contents=contents,
            price=200_00,
            insurance=50,
            public_health=30,
            resident=20,
            groups=[group],
            limits=LIMITS.get(name, {}),
            services=NAMED.get(name, []),
        )
        for name, (group, contents) in MORE.items()
    )


def _lay_team(clinic: Organisation, name: str, leader: User, nurse: str, specialist: User) -> Team:
    villages = "、".join(_villages(clinic))
    team = Team.objects.create(organisation=clinic, name=name, villages=villages)
    doctors = queries.who_can_be(clinic, Function.GP).exclude(pk=leader.pk)
    Member.objects.bulk_create(
        [
            Member(team=team, user=leader, function=Function.LEADER),
            *[Member(team=team, user=one, function=Function.GP) for one in doctors[:1]],
            Member(team=team, name=nurse, function=Function.NURSE),
            Member(team=team, user=specialist, function=Function.SPECIALIST),
        ]
    )
    return team


def _join_villages(team: Team, doctor: User) -> None:
    """The village doctor of the clinic, where it has one."""
    if doctor.organisation_id == team.organisation_id:
        Member.objects.create(team=team, user=doctor, function=Function.VILLAGE_DOCTOR)


def _villages(clinic: Organisation) -> Sequence[str]:
    """As the addresses of the clinic's residents name them."""
    addresses = Patient.objects.filter(managing_organisation=clinic).values_list(
        "address", flat=True
    )
    found = {address.partition("镇")[2] or address.partition("乡")[2] for address in addresses}
    return sorted(one.split(province.MARK)[0] for one in found if one)[:5]


def _sign_up(leader: User, people: Sequence[Patient]) -> None:
    [team] = queries.teams_of(leader)
    for contract in registration.apply(actor=leader, people=people, team_id=team.pk):
        registration.agree(actor=leader, contract_id=contract.pk)
        registration.sign(actor=leader, contract_id=contract.pk, signature=DOT, read_aloud=True)


def _ask_to_renew(leader: User) -> None:
    """As if it had been signed most of a year ago."""
    signed = Contract.objects.get(
        patient__name=TO_RENEW, patient__managing_organisation=leader.organisation_id
    )
    contract = lock_any(signed.pk)
    over = timezone.localdate() + LEFT
    contract.term = DateRange(queries.year_ago(over), over)
    contract.save(update_fields=["term"])
    clock_rows.stop(contract, clock_rows.RENEWAL, clock_rows.END)
    clock_rows.start_term(contract)
    step(
        contract,
        Status.RENEWAL_ASKED,
        "contract.ask_renewal",
        ContractRenewalAsked,
        rung=0,
    )


def _apply(resident: User, leader: User) -> None:
    [team] = queries.teams_of(leader)
    child = Patient.objects.get(name=CHILD, managing_organisation=team.organisation)
    registration.apply(actor=resident, people=[child], team_id=team.pk)
