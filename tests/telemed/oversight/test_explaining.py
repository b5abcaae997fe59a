"""A risk signal is asked about, explained, decided, closed; where nobody acts, somebody hears."""

from datetime import timedelta

import pytest
import time_machine

from telemed.core.clocks import fire_due
from telemed.core.intentions import System, intention
from telemed.notifications.models import Notification
from telemed.organisations.models import Organisation
from telemed.oversight import services
from telemed.oversight.models import Signal, SignalEntry
from telemed.people.models import Role
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.marks import committed
from tests.racing import race
from tests.telemed.oversight.conftest import NOW
from tests.telemed.oversight.reading import page_of

pytestmark = committed
FOUND = "两位医生休假，已补排班"
URL = "/oversight/signals/"
State = Signal.State


@pytest.fixture
def hospital(clinics):
    return OrganisationFactory(name="开阳县人民医院", division=clinics["520121"].division)


@pytest.fixture
def office(hospital):
    return StaffFactory(role=Role.MEDICAL_OFFICE, organisation=hospital)


@pytest.fixture
def county(clinics):
    place = clinics["520121"].division
    authority = OrganisationFactory(kind=Organisation.Kind.AUTHORITY, division=place)
    return StaffFactory(role=Role.COORDINATOR, organisation=authority)


@pytest.fixture
def prefecture(official_of, prefectures):
    return official_of("5201")


@pytest.fixture
def signal(hospital):
    return raised(hospital)


def raised(hospital):
    with intention(System("test"), door="test"):
        return services.raise_at_once(rule="duty_struck", subject=hospital)


def do(client, signal, act, who, status=200, **sent):
    client.force_login(who)
    client.cookies["language"] = "en"
    answer = client.post(f"{URL}{signal.pk}/{act}/", sent, follow=True)
    assert answer.status_code == status
    signal.refresh_from_db()
    return answer.content.decode()


def explain(client, signal, who, text=FOUND, cause="staff", status=200):
    return do(client, signal, "explain", who, status, cause=cause, text=text)


def decide(client, signal, who, decision, reason="与排班记录一致，予以认可", status=200):
    return do(client, signal, "decide", who, status, decision=decision, reason=reason)


def told(who):
    return list(Notification.objects.filter(recipient=who).values_list("template", flat=True))


def kinds(signal):
    return list(signal.entries.order_by("pk").values_list("kind", flat=True))


def later(**length):
    with time_machine.travel(NOW + timedelta(seconds=1, **length), tick=False):
        fire_due()


def test_the_county_asks_the_institution_explains_the_prefecture_accepts(
    client, signal, office, county, prefecture
):
    assert told(county) == []  # the signal was there before they were
    page = do(client, signal, "ask", county)
    assert "The institution was asked" in page
    do(client, signal, "ask", county)
    assert told(office).count("signal.asked") == 1

    explain(client, signal, office)
    assert (signal.state, signal.cause) == (State.EXPLAINED, "staff")
    assert told(prefecture) == ["signal.explained"]
    page = page_of(client, prefecture, path=URL, state="explained")
    assert FOUND in page
    assert "Staff missing or new" in page
    assert office.name not in page

    decide(client, signal, prefecture, "accepted")
    assert signal.state == State.ACCEPTED
    assert kinds(signal) == ["asked", "explained", "accepted"]
    later(days=30)
    signal.refresh_from_db()
    assert signal.state == State.CLOSED
    assert SignalEntry.objects.filter(signal=signal, kind="closed", role="").count() == 1


def test_escalated_the_province_and_the_head_hear_and_it_is_closed_with_a_measure(
    client, signal, hospital, office, prefecture, official
):
    head = StaffFactory(role=Role.HEAD, organisation=hospital)
    explain(client, signal, office, cause="conduct")
    decide(client, signal, prefecture, "escalated", reason="不在值班表内签发已三个月")
    assert told(official)[-1] == told(head)[-1] == "signal.escalated"
    do(client, signal, "close", official, status=422, measure="短")
    do(client, signal, "close", official, measure="约谈院长，限期整改并复查")
    assert signal.state == State.CLOSED
    assert "约谈院长，限期整改并复查" in page_of(client, official, path=URL, state="closed")


def test_whoever_explained_does_not_decide_nor_does_their_house(
    client, signal, prefecture, official, county, office
):
    explain(client, signal, prefecture)
    assert "Who explained it does not decide" in decide(
        client, signal, prefecture, "accepted", status=403
    )
    other = StaffFactory(role=Role.OFFICIAL, organisation=prefecture.organisation)
    decide(client, signal, other, "accepted", status=403)
    for lower in (county, office):
        decide(client, signal, lower, "accepted", status=403)
    decide(client, signal, official, "accepted")
    assert signal.state == State.ACCEPTED


def test_an_explanation_is_taken_back_by_its_writer_until_it_is_decided(
    client, signal, office, prefecture
):
    colleague = StaffFactory(role=Role.HEAD, organisation=office.organisation)
    explain(client, signal, office)
    assert "Only who wrote it" in do(client, signal, "take-back", colleague, status=403)
    do(client, signal, "take-back", office)
    assert (signal.state, signal.explanation, signal.explained_at) == (State.RAISED, "", None)
    assert FOUND in page_of(client, office, path=URL)  # the history keeps what was said
    explain(client, signal, office, text="重新核对后：一位医生值班表漏排")
    decide(client, signal, prefecture, "accepted")
    do(client, signal, "take-back", office, status=409)


def test_a_second_explanation_is_refused_and_the_same_again_is_not(client, signal, office, county):
    explain(client, signal, office)
    explain(client, signal, office)
    assert "in another state already" in explain(client, signal, county, status=409)
    assert kinds(signal) == ["explained"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"cause": "staff", "text": "好"}, "10 to 500 characters"),
        ({"cause": "staff", "text": "x" * 501}, "10 to 500 characters"),
        ({"cause": "", "text": FOUND}, "Choose one of the causes"),
        ({"cause": "moon", "text": FOUND}, "Choose one of the causes"),
    ],
)
def test_what_is_missing_is_said_and_nothing_changes(client, signal, office, sent, said):
    assert said in do(client, signal, "explain", office, status=422, **sent)
    assert signal.state == State.RAISED
    assert kinds(signal) == []


def test_what_was_typed_stays_with_the_signal_that_refused_it(client, signal, hospital, office):
    other = Signal.objects.create(
        number="S2", rule="no longer", subject=hospital, month=NOW.date().replace(day=1), facts={}
    )
    client.force_login(office)
    sent = {"cause": "supply", "text": "坏了"}
    page = client.post(
        f"{URL}{signal.pk}/explain/",
        sent,
        headers={"referer": f"http://testserver{URL}"},
        follow=True,
    ).content.decode()
    mine, its = (page.split(f'id="s-{one.pk}"')[1].split("</li>")[0] for one in (signal, other))
    assert 'grow" open' in mine
    assert "坏了</textarea>" in mine
    assert 'value="supply" selected' in mine
    assert "坏了" not in its
    assert 'grow" open' not in its


def test_a_decision_needs_an_explanation_and_a_choice(client, signal, office, prefecture):
    decide(client, signal, prefecture, "accepted", status=409)
    explain(client, signal, office)
    decide(client, signal, prefecture, "closed", status=422)
    decide(client, signal, prefecture, "", status=422)
    assert signal.state == State.EXPLAINED


def test_where_nobody_explains_or_decides_those_above_hear(
    client, clinics, hospital, office, county, prefecture, official
):
    head = StaffFactory(role=Role.HEAD, organisation=county.organisation)
    signal = raised(hospital)
    assert told(county) == ["signal.raised"]
    later(days=7)
    assert told(head) == []
    later(days=16)
    assert told(head) == ["signal.unexplained"]
    assert told(prefecture) == ["signal.unexplained"]
    with time_machine.travel(NOW + timedelta(days=16), tick=False):
        explain(client, signal, office)
    later(days=32)
    assert told(official) == ["signal.undecided"]


def test_while_one_is_open_the_rule_only_speaks_again(client, hospital, office, prefecture):
    signal = raised(hospital)
    assert raised(hospital).facts == {"n": 2}
    explain(client, signal, office)
    with time_machine.travel(NOW + timedelta(days=20), tick=False):
        for _ in range(2):
            assert raised(hospital).pk == signal.pk
        assert kinds(signal) == ["explained", "again"]
        assert "The rule spoke again 2026-12" in page_of(client, prefecture, path=URL)
        decide(client, signal, prefecture, "accepted")
        assert raised(hospital).pk == signal.pk  # of this month, too, it has been told
    with time_machine.travel(NOW + timedelta(days=50), tick=False):
        assert raised(hospital).pk != signal.pk


def test_two_who_decide_at_once_are_one_decision(client, signal, office, prefecture, official):
    explain(client, signal, office)

    def acts(who, decision):
        def act():
            with intention(who, door="test"):
                services.decide_signal(
                    actor=who,
                    signal_id=signal.pk,
                    decision=decision,
                    reason="核实情况后决定如此处理",
                )

        return act

    ended = race([acts(prefecture, "accepted"), acts(official, "escalated")])
    assert ended == {"won": 1, "Conflict": 1}
    assert len(kinds(signal)) == 2
