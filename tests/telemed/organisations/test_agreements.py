from datetime import timedelta

import pytest
from django.utils import timezone

from telemed.core import outbox
from telemed.core.clocks import FIRER
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, ClockState, OutboxEvent
from telemed.notifications.models import Notification
from telemed.organisations.models import (
    Agreement,
    AgreementService,
    Division,
    Organisation,
    Service,
)
from telemed.organisations.queries import find_agreement, why_no_agreement
from telemed.organisations.services import drafting, holding
from telemed.organisations.services.drafting import Content, Line
from telemed.people.models import Role
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    DivisionFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.marks import committed
from tests.racing import race

State = Agreement.State
TODAY = timezone.localdate()
DAY = timedelta(days=1)
TEXT = "双方按远程医疗服务管理规范开展会诊，各自保存原件并分担相应责任。"
LINE = Line(service="consult", price=12_000, asking_share=30, asked_share=70)


def content(**changes):
    wanted = {"starts_on": TODAY, "ends_on": TODAY + 365 * DAY, "text": TEXT, "lines": (LINE,)}
    return Content(**{**wanted, **changes})


class Sides:
    """A clinic that asks and a hospital that is asked, with their people."""

    def __init__(self):
        self.clinic, self.hospital = ClinicFactory(), OrganisationFactory()
        self.admin = StaffFactory(role=Role.ADMINISTRATOR, organisation=self.clinic)
        self.coordinator = StaffFactory(role=Role.COORDINATOR, organisation=self.hospital)
        self.heads = [
            StaffFactory(role=Role.HEAD, organisation=place)
            for place in (self.clinic, self.hospital)
        ]

    def draft(self, **changes):
        return drafting.draft_agreement(
            actor=self.admin,
            asking=self.clinic,
            asked=self.hospital,
            content=content(**changes),
        )

    def propose(self, **changes):
        drafted = self.draft(**changes)
        return drafting.propose_agreement(actor=self.admin, agreement_id=drafted.pk)

    def sign(self, agreement, heads=(0, 1)):
        for n in heads:
            agreement = holding.sign_agreement(
                actor=self.heads[n], agreement_id=agreement.pk, digest=agreement.digest
            )
        return agreement


@pytest.fixture
def sides(db):
    return Sides()


def test_drafted_proposed_and_signed_by_both_heads_it_is_in_force(sides, by):
    with by(sides.admin):
        agreement = sides.sign(sides.propose())

    assert agreement.state == State.ACTIVE
    found = find_agreement(sides.clinic, sides.hospital)
    assert (found.pk, found.price) == (agreement.pk, 12_000)
    assert find_agreement(sides.hospital, sides.clinic) is None
    steps = agreement.steps.order_by("pk").values_list("action", flat=True)
    assert list(steps) == ["draft", "propose", "sign", "sign", "activate"]
    rungs = Clock.objects.filter(about=agreement.pk, kind="agreement.end")
    assert rungs.count() == 4


def test_one_signature_is_not_enough_and_nobody_signs_twice(sides, by):
    with by(sides.admin):
        agreement = sides.sign(sides.propose(), heads=[0])
    assert agreement.state == State.PROPOSED
    with pytest.raises(Conflict), by(sides.admin):
        sides.sign(agreement, heads=[0])
    assert find_agreement(sides.clinic, sides.hospital) is None


def test_one_that_begins_later_waits_for_its_first_day(sides, by):
    with by(sides.admin):
        agreement = sides.sign(sides.propose(starts_on=TODAY + 5 * DAY))
    assert agreement.state == State.SIGNED
    clock = Clock.objects.get(about=agreement.pk, kind="agreement.start")
    with by(FIRER):
        holding.begin_agreement(actor=FIRER, clock=clock)
    agreement.refresh_from_db()
    assert agreement.state == State.ACTIVE


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"ends_on": TODAY - DAY}, "ends_on"),
        ({"text": "kurz"}, "text"),
        ({"lines": ()}, "services"),
        ({"lines": (LINE, LINE)}, "services"),
        ({"lines": (Line(service="nothing", price=1),)}, "services"),
        ({"lines": (Line(service="ecg", price=-1),)}, "price_ecg"),
        ({"lines": (Line(service="ecg", price=1, asking_share=30),)}, "shares_ecg"),
        (
            {
                "lines": (
                    Line(
                        service="ecg",
                        price=1,
                        asking_share=20,
                        asked_share=70,
                        platform_share=10,
                    ),
                )
            },
            "shares_ecg",
        ),
    ],
)
def test_what_cannot_be_agreed_is_refused(sides, by, changes, path):
    with pytest.raises(Invalid) as refused, by(sides.admin):
        sides.draft(**changes)
    assert refused.value.path == path
    assert not Agreement.objects.exists()


def test_what_is_over_is_not_proposed(sides, by):
    with by(sides.admin):
        agreement = sides.draft(starts_on=TODAY - 9 * DAY, ends_on=TODAY - DAY)
    with pytest.raises(Invalid), by(sides.admin):
        drafting.propose_agreement(actor=sides.admin, agreement_id=agreement.pk)


def test_the_same_wording_from_a_browser_is_the_same_text(sides, by):
    with by(sides.admin):
        agreement = sides.draft(text=f"{TEXT}\r\n{TEXT}\r\n")
    assert agreement.text == f"{TEXT}\n{TEXT}"


def test_a_draft_is_the_writers_alone(sides, by):
    with by(sides.admin):
        agreement = sides.draft()
    with pytest.raises(NotFound), by(sides.coordinator):
        drafting.propose_agreement(actor=sides.coordinator, agreement_id=agreement.pk)
    with by(sides.admin):
        revised = drafting.revise_draft(
            actor=sides.admin,
            agreement_id=agreement.pk,
            content=content(lines=(Line(service="ecg", price=2_000),)),
        )
    assert [line.service for line in revised.services.all()] == ["ecg"]


def test_a_counter_proposal_is_a_new_version_and_the_old_text_is_not_signed(sides, by):
    with by(sides.admin):
        first = sides.sign(sides.propose(), heads=[0])
    with by(sides.coordinator):
        second = drafting.counter_agreement(
            actor=sides.coordinator,
            agreement_id=first.pk,
            content=content(lines=(Line(service="consult", price=15_000),)),
        )
    assert (second.version, second.series) == (2, first.series)
    assert second.digest != first.digest
    with pytest.raises(Conflict) as refused, by(sides.admin):
        sides.sign(first, heads=[1])
    assert refused.value.path == "digest"
    with by(sides.admin):
        assert sides.sign(second).state == State.ACTIVE


def test_only_the_text_that_was_seen_is_signed(sides, by):
    with by(sides.admin):
        agreement = sides.propose()
    for digest in ("", "0" * 64):
        with pytest.raises(Conflict), by(sides.heads[0]):
            holding.sign_agreement(actor=sides.heads[0], agreement_id=agreement.pk, digest=digest)
    AgreementService.objects.update(price=1)
    with pytest.raises(Conflict), by(sides.admin):
        sides.sign(agreement)


def test_the_side_that_proposed_waits_for_an_answer(sides, by):
    with by(sides.admin):
        agreement = sides.propose()
    with pytest.raises(Forbidden), by(sides.admin):
        drafting.counter_agreement(actor=sides.admin, agreement_id=agreement.pk, content=content())
    with pytest.raises(Forbidden), by(sides.admin):
        drafting.reject_agreement(actor=sides.admin, agreement_id=agreement.pk, reason="价格太高了")
    with by(sides.coordinator):
        rejected = drafting.reject_agreement(
            actor=sides.coordinator, agreement_id=agreement.pk, reason="价格太高了"
        )
    assert rejected.state == State.REJECTED
    with pytest.raises(Conflict), by(sides.admin):
        sides.sign(agreement)


@pytest.mark.parametrize("role", [Role.TOWNSHIP_DOCTOR, Role.SPECIALIST, Role.HEAD, Role.OFFICIAL])
def test_other_roles_write_none(sides, by, role):
    actor = StaffFactory(role=role, organisation=sides.clinic)
    with pytest.raises(Forbidden), by(actor):
        drafting.draft_agreement(
            actor=actor, asking=sides.clinic, asked=sides.hospital, content=content()
        )


def test_nobody_writes_or_signs_for_others(sides, by):
    stranger = StaffFactory(role=Role.ADMINISTRATOR)
    with pytest.raises(Forbidden), by(stranger):
        drafting.draft_agreement(
            actor=stranger, asking=sides.clinic, asked=sides.hospital, content=content()
        )
    with by(sides.admin):
        agreement = sides.propose()
    other_head = StaffFactory(role=Role.HEAD)
    for actor, refusal in ((other_head, NotFound), (sides.admin, Forbidden)):
        with pytest.raises(refusal), by(actor):
            holding.sign_agreement(actor=actor, agreement_id=agreement.pk, digest=agreement.digest)


def test_two_for_one_service_at_one_time_are_refused(sides, by):
    with by(sides.admin):
        sides.sign(sides.propose())
        other = sides.draft()
    with pytest.raises(Conflict) as refused, by(sides.admin):
        drafting.propose_agreement(actor=sides.admin, agreement_id=other.pk)
    assert refused.value.path == "services"
    with by(sides.admin):
        sides.sign(sides.propose(lines=(Line(service="ecg", price=1),)))
        later = TODAY + 400 * DAY
        sides.sign(sides.propose(starts_on=later, ends_on=later + DAY))


def test_a_renewal_takes_the_place_of_the_old_version(sides, by):
    with by(sides.admin):
        old = sides.sign(sides.propose())
        new = drafting.renew_agreement(
            actor=sides.admin, agreement_id=old.pk, content=content(ends_on=TODAY + 700 * DAY)
        )
        new = sides.sign(drafting.propose_agreement(actor=sides.admin, agreement_id=new.pk))
    old.refresh_from_db()
    assert (old.state, new.state, new.version) == (State.SUPERSEDED, State.ACTIVE, 2)
    assert find_agreement(sides.clinic, sides.hospital) == new


def test_suspended_by_one_head_it_is_resumed_by_the_same_side(sides, by):
    head, other = sides.heads
    with by(sides.admin):
        agreement = sides.sign(sides.propose())
    with by(head):
        holding.suspend_agreement(actor=head, agreement_id=agreement.pk, reason="设备停用检修")
    assert find_agreement(sides.clinic, sides.hospital) is None
    assert "202" in why_no_agreement(sides.clinic, sides.hospital, Service.CONSULT)
    with pytest.raises(Forbidden), by(other):
        holding.resume_agreement(actor=other, agreement_id=agreement.pk, reason="设备已经修好")
    with by(head):
        holding.resume_agreement(actor=head, agreement_id=agreement.pk, reason="设备已经修好")
    assert find_agreement(sides.clinic, sides.hospital) == agreement
    with pytest.raises(Conflict), by(head):
        holding.resume_agreement(actor=head, agreement_id=agreement.pk, reason="设备已经修好")


def test_the_authority_may_suspend_and_officials_only_look(sides, by):
    province = DivisionFactory(code="52", level=Division.Level.PROVINCE, name="贵州省")
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=province)
    official = StaffFactory(role=Role.OFFICIAL, organisation=authority)
    coordinator = StaffFactory(role=Role.COORDINATOR, organisation=authority)
    with by(sides.admin):
        agreement = sides.sign(sides.propose())
    given = {"agreement_id": agreement.pk, "reason": "双方资质正在核查"}
    with pytest.raises(Forbidden), by(official):
        holding.suspend_agreement(actor=official, **given)
    with by(coordinator):
        assert holding.suspend_agreement(actor=coordinator, **given).state == State.SUSPENDED
    with pytest.raises(Forbidden), by(sides.heads[0]):
        holding.resume_agreement(actor=sides.heads[0], **given)
    with pytest.raises(Forbidden), by(coordinator):
        holding.terminate_agreement(actor=coordinator, **given)


def test_what_took_its_place_meanwhile_keeps_it_suspended(sides, by):
    head = sides.heads[0]
    with by(sides.admin):
        first = sides.sign(sides.propose())
    with by(head):
        holding.suspend_agreement(actor=head, agreement_id=first.pk, reason="设备停用检修")
    with by(sides.admin):
        sides.sign(sides.propose())
    with pytest.raises(Conflict) as refused, by(head):
        holding.resume_agreement(actor=head, agreement_id=first.pk, reason="设备已经修好")
    assert refused.value.path == "services"


def test_notice_leaves_thirty_days(sides, by):
    head = sides.heads[1]
    with by(sides.admin):
        agreement = sides.sign(sides.propose())
    with by(head):
        holding.terminate_agreement(actor=head, agreement_id=agreement.pk, reason="科室调整合并")
    agreement.refresh_from_db()
    assert agreement.terminates_on == TODAY + 30 * DAY
    assert find_agreement(sides.clinic, sides.hospital) == agreement
    with pytest.raises(Conflict), by(head):
        holding.terminate_agreement(actor=head, agreement_id=agreement.pk, reason="科室调整合并")


@pytest.mark.parametrize(
    ("notice", "state"), [(None, State.EXPIRED), (TODAY - DAY, State.TERMINATED)]
)
def test_after_its_last_day_it_ends(by, db, notice, state):
    agreement = AgreementFactory(
        starts_on=TODAY - 90 * DAY, ends_on=TODAY - DAY, terminates_on=notice
    )
    clock = Clock(kind="agreement.end", about=agreement.pk, rung=3, due_at=timezone.now())
    with by(FIRER):
        holding.come_to_end(actor=FIRER, clock=clock)
    agreement.refresh_from_db()
    assert agreement.state == state
    assert not agreement.services.filter(in_force=True).exists()


def test_both_sides_are_warned_before_the_end(sides, by):
    with by(sides.admin):
        agreement = sides.sign(sides.propose(ends_on=TODAY + 40 * DAY))
    running = Clock.objects.filter(about=agreement.pk, state=ClockState.RUNNING)
    assert sorted(running.values_list("rung", flat=True)) == [1, 2, 3]
    with by(FIRER):
        holding.come_to_end(actor=FIRER, clock=running.get(rung=1))
    outbox.deliver_waiting()
    told = Notification.objects.filter(template="agreement.ending")
    assert {n.recipient for n in told} == {sides.admin, sides.coordinator, *sides.heads}
    assert OutboxEvent.objects.filter(delivered_at=None).count() == 0


def test_the_other_side_hears_of_a_proposal(sides, by):
    with by(sides.admin):
        sides.propose()
    outbox.deliver_waiting()
    told = Notification.objects.filter(template="agreement.proposed")
    assert {n.recipient for n in told} == {sides.coordinator, sides.heads[1]}
    assert sides.clinic.name in told[0].text


@committed
def test_of_two_agreements_signed_at_once_one_is_in_force(by):
    sides = Sides()
    with by(sides.admin):
        proposed = [sides.sign(sides.propose(), heads=[0]) for _ in range(3)]

    def sign(agreement):
        with by(sides.heads[1]):
            sides.sign(agreement, heads=[1])

    ended = race([lambda a=agreement: sign(a) for agreement in proposed])

    assert ended == {"won": 1, "Conflict": 2}
    assert Agreement.objects.filter(state=State.ACTIVE).count() == 1


@committed
def test_a_signature_and_a_counter_proposal_exclude_each_other(by):
    sides = Sides()
    with by(sides.admin):
        agreement = sides.sign(sides.propose(), heads=[0])

    def sign():
        with by(sides.heads[1]):
            sides.sign(agreement, heads=[1])

    def counter():
        with by(sides.coordinator):
            drafting.counter_agreement(
                actor=sides.coordinator, agreement_id=agreement.pk, content=content()
            )

    assert race([sign, counter]) == {"won": 1, "Conflict": 1}
