"""What a device takes along, what it sends later, and what happens when others were faster."""

import base64
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from scheduling.duties import limits, services
from scheduling.duties.models import Code, Duty, Status, Visit
from telemed.audit.models import AuditRow
from telemed.core import outbox
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.intentions import System
from telemed.core.models import Clock, ClockState
from telemed.notifications import replies
from telemed.notifications.models import Notification
from tests.factories.duties import FINE, HIGH, due, serve, served
from tests.factories.people import StaffFactory
from tests.factories.registration import TeamFactory, join, resident_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(40))
SIGNED = "data:image/png;base64," + base64.b64encode(PNG).decode()
WHY = "两人都到了病人家里"
REFUSED = replace(HIGH, refusal="病人不愿意去医院")


@pytest.fixture
def team():
    team = TeamFactory()
    team.colleague = join(team)
    team.leader.language = "en"
    team.leader.save()
    return team


@pytest.fixture
def page(client, team):
    client.force_login(team.leader)
    return client


def drafted(found, **more):
    return replace(found, draft=uuid4(), **more)


@pytest.fixture
def add(by):
    def call(duty, actor, found=FINE, because=WHY):
        with by(actor):
            return services.add_visit(actor=actor, duty_id=duty.pk, found=found, because=because)

    return call


def ask(page, name, *args, **sent):
    json = {"HTTP_ACCEPT": "application/json"}
    address = reverse(f"duties:{name}", args=args)
    return page.post(address, sent, **json) if sent else page.get(address, **json)


def test_the_day_is_taken_along_with_no_more_than_it_needs(page, team):
    duty = due(team, patient=resident_of(team, name="石美凤", birth_date="1970-01-01"))
    day = ask(page, "taken").json()
    (village,) = day["villages"]
    one = next(one for one in village["duties"] if one["id"] == str(duty.pk))
    assert one["who"] == "石美凤"
    assert set(one) == {
        *("id", "who", "more", "card", "address", "phone", "what", "face", "asks", "due", "late"),
        *("warned", "seen", "before", "parts", "remembered", "doses"),
    }
    assert one["card"] == duty.contract.patient.id_card_masked
    assert AuditRow.objects.filter(action="duty.take_along").count() == 1


def test_the_key_is_the_accounts_own_and_always_the_same(client, page, team):
    mine = ask(page, "seal").json()["key"]
    assert ask(page, "seal").json()["key"] == mine
    client.force_login(team.colleague)
    assert ask(client, "seal").json()["key"] != mine
    assert "no-store" in ask(client, "seal")["Cache-Control"]


def test_what_waited_was_done_when_it_was_done(team):
    duty = due(team)
    with time_machine.travel(timezone.now(), tick=False):
        serve(duty, found=drafted(FINE, waited=7_200))
        duty.refresh_from_db()
        assert duty.served_at == timezone.now() - timedelta(hours=2)
    other = due(team)
    serve(other, found=drafted(FINE, waited=10**8))
    other.refresh_from_db()
    assert timezone.now() - other.served_at < timedelta(days=32)


def test_a_warning_that_is_sent_again_is_the_same_warning(team):
    duty = due(team)
    found = drafted(HIGH, seen="new")
    assert serve(duty, found=found).is_warned
    assert serve(duty, found=found).is_warned
    assert Duty.objects.filter(rule=Code.RECHECK).count() == 1


def test_a_refusal_in_the_same_visit_finishes_it(team):
    duty = due(team)
    found = drafted(HIGH, seen="new")
    serve(duty, found=found)
    assert serve(duty, found=replace(found, refusal=REFUSED.refusal)).status == Status.DONE
    other = due(team)
    done = serve(other, found=drafted(REFUSED, seen="new"))
    assert (done.status, done.refusal) == (Status.DONE, REFUSED.refusal)
    assert Duty.objects.filter(recheck_of=other).exists()


def test_nothing_is_written_over_a_warning_that_the_device_did_not_know(team):
    duty = due(team)
    serve(duty, team.colleague, drafted(HIGH))
    with pytest.raises(Conflict, match="was changed meanwhile"):
        serve(duty, found=drafted(REFUSED, seen="new"))
    duty.refresh_from_db()
    assert (duty.status, duty.systolic) == (Status.DUE, HIGH.systolic)
    assert serve(duty, found=drafted(REFUSED, seen=duty.mark)).status == Status.DONE


def test_one_record_is_for_one_service(team):
    found = drafted(FINE)
    serve(due(team), found=found)
    with pytest.raises(Invalid, match="already"):
        serve(due(team), found=found)


def test_the_second_phone_sees_both_and_may_add_its_own(page, team):
    duty = served(team, team.colleague)
    sent = {"mode": "face_to_face", "systolic": "142", "diastolic": "88", "draft": str(uuid4())}
    refused = ask(page, "serve", duty.pk, **sent)
    assert (refused.status_code, refused.json()["kind"]) == (409, "conflict")
    theirs = ask(page, "duty", duty.pk).json()
    assert (theirs["who"], theirs["pressure"]) == (team.colleague.name, "138/84")
    assert not theirs["open"]
    for _twice in range(2):
        assert ask(page, "add", duty.pk, **sent, because=WHY, waited="60").status_code == 200
    visit = Visit.objects.get()
    assert (visit.duty, visit.systolic, visit.served_by) == (duty, 142, team.leader)
    shown = page.get(reverse("duties:duty", args=[duty.pk])).content.decode()
    assert "142/88" in shown
    assert WHY in shown
    duty.refresh_from_db()
    assert (duty.systolic, duty.served_by) == (138, team.colleague)


def test_a_further_visit_says_why_and_is_checked(team, add):
    duty = served(team)
    with pytest.raises(Invalid, match="why it is kept"):
        add(duty, team.leader, because="  ")
    with pytest.raises(Invalid, match="both values"):
        add(duty, team.leader, replace(FINE, diastolic=None))
    with pytest.raises(Conflict, match="still to be done"):
        add(due(team), team.leader)
    with pytest.raises(NotFound):
        add(duty, StaffFactory())
    assert not Visit.objects.exists()


def test_a_further_visit_to_a_withdrawn_duty_may_warn(team, add, by):
    duty = due(team)
    with by(team.leader):
        services.waive(actor=team.leader, duty_id=duty.pk, because="away")
    with pytest.raises(Conflict, match="Waived"):
        serve(duty, found=drafted(FINE, seen="new"))
    add(duty, team.colleague, HIGH)
    assert Duty.objects.get(recheck_of=duty).status == Status.DUE
    outbox.deliver_waiting()
    assert Notification.objects.filter(template="duty.warned", recipient=team.leader).exists()


def test_the_page_prints_the_limits_by_which_the_server_goes(page, team):
    told = limits.as_data()
    assert told["warns"] == {"systolic": 180, "diastolic": 110, "high": 16.7, "low": 3.9}
    assert Decimal(str(told["warns"]["high"])) == limits.SUGAR_HIGH
    assert str(told["say"]["both"]) in page.get(reverse("duties:kit")).content.decode()


def test_a_signature_at_the_visit_confirms_it(page, team):
    duty = due(team)
    sent = {"mode": "face_to_face", "systolic": "138", "diastolic": "84", "signature": SIGNED}
    assert ask(page, "serve", duty.pk, **sent, draft=str(uuid4())).status_code == 200
    duty.refresh_from_db()
    assert (duty.status, duty.answered) == (Status.CONFIRMED, "signed")
    assert bytes(duty.signature) == PNG
    outbox.deliver_waiting()
    resident = duty.contract.patient.user
    assert not Notification.objects.filter(template="duty.confirm", recipient=resident).exists()
    assert not Clock.objects.filter(about=duty.pk, state=ClockState.RUNNING).exists()


def test_a_signature_is_a_picture_and_not_too_large(page, team):
    duty = due(team)
    sent = {"mode": "face_to_face", "systolic": "138", "diastolic": "84"}
    refused = ask(page, "serve", duty.pk, **sent, signature="data:text/plain;base64,aGk=")
    assert (refused.status_code, refused.json()["path"]) == (422, "signature")
    with pytest.raises(Invalid, match="too large"):
        serve(duty, found=replace(FINE, signature=b"x" * (limits.SIGNATURE + 1)))
    duty.refresh_from_db()
    assert duty.status == Status.DUE


@pytest.mark.parametrize(
    ("said", "status", "way"),
    [("1", "confirmed", "sms"), ("2", "disputed", ""), ("好", "done", "")],
)
def test_the_resident_answers_by_sms(team, by, said, status, way):
    duty = served(team)
    outbox.deliver_waiting()
    question = Notification.objects.get(template="duty.confirm", about=duty.pk)
    understood = replies.understand(said)
    if understood:
        for _twice in range(2):
            with by(System("sms")):
                replies.answer(question, understood)
    duty.refresh_from_db()
    assert (duty.status, duty.answered) == (status, way)


def test_an_answer_that_comes_too_late_changes_nothing(team, by):
    duty = served(team)
    outbox.deliver_waiting()
    question = Notification.objects.get(template="duty.confirm", about=duty.pk)
    with by(question.recipient):
        services.dispute(actor=question.recipient, duty_id=duty.pk)
    with by(System("sms")):
        replies.answer(question, replies.Answer.YES)
    duty.refresh_from_db()
    assert duty.status == Status.DISPUTED
