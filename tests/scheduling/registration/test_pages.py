"""The pages of sign-up as residents, teams, heads and the authority meet them."""

import base64
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from scheduling.registration import services
from scheduling.registration.models import Contract, Member, Status, Team
from scheduling.registration.tasks import hand_over_teams_task
from tests.factories.people import (
    PatientFactory,
    StaffFactory,
    UserFactory,
)
from tests.factories.registration import (
    SIGNATURE,
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
from tests.scheduling.registration.looking import agree_to

pytestmark = pytest.mark.django_db
HOME, DESK, TEAMS = reverse("contracts:home"), reverse("contracts:desk"), reverse("contracts:teams")
DRAWN = "data:image/png;base64," + base64.b64encode(SIGNATURE).decode()


@pytest.fixture
def team():
    team = TeamFactory()
    team.leader.language = "en"
    team.leader.save()
    return team


@pytest.fixture
def resident(team):
    return resident_of(team, user=UserFactory(language="en")).user


@pytest.fixture
def page(client, resident):
    client.force_login(resident)
    return client


def said(answer):
    return answer.content.decode()


def one(name, contract):
    return reverse(f"contracts:{name}", args=[contract.pk])


def test_a_household_is_signed_up_from_the_phone(page, team, resident):
    child = child_of(resident.patient)
    listed = said(page.get(HOME))
    there = reverse("contracts:team", args=[team.pk])
    assert there in listed
    assert "not yet known" in listed  # kept promises are not invented
    shown = said(page.get(there))
    assert "基础包" in shown
    assert child.name in shown
    sent = {"people": [resident.patient.pk, child.pk], "years": "2"}
    answer = page.post(reverse("contracts:apply", args=[team.pk]), sent, follow=True)
    assert child.name in said(answer)
    assert Contract.objects.filter(status=Status.APPLIED, years=2).count() == 2
    assert team.name in said(page.get(reverse("web:home")))


def test_where_there_are_more_teams_than_fit_they_are_looked_for(page, team, resident):
    crowd = [Team(organisation=team.organisation, name=f"第{n}队") for n in range(35)]
    Team.objects.bulk_create(crowd)
    listed = said(page.get(HOME))
    assert "Not all teams are shown here" in listed
    left_out = next(one for one in crowd if link_of(one) not in listed)
    for text, found in ((left_out.name, left_out), (team.leader.name, team)):
        shown = said(page.get(HOME, {"q": text}))
        assert link_of(found) in shown
        assert "Not all teams" not in shown
    assert link_of(left_out) not in shown
    assert "No team near you is called that" in said(page.get(HOME, {"q": "无此名称"}))


def link_of(team):
    return f'href="{reverse("contracts:team", args=[team.pk])}"'


def test_reading_and_signing_leads_to_the_next_of_the_form(page, team, resident, by):
    child = child_of(resident.patient)
    with by(resident):
        forms = services.apply(actor=resident, people=[resident.patient, child], team_id=team.pk)
    for contract in forms:
        with by(team.leader):
            services.agree(actor=team.leader, contract_id=contract.pk)
    first, second = forms
    assert "Read and sign" in said(page.get(reverse("web:home")))
    refused = page.post(one("sign", first), {"way": "drawn", "signature": DRAWN}, follow=True)
    assert "Read or hear the agreement first" in said(refused)
    assert "data-text" in said(page.get(one("contract", first)))
    sent = {"way": "drawn", "signature": DRAWN}
    answer = page.post(one("sign", first), sent, follow=True)
    assert answer.redirect_chain == [(one("contract", second), 302)]
    page.post(one("sign", second), sent)
    assert set(Contract.objects.values_list("status", flat=True)) == {"active"}


def test_a_rubbish_signature_is_said_at_its_field(page, team, resident):
    contract = agreed(team, resident.patient)
    page.get(one("contract", contract))
    answer = page.post(one("sign", contract), {"way": "drawn", "signature": "rubbish"}, follow=True)
    assert "The signature is not a picture" in said(answer)
    contract.refresh_from_db()
    assert contract.status == Status.AGREED


def test_a_resident_ends_withdraws_and_renews_on_the_page(page, team, resident):
    contract = applied(team, resident.patient)
    assert "Take the application back" in said(page.get(one("contract", contract)))
    page.post(one("withdraw", contract))
    contract.refresh_from_db()
    assert contract.status == Status.WITHDRAWN
    active = signed(team, resident.patient)
    answer = page.post(one("renew", active), {"years": "1"}, follow=True)
    assert "cannot be done now" in said(answer)
    page.post(one("end", active), {"because": "wish", "note": ""})
    active.refresh_from_db()
    assert active.status == Status.ENDED


def test_other_peoples_contracts_are_not_there(client, team):
    contract = signed(team)
    stranger = PatientFactory(user=UserFactory()).user
    client.force_login(stranger)
    assert client.get(one("contract", contract)).status_code == 404
    client.post(one("end", contract), {"because": "wish"})
    contract.refresh_from_db()
    assert contract.status == Status.ACTIVE


def test_an_account_without_a_record_is_told_what_to_do(client, team):
    client.force_login(UserFactory(language="en"))
    assert "Take your ID card" in said(client.get(HOME))
    assert client.get(reverse("contracts:team", args=[team.pk])).status_code == 200
    assert client.post(reverse("contracts:apply", args=[team.pk])).status_code == 404


def test_who_is_not_of_the_household_is_not_put_on_the_form(page, team):
    stranger = PatientFactory()
    answer = page.post(
        reverse("contracts:apply", args=[team.pk]), {"people": [stranger.pk, "rubbish"]}
    )
    assert answer.status_code == 404
    assert not Contract.objects.exists()


def test_the_leader_reviews_from_the_desk(client, team):
    contract = applied(team)
    client.force_login(team.leader)
    listed = said(client.get(DESK))
    assert "1 application waits" in listed
    assert contract.patient.name in listed
    shown = said(client.get(one("contract", contract)))
    assert 'data-key="a"' in shown
    assert "0/2000" in shown
    client.post(one("open", contract))
    client.post(one("agree", contract), {"doctor": team.leader.pk})
    contract.refresh_from_db()
    assert contract.status == Status.AGREED
    client.post(one("reopen", contract))
    client.post(one("reject", contract), {"rejection": "papers"})
    contract.refresh_from_db()
    assert contract.status == Status.REJECTED


def test_a_doctor_signs_an_elder_up_on_paper(client, team):
    elder = treated_by(team, PatientFactory(managing_organisation=team.organisation))
    client.force_login(team.leader)
    assert reverse("contracts:home") in said(client.get(reverse("chart:patient", args=[elder.pk])))
    assert team.name in said(client.get(HOME, {"for": elder.pk}))
    client.post(reverse("contracts:apply", args=[team.pk]), {"for": elder.pk, "people": [elder.pk]})
    contract = Contract.objects.get(patient=elder)
    client.post(one("agree", contract))
    client.post(one("sign", contract), {"signature": DRAWN, "read_aloud": "on"})
    contract.refresh_from_db()
    assert (contract.status, contract.read_aloud) == (Status.ACTIVE, True)
    assert team.name in said(client.get(reverse("chart:patient", args=[elder.pk])))
    client.post(one("end", contract), {"because": "moved"})
    client.post(one("hand_over", contract), {"note": "血压已控制，每三个月随访一次"})
    contract.refresh_from_db()
    assert contract.hand_over


def test_the_head_keeps_the_teams(client, team):
    head = StaffFactory(role="head", organisation=team.organisation, language="en")
    doctor = StaffFactory(organisation=team.organisation)
    client.force_login(head)
    client.post(TEAMS, {"name": "三合队", "leader": doctor.pk, "villages": "三合村"})
    made = Team.objects.get(name="三合队")
    keep = reverse("contracts:keep", args=[made.pk])
    assert "三合村" in said(client.get(keep))
    again = client.post(TEAMS, {"name": "三合队", "leader": doctor.pk}, follow=True)
    assert "There is a team of this name" in said(again)
    nobody = client.post(TEAMS, {"name": "新队"}, follow=True)
    assert "choose somebody who works there" in said(nobody)
    client.post(keep, {"villages": "用沙村", "phone": "0851-1"})
    add = reverse("contracts:add_member", args=[made.pk])
    client.post(add, {"function": "nurse", "name": "王护士"})
    client.post(add, {"function": "gp", "user": team.leader.pk})
    wrong = client.post(add, {"function": "gp", "name": "无账号医生"}, follow=True)
    assert "needs an account" in said(wrong)
    nurse = Member.objects.get(name="王护士")
    client.post(reverse("contracts:end_member", args=[nurse.pk]))
    assert not Member.objects.current().filter(name="王护士").exists()
    again = client.post(reverse("contracts:end_member", args=[nurse.pk]), follow=True)
    assert "王护士 has left this team already" in said(again)
    close = reverse("contracts:close", args=[made.pk])
    assert "Nobody is signed with it" in said(client.get(close))
    client.post(close, {"kind": "close", "reason": "两队合并办公"})
    hand_over_teams_task()
    made.refresh_from_db()
    assert (made.closed_on is not None, made.villages) == (True, "用沙村")


def test_the_head_names_who_goes_on_with_a_doctors_people(client, team):
    head = StaffFactory(role="head", organisation=team.organisation, language="en")
    doctor = join(team)
    contract = applied(team)
    agree_to(team, contract, doctor_id=doctor.pk)
    client.force_login(head)
    leaves = reverse("contracts:end_member", args=[team.members.get(user=doctor).pk])
    assert "choose who takes them over" in said(client.post(leaves, follow=True))
    done = client.post(leaves, {"successor": team.leader.pk}, follow=True)
    assert f"{team.leader.name} goes on with whom they had signed" in said(done)


def test_the_head_hands_a_team_over_village_by_village(client, team):
    head = StaffFactory(role="head", organisation=team.organisation, language="en")
    other = TeamFactory(organisation=team.organisation)
    contract = signed(team, resident_of(team, address="双流镇双永村三组"))
    client.force_login(head)
    close = reverse("contracts:close", args=[team.pk])
    shown = said(client.get(close))
    assert "1 resident is signed with it" in shown
    assert other.name in shown
    sent = {"kind": "suspend", "reason": "队长调离本院", "village": ["双永村"]}
    wrong = said(client.post(close, {**sent, "to-0": "rubbish"}, follow=True))
    assert "Please choose a team that takes people" in wrong
    nobody = said(client.post(close, {**sent, "to-0": ""}, follow=True))
    assert "1 people of 双永村: no team" in nobody
    begun = client.post(close, {**sent, "to-0": str(other.pk)}, follow=True)
    assert "hands its residents over" in said(begun)
    there = begun.redirect_chain[-1][0]
    assert client.get(close, follow=True).redirect_chain[-1][0] == there
    assert "Handing over" in said(client.get(reverse("contracts:keep", args=[team.pk])))
    hand_over_teams_task()
    done = said(client.get(there))
    assert "is suspended" in done
    assert other.name in done
    client.post(reverse("contracts:resume", args=[team.pk]))
    team.refresh_from_db()
    assert team.shut_on is None
    client.force_login(contract.patient.user)
    taken = Contract.objects.get(team=other)
    assert one("contract", taken) in said(client.get(HOME))


def test_the_new_team_sees_whom_no_message_reaches(client, team):
    head = StaffFactory(role="head", organisation=team.organisation)
    other = TeamFactory(organisation=team.organisation)
    other.leader.language = "en"
    other.leader.save()
    contract = signed(team, resident_of(team, address="双流镇双永村三组", phone="13800000000"))
    contract.patient.user = None
    contract.patient.save()
    client.force_login(head)
    sent = {"kind": "close", "reason": "队长调离本院", "village": ["双永村"], "to-0": str(other.pk)}
    client.post(reverse("contracts:close", args=[team.pk]), sent)
    hand_over_teams_task()
    client.force_login(other.leader)
    listed = said(client.get(DESK))
    assert "Taken over: no message reaches them" in listed
    assert "tel:13800000000" in listed


def test_an_english_reader_has_a_translation_beside_the_text_that_binds(page, team, resident):
    contract = signed(team, resident.patient)
    shown = said(page.get(one("contract", contract)))
    assert "data-translation" in shown
    assert "Agreement on family-doctor service" in shown
    assert "家庭医生" in shown
    resident.language = "zh-hans"
    resident.save()
    page.cookies.clear()
    page.force_login(resident)
    assert "data-translation" not in said(page.get(one("contract", contract)))


def test_who_came_of_age_signs_on_the_page(client, team, by):
    parent = resident_of(team)
    born = timezone.localdate() - timedelta(days=17 * 365)
    person = UserFactory(language="en")
    child = child_of(parent, born=born.replace(day=1), user=person)
    with by(parent.user):
        [asked] = services.apply(actor=parent.user, people=[child], team_id=team.pk, years=3)
    with by(team.leader):
        services.agree(actor=team.leader, contract_id=asked.pk)
    contract = sign(read(asked, parent.user), parent.user)
    with time_machine.travel(timezone.now() + timedelta(days=500)):
        client.force_login(person)
        assert "You are 18 now" in said(client.get(one("contract", contract)))
        own = one("sign_own", contract)
        sent = {"way": "drawn", "signature": DRAWN}
        assert "Read or hear the agreement first" in said(client.post(own, sent, follow=True))
        answer = said(client.post(own, {**sent, "has_read": "on"}, follow=True))
        assert "own signature at 18" in answer


def test_lists_cost_the_same_for_one_and_for_many(
    page, team, resident, django_assert_max_num_queries, client
):
    for _ in range(4):
        TeamFactory(organisation=team.organisation)
    with django_assert_max_num_queries(16):
        page.get(HOME)
    for _ in range(4):
        applied(team)
    client.force_login(team.leader)
    with django_assert_max_num_queries(24):
        client.get(DESK)


def test_who_joined_no_team_sees_so(client, team):
    doctor = StaffFactory(organisation=team.organisation, language="en")
    client.force_login(doctor)
    assert "You belong to no team yet" in said(client.get(DESK))
    join(team, user=doctor)
    assert team.name in said(client.get(DESK))


def test_an_application_stands_on_the_first_page_of_the_team(client, team):
    client.cookies["language"] = "en"
    client.force_login(team.leader)
    assert "application waits" not in said(client.get(reverse("web:home")))
    applied(team)
    page = client.get(reverse("web:home"))
    assert [(need.text, need.url) for need in page.context["also"]] == [
        ("1 application waits", DESK)
    ]
    assert "1 application waits" in said(page)
