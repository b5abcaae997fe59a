"""A contract from the application to the signature."""

from datetime import timedelta

import pytest
import time_machine
from django.db import IntegrityError
from django.utils import timezone

from records.consent import access
from scheduling.registration import services
from scheduling.registration.models import Contract, Panel, Status
from scheduling.registration.services.signing import years_after
from scheduling.registration.services.wording import digest
from telemed.audit.models import AuditRow
from telemed.core import clocks
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound
from telemed.core.models import Clock, OutboxEvent, PolicyChange
from telemed.notifications.models import Notification
from tests.factories.people import (
    ClinicFactory,
    DivisionFactory,
    PatientFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.registration import (
    SIGNATURE,
    PackageFactory,
    TeamFactory,
    agreed,
    applied,
    child_of,
    join,
    read,
    resident_of,
    sign,
    signed,
    treated_by,
)
from tests.scheduling.registration.looking import agree_to, running, steps, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


def test_from_the_application_to_a_contract_in_force(team):
    contract = applied(team)
    resident = contract.patient.user
    assert running(contract) == [("contract.review", n) for n in range(3)]
    assert told(team.leader) == ["contract.applied"]
    contract = agree_to(team, contract)
    assert contract.doctor == team.leader
    assert "基础包" in contract.text
    assert running(contract) == [("contract.signature", n) for n in range(3)]
    assert told(resident) == ["contract.agreed"]
    contract = sign(read(contract))
    assert contract.status == Status.ACTIVE
    assert contract.term.lower == timezone.localdate()
    assert contract.term.upper == years_after(timezone.localdate(), 1)
    assert running(contract) == [
        ("contract.end", 0),
        *[("contract.renewal", n) for n in range(3)],
    ]
    assert told(resident)[-1] == "contract.signed"
    assert Panel.objects.get(doctor=team.leader).signed == 1
    assert steps(contract) == [
        f"contract.{act}" for act in ("apply", "open", "agree", "sign", "activate")
    ]
    assert AuditRow.objects.filter(action="contract.sign").exists()
    assert OutboxEvent.objects.filter(topic="contract.activated").exists()


def test_signing_opens_the_record_to_the_team_and_to_nobody_else(team):
    other, stranger = join(team), StaffFactory()
    patient = resident_of(team)
    assert not access.decide(other, "read", patient).allowed
    contract = signed(team, patient)
    assert access.decide(other, "read", patient).reasons == ("family_doctor",)
    assert not access.decide(stranger, "read", patient).allowed
    with time_machine.travel(contract.last_day + timedelta(days=33)):
        assert not access.decide(other, "read", patient).allowed


def test_a_household_is_one_form_with_a_contract_for_each(team, by):
    parent = resident_of(team)
    child = child_of(parent)
    with by(parent.user):
        forms = services.apply(actor=parent.user, people=[parent, child], team_id=team.pk)
    assert len({one.form for one in forms}) == 1
    assert {one.patient for one in forms} == {parent, child}


def test_a_guardian_signs_for_a_child_and_nobody_for_an_adult(team, by):
    parent = resident_of(team)
    child = child_of(parent)
    with by(parent.user):
        [contract] = services.apply(actor=parent.user, people=[child], team_id=team.pk)
    contract = sign(read(agree_to(team, contract), parent.user), parent.user)
    assert contract.signed_by == "guardian"
    assert contract.relation.delegate == parent


def test_a_child_with_an_account_cannot_sign(team, by):
    child = child_of(resident_of(team), user=UserFactory())
    contract = read(agree_to(team, applied(team, child)))
    with by(child.user), pytest.raises(Invalid, match="A guardian must sign"):
        services.sign(actor=child.user, contract_id=contract.pk, signature=SIGNATURE)


def test_at_the_clinic_the_team_reads_aloud_and_is_the_witness(team, by):
    elder = treated_by(team, PatientFactory(managing_organisation=team.organisation))
    with by(team.leader):
        [contract] = services.apply(
            actor=team.leader, people=[elder], team_id=team.pk, photo=b"\xff\xd8\xff paper"
        )
    assert contract.channel == "paper"
    agree_to(team, contract)
    with by(team.leader), pytest.raises(Invalid, match="Read or hear"):
        services.sign(actor=team.leader, contract_id=contract.pk, signature=SIGNATURE)
    with by(team.leader):
        contract = services.sign(
            actor=team.leader, contract_id=contract.pk, signature=SIGNATURE, read_aloud=True
        )
    assert (contract.witness, contract.signed_by) == (team.leader, "self")


def test_nothing_is_signed_unread_or_unsigned(team, by):
    contract = agreed(team)
    actor = contract.patient.user
    with by(actor), pytest.raises(Invalid, match="Read or hear the agreement first"):
        services.sign(actor=actor, contract_id=contract.pk, signature=SIGNATURE)
    read(contract)
    with by(actor), pytest.raises(Invalid, match="Please sign"):
        services.sign(actor=actor, contract_id=contract.pk, signature=b"")
    with by(actor), pytest.raises(Invalid, match="too large"):
        services.sign(actor=actor, contract_id=contract.pk, signature=b"x" * 400_001)
    contract.refresh_from_db()
    assert contract.status == Status.AGREED


def test_signing_twice_is_signing_once(team):
    contract = signed(team)
    assert sign(contract).pk == contract.pk
    assert Panel.objects.get(doctor=team.leader).signed == 1


def test_what_was_signed_is_sealed(team):
    contract = signed(team)
    with pytest.raises(IntegrityError, match="is signed"):
        Contract.objects.filter(pk=contract.pk).update(text="something else")


@pytest.mark.parametrize(
    ("place", "said"), [("522301", "Outside this team's area"), ("520121", "")]
)
def test_a_team_serves_its_area(team, place, said, by):
    far = ClinicFactory(division=DivisionFactory(code=place, name="县"))
    patient = PatientFactory(user=UserFactory(), managing_organisation=far)
    with by(patient.user):
        if said:
            with pytest.raises(Conflict, match=said):
                services.apply(actor=patient.user, people=[patient], team_id=team.pk)
        else:
            assert services.apply(actor=patient.user, people=[patient], team_id=team.pk)


def test_one_application_at_a_team_and_one_contract_a_person(team, by):
    contract = applied(team)
    patient = contract.patient
    with by(patient.user), pytest.raises(Conflict, match="waits at this team already"):
        services.apply(actor=patient.user, people=[patient], team_id=team.pk)
    sign(read(agree_to(team, contract)))
    with by(patient.user), pytest.raises(Conflict, match="Already signed with"):
        services.apply(actor=patient.user, people=[patient], team_id=team.pk)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"years": 0}, "one to three years"),
        ({"years": 4}, "one to three years"),
        ({"photo": b"x" * 400_001}, "photo is too large"),
    ],
)
def test_a_form_that_cannot_be(team, by, more, said):
    patient = resident_of(team)
    with by(patient.user), pytest.raises(Invalid, match=said):
        services.apply(actor=patient.user, people=[patient], team_id=team.pk, **more)
    assert not Contract.objects.exists()


def test_nobody_signs_a_stranger_up(team, by):
    stranger, patient = PatientFactory(), resident_of(team)
    with by(patient.user), pytest.raises(Forbidden):
        services.apply(actor=patient.user, people=[patient, stranger], team_id=team.pk)
    with by(patient.user), pytest.raises(Invalid, match="choose for whom"):
        services.apply(actor=patient.user, people=[], team_id=team.pk)
    assert not Contract.objects.exists()


def test_a_package_for_some_is_not_for_others(team, by):
    elders = PackageFactory(name="老年包", kind="personal", groups=["elderly"])
    old, young = resident_of(team), resident_of(team, birth_date=timezone.localdate())
    assert applied(team, old, package_id=elders.pk).package == elders
    with by(young.user), pytest.raises(Conflict, match="other groups"):
        services.apply(actor=young.user, people=[young], team_id=team.pk, package_id=elders.pk)


def test_a_panel_has_a_cap(team, by):
    PolicyChange.objects.create(
        name="registration.cap",
        value=1,
        effective_at=timezone.now(),
        set_by="test",
        set_by_name="test",
        reason="test",
    )
    first, second = agreed(team), agreed(team)
    sign(read(first))
    read(second)
    with by(second.patient.user), pytest.raises(Conflict, match=r"panel is full \(1\)"):
        services.sign(actor=second.patient.user, contract_id=second.pk, signature=SIGNATURE)
    third = applied(team)
    with by(team.leader), pytest.raises(Conflict, match="choose another team"):
        services.agree(actor=team.leader, contract_id=third.pk)


def test_only_the_leader_decides(team, by):
    contract = applied(team)
    doctor, stranger = join(team), StaffFactory()
    with by(doctor):
        assert services.open_review(actor=doctor, contract_id=contract.pk).status == "reviewing"
    with by(doctor), pytest.raises(Forbidden, match="leader"):
        services.agree(actor=doctor, contract_id=contract.pk)
    with by(stranger), pytest.raises(NotFound):
        services.agree(actor=stranger, contract_id=contract.pk)
    colleague = StaffFactory(organisation=team.organisation)
    treated_by(team, contract.patient)
    with by(colleague), pytest.raises(Forbidden):
        services.open_review(actor=colleague, contract_id=contract.pk)


def test_a_rejection_names_the_next_team(team, by):
    other = TeamFactory(organisation=team.organisation)
    contract = applied(team)
    with by(team.leader), pytest.raises(Invalid, match="choose the reason"):
        services.reject(actor=team.leader, contract_id=contract.pk, rejection="whim")
    with by(team.leader):
        contract = services.reject(actor=team.leader, contract_id=contract.pk, rejection="full")
    assert (contract.status, contract.instead) == (Status.REJECTED, other)
    assert running(contract) == []
    assert told(contract.patient.user) == ["contract.rejected"]


def test_agreed_by_mistake_is_looked_at_again(team, by):
    contract = agreed(team)
    with by(team.leader):
        contract = services.reopen(actor=team.leader, contract_id=contract.pk)
    assert (contract.status, contract.text) == (Status.REVIEWING, "")
    assert ("contract.review", 0) in running(contract)
    active = signed(team)
    with by(team.leader), pytest.raises(Conflict, match="cannot be done now"):
        services.reopen(actor=team.leader, contract_id=active.pk)


def test_the_resident_takes_an_application_back_until_it_is_signed(team, by):
    contract = agreed(team)
    actor = contract.patient.user
    with by(actor):
        assert services.withdraw(actor=actor, contract_id=contract.pk).status == "withdrawn"
    assert running(contract) == []
    active = signed(team)
    with by(active.patient.user), pytest.raises(Conflict, match="cannot be done now"):
        services.withdraw(actor=active.patient.user, contract_id=active.pk)


def test_the_review_climbs_its_ladder(team):
    coordinator = StaffFactory(role="coordinator", organisation=ClinicFactory())
    other = TeamFactory(organisation=team.organisation)
    contract = applied(team)
    rungs = Clock.objects.filter(about=contract.pk).order_by("rung")
    dues = list(rungs.values_list("due_at", flat=True))
    with time_machine.travel(dues[0] + timedelta(seconds=1)):
        clocks.fire_due()
    assert told(team.leader) == ["contract.applied", "contract.waiting"]
    with time_machine.travel(dues[1] + timedelta(seconds=1)):
        clocks.fire_due()
    assert told(coordinator) == ["contract.overdue"]
    slow = Notification.objects.get(recipient=contract.patient.user)
    assert (slow.template, slow.facts["org"]) == ("contract.slow", other.name)
    contract.refresh_from_db()
    assert contract.status == Status.APPLIED


def test_who_does_not_sign_is_reminded_and_then_it_is_withdrawn(team):
    contract = agreed(team)
    for n, due in enumerate(
        Clock.objects.filter(about=contract.pk, kind="contract.signature")
        .order_by("rung")
        .values_list("due_at", flat=True)
    ):
        with time_machine.travel(due + timedelta(seconds=1)):
            clocks.fire_due()
        contract.refresh_from_db()
        assert contract.status == ("withdrawn" if n == 2 else "agreed")
    assert told(contract.patient.user).count("contract.unsigned") == 2


def test_who_has_died_is_not_signed_up(team, by):
    patient = resident_of(team, deceased_on=timezone.localdate())
    with by(patient.user), pytest.raises(Conflict, match="died"):
        services.apply(actor=patient.user, people=[patient], team_id=team.pk)


def test_the_text_stands_beside_its_translation_and_the_chinese_one_is_signed(team):
    contract = signed(team)
    assert contract.text_hash == digest(contract.text)
    assert contract.text.startswith("家庭医生")
    assert contract.text_en.startswith("Agreement on family-doctor service")
    assert contract.text_en.count("\n") == contract.text.count("\n")
    with pytest.raises(IntegrityError, match="is signed"):
        Contract.objects.filter(pk=contract.pk).update(text_en="something else")
