"""A doctor leaves who leads no team: to whom their people go, and who hears what they would."""

import pytest

from scheduling.duties.models import Duty
from scheduling.duties.services import telling
from scheduling.duties.services.telling import tell_due, tell_recheck
from scheduling.referrals.queries import family_doctor
from scheduling.registration import queries, services
from scheduling.registration.models import Function, Group, Panel
from scheduling.registration.services import doctors_leaving
from scheduling.registration.services.claiming import PanelFull
from scheduling.registration.services.telling import tell_doctor
from telemed.core import outbox
from telemed.core.errors import Conflict
from telemed.core.intentions import System, intention
from telemed.notifications.models import Notification
from telemed.people import open_work
from telemed.people import services as people
from telemed.people.events import LicenceSuspended
from telemed.people.models import Practitioner
from telemed.staff import services as staff
from tests.factories.duties import begun, due
from tests.factories.people import PractitionerFactory, StaffFactory
from tests.factories.registration import applied, join, read, sign
from tests.factories.scheduling import at_once
from tests.ruling import lay
from tests.scheduling.registration.looking import agree_to, told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]


@pytest.fixture
def doctor(team):
    user = StaffFactory(organisation=team.organisation, name="马文才")
    PractitionerFactory(user=user, specialty="general")
    return join(team, user=user)


@pytest.fixture
def admin(team):
    return StaffFactory(role="administrator", organisation=team.organisation)


def signed_with(team, doctor):
    contract = applied(team)
    agree_to(team, contract, doctor_id=doctor.pk)
    return sign(read(contract))


def close(admin, account):
    with intention(admin, door="test"):
        people.disable_account(actor=admin, account=account)
    while outbox.deliver_waiting():
        pass


def doctors(*contracts):
    for one in contracts:
        one.refresh_from_db()
    return [one.doctor for one in contracts]


def signed_by(*several):
    sizes = queries.panel_sizes(several)
    return [sizes.get(one.pk, 0) for one in several]


def test_whoever_they_had_signed_goes_on_with_the_leader_who_is_told(team, doctor, admin):
    mine = [signed_with(team, doctor) for _ in range(2)]
    asked = applied(team)
    agree_to(team, asked, doctor_id=doctor.pk)
    close(admin, doctor)
    assert doctors(*mine, asked) == [team.leader] * 3
    assert signed_by(doctor, team.leader) == [0, 2]
    message = Notification.objects.get(recipient=team.leader, template="team.passed_on")
    assert (message.facts["who"], message.facts["n"]) == (doctor.name, 3)
    assert told(admin) == []
    at_once(lambda: None)


def test_more_than_one_part_goes_to_the_end(team, doctor, admin, monkeypatch):
    monkeypatch.setattr(doctors_leaving, "PART", 1)
    mine = [signed_with(team, doctor) for _ in range(3)]
    close(admin, doctor)
    assert doctors(*mine) == [team.leader] * 3
    assert Notification.objects.get(template="team.passed_on").facts["n"] == 3


def test_who_has_no_room_is_given_none_and_the_keepers_hear_how_many_are_left(team, doctor, admin):
    mine = [signed_with(team, doctor) for _ in range(2)]
    lay("registration.cap", 1, organisation_id=team.organisation_id)
    close(admin, doctor)
    assert doctors(*mine).count(team.leader) == 1
    message = Notification.objects.get(recipient=admin, template="team.without_doctor")
    assert (message.facts["who"], message.facts["n"]) == (doctor.name, 1)
    assert Panel.objects.get(doctor=team.leader).signed == 1


def test_a_licence_that_is_suspended_moves_nobody_and_is_said(team, doctor, admin):
    contract = signed_with(team, doctor)
    suspend(doctor)
    assert doctors(contract) == [doctor]
    assert told(admin) == told(team.leader)[-1:] == ["team.without_doctor"]


def suspend(doctor):
    Practitioner.objects.filter(user=doctor).update(
        state=Practitioner.State.SUSPENDED, state_reason="待查"
    )
    with intention(System("test"), door="test"):
        event = LicenceSuspended(practitioner_id=doctor.practitioner.pk, user_id=doctor.pk)
        outbox.announce(event)
    outbox.deliver_waiting()


def test_a_leader_who_left_hands_over_to_the_next_one(team, doctor, admin):
    contract = signed_with(team, team.leader)
    close(admin, team.leader)
    assert doctors(contract) == [team.leader]
    with intention(admin, door="test"):
        services.add_member(
            actor=admin, team_id=team.pk, function=Function.LEADER, user_id=doctor.pk
        )
    while outbox.deliver_waiting():
        pass
    assert doctors(contract) == [doctor]


@pytest.mark.parametrize("way", ["closed", "suspended"])
def test_what_a_doctor_who_may_not_work_would_hear_the_leader_hears(team, doctor, way):
    contract = signed_with(team, doctor)
    if way == "closed":
        doctor.is_active = False
        doctor.save()
    else:
        suspend(doctor)
    contract.refresh_from_db()
    duty = due_under(contract)
    with intention(System("test"), door="test"):
        tell_due(contract)
        tell_doctor(contract, "contract.ending")
        telling.tell_doctor(duty)
        telling.tell_risk(contract.plan)
    heard = {"duty.due", "contract.ending", "duty.proposed", "duty.risk"}
    assert heard <= set(told(team.leader))
    assert not heard & set(told(doctor))
    assert family_doctor(contract.patient) == team.leader


def due_under(contract):
    begun(contract.team, Group.HYPERTENSION, contract=contract)
    contract.refresh_from_db()
    return Duty.objects.filter(contract=contract).first()


def test_a_recheck_goes_to_the_county_where_nobody_of_the_team_may_hear_it(team):
    county = StaffFactory(role="coordinator", organisation=team.organisation)
    duty = due(team)
    team.leader.is_active = False
    team.leader.save()
    duty.refresh_from_db()
    with intention(System("test"), door="test"):
        tell_recheck(duty, "doctor", turn=1)
    assert [one.startswith("duty.recheck") for one in told(county)] == [True]
    with intention(System("test"), door="test"):
        telling.tell_doctor(duty)
        telling.tell_risk(duty.contract.plan)
    assert told(county)[-2:] == ["duty.proposed", "duty.risk"]
    assert not {"duty.proposed", "duty.risk"} & set(told(team.leader))
    assert told(team.leader)[-1:] != ["duty.recheck_due"]


def test_who_closes_an_account_sees_how_many_and_to_whom_they_go(team, doctor, admin):
    contract = signed_with(team, doctor)
    [held] = [one for one in open_work.held_by(doctor) if one.kind.name == "contract"]
    assert f"{team.name}: 1 signed; they go to {team.leader.name}" in held.item.label
    assert open_work.held_by(doctor, at_hand_over=True) == []
    outsider = StaffFactory(organisation=team.organisation)
    with intention(admin, door="test"):
        moved, refused = staff.move_work(
            actor=admin, user_id=doctor.pk, to_id=outsider.pk, reason="调离本院"
        )
    assert (moved, refused) == (1, [])
    close(admin, doctor)
    assert doctors(contract) == [team.leader]
    assert "team.passed_on" in told(team.leader)


def name(admin, team, doctor, to):
    with intention(admin, door="test"):
        services.name_successor(user=doctor, to=to, team_id=team.pk)


@pytest.mark.parametrize("led", [False, True])
def test_a_colleague_who_is_chosen_has_them_part_by_part(team, doctor, admin, monkeypatch, led):
    monkeypatch.setattr(doctors_leaving, "PART", 1)
    gone, colleague = team.leader if led else doctor, join(team)
    mine = [signed_with(team, gone) for _ in range(3)]
    name(admin, team, gone, colleague)
    assert doctors(*mine) == [gone] * 3
    close(admin, gone)
    assert doctors(*mine) == [colleague] * 3
    assert signed_by(gone, colleague) == [0, 3]
    message = Notification.objects.get(template="team.passed_on")
    assert (message.recipient, message.facts["n"]) == (colleague, 3)
    assert queries.successor_of(team, gone.pk) is None


def test_who_was_chosen_and_left_since_is_given_none(team, doctor, admin):
    contract, colleague = signed_with(team, doctor), join(team)
    name(admin, team, doctor, colleague)
    colleague.is_active = False
    colleague.save()
    close(admin, doctor)
    assert doctors(contract) == [team.leader]
    assert "team.passed_on" in told(team.leader)


def test_who_has_no_room_for_all_of_them_is_not_chosen(team, doctor, admin):
    colleague = join(team)
    for one in (doctor, doctor, colleague):
        signed_with(team, one)
    lay("registration.cap", 2, organisation_id=team.organisation_id)
    with pytest.raises(PanelFull):
        name(admin, team, doctor, colleague)
    leaving = {"member_id": team.members.get(user=doctor).pk, "successor_id": colleague.pk}
    with intention(admin, door="test"), pytest.raises(PanelFull):
        services.end_member(actor=admin, **leaving)
    lay("registration.cap", 3, organisation_id=team.organisation_id)
    name(admin, team, doctor, colleague)


def test_without_another_leader_nobody_is_given_them(team, admin):
    signed_with(team, team.leader)
    outsider = StaffFactory(organisation=team.organisation)
    [held] = [one for one in open_work.held_by(team.leader) if one.kind.name == "contract"]
    assert "nobody else leads the team" in held.item.label
    with intention(admin, door="test"), pytest.raises(Conflict, match="name a leader first"):
        services.name_successor(user=team.leader, to=outsider, team_id=team.pk)
