"""What comes back from a gateway: signed, once, and nothing kept of what strangers write."""

import base64
import json
import time
from datetime import timedelta
from uuid import uuid4

import pytest

from telemed.audit.models import AuditRow
from telemed.core.models import IdempotencyKey
from telemed.notifications import replies
from telemed.notifications.models import Preference, State
from telemed.notifications.replies import Answer
from telemed.notifications.tasks import deliver_task
from telemed.notifications.views.gateway import sign
from tests.factories.people import UserFactory
from tests.telemed.notifications.conftest import channels

pytestmark = pytest.mark.django_db
DOOR = "/inbox/gateway/"
SECRET = "whsec_" + base64.b64encode(b"a secret of the tests").decode()


@pytest.fixture(autouse=True)
def secret(settings):
    settings.SMS_WEBHOOK_SECRET = SECRET


@pytest.fixture
def push(client):
    def push(*reports, secret=SECRET, message_id=None, age=0, body=None):
        body = body if body is not None else json.dumps(reports).encode()
        message_id, sent_at = message_id or str(uuid4()), str(int(time.time()) - age)
        return client.post(
            DOOR,
            body,
            content_type="application/json",
            headers={
                "webhook-id": message_id,
                "webhook-timestamp": sent_at,
                "webhook-signature": sign(secret, message_id, sent_at, body),
            },
        )

    return push


@pytest.fixture
def question(monkeypatch, noon, sms, resident, tell):
    """An SMS that asks something, and the answers that came to it."""
    heard = []
    monkeypatch.setitem(
        replies._handlers, "case.scheduled", lambda n, said: heard.append((n, said))
    )
    note = tell(resident, "case.scheduled")
    deliver_task()
    return note, heard


def test_an_answer_reaches_who_asked_and_settles_the_message(push, question, resident):
    note, heard = question
    answer = push({"phone_number": "13800000001", "content": " 是 "})
    assert answer.json() == {"code": 0, "msg": "OK"}
    assert heard == [(note, Answer.YES)]
    note.refresh_from_db()
    assert note.read_at
    assert channels(note)["in_app"] == State.READ


def test_the_same_push_twice_counts_once(push, question):
    _note, heard = question
    for _ in range(2):
        report = {"phone_number": "+8613800000001", "content": "2"}
        assert push(report, message_id="push-1").status_code == 200
    assert [said for _note, said in heard] == [Answer.NO]


def test_a_stranger_is_left_alone_and_what_they_wrote_is_nowhere(push, question, caplog):
    _note, heard = question
    caplog.set_level("INFO")
    push({"phone_number": "13700000000", "content": "我妈妈胸口疼"})
    assert heard == []
    row = AuditRow.objects.get(action="sms.reply")
    assert (row.target, row.refused) == ("unknown", "not_found")
    assert "left alone" in caplog.text
    kept = (
        caplog.text
        + str(list(AuditRow.objects.values()))
        + str(list(IdempotencyKey.objects.values()))
    )
    assert "胸口" not in kept
    assert "13700000000" not in kept


def test_a_number_that_nobody_verified_is_a_strangers(push, question, resident):
    resident.phone_verified = False
    resident.save()
    push({"phone_number": "13800000001", "content": "1"})
    assert question[1] == []


def test_td_stops_what_is_not_urgent(push, question, resident):
    push({"phone_number": "13800000001", "content": "td"})
    assert Preference.objects.get(user=resident).urgent_only


def test_in_a_family_with_one_number_the_answer_goes_to_who_was_asked(push, question, resident):
    note, heard = question
    UserFactory(phone=resident.phone, phone_verified=True)
    push({"phone_number": "13800000001", "content": "Y"})
    assert heard == [(note, Answer.YES)]


def test_words_that_are_no_answer_change_nothing(push, question):
    note, heard = question
    push({"phone_number": "13800000001", "content": "谢谢医生"})
    note.refresh_from_db()
    assert (heard, note.read_at) == ([], None)


def test_an_answer_days_later_answers_nothing(push, question, noon):
    noon.shift(timedelta(days=4))
    push({"phone_number": "13800000001", "content": "1"})
    assert question[1] == []


@pytest.mark.parametrize(("success", "state"), [(True, "delivered"), (False, "failed")])
def test_a_receipt_says_whether_it_arrived(push, noon, resident, tell, monkeypatch, success, state):
    from telemed.notifications import gateways
    from telemed.notifications.gateways import Receipt

    class Taking:
        def send(self, message):
            return Receipt(gateway_id="g")

    monkeypatch.setitem(gateways._connected, "sms", Taking())
    note = tell(resident, "case.scheduled")
    deliver_task()
    row = note.deliveries.get(channel="sms")
    for _ in range(2):
        push({"phone_number": "1", "out_id": str(row.pk), "success": success})
    assert channels(note)["sms"] == state


def test_receipts_of_others_change_nothing(push):
    assert push({"out_id": "67890", "success": True}).status_code == 200
    assert push({"out_id": str(uuid4()), "success": False}).status_code == 200


def test_what_is_not_signed_rightly_or_lately_is_refused(push, question, client):
    report = {"phone_number": "13800000001", "content": "1"}
    assert push(report, secret=SECRET[:-4]).status_code == 401
    assert push(report, age=301).status_code == 401
    unsigned = client.post(DOOR, "[]", content_type="application/json")
    assert unsigned.status_code == 400
    assert question[1] == []


@pytest.mark.parametrize("body", [b"{", b'{"a": 1}', b'[{"success": "x y"}]', b"\xff"])
def test_what_is_no_list_of_reports_is_refused(push, body):
    assert push(body=body).status_code == 400


def test_too_much_is_refused(push):
    assert push(body=b" " * 70_000).status_code == 413


def test_without_a_secret_the_door_is_shut(push, settings):
    settings.SMS_WEBHOOK_SECRET = ""
    assert push().status_code == 404


def test_the_signature_is_that_of_standard_webhooks():
    """The example of https://github.com/standard-webhooks/standard-webhooks, spec."""
    signature = sign(
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "1614265330",
        b'{"test": 2432232314}',
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
