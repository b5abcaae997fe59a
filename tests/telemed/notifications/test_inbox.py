from uuid import uuid4

import pytest
from django.urls import reverse

from telemed.notifications import services
from telemed.notifications.models import Notification
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db
INBOX = "/inbox/"


@pytest.fixture
def doctor(client):
    doctor = StaffFactory(language="en")
    client.force_login(doctor)
    return doctor


@pytest.fixture
def tell(by):
    def tell(recipient, no="C1124-0009", url="/"):
        with by(recipient):
            return services.notify(
                recipient=recipient, template="opinion.signed", about=uuid4(), url=url, no=no
            )

    return tell


def test_the_inbox_says_how_many_wait_and_what_they_are(client, doctor, tell):
    tell(doctor)
    page = client.get(INBOX).content.decode()
    assert "1 message you have not read" in page
    assert "The opinion on C1124-0009 is signed" in page


def test_an_empty_inbox_says_what_will_be_there(client, doctor):
    assert "Nobody has written yet" in client.get(INBOX).content.decode()


def test_nobody_sees_the_messages_of_others(client, doctor, tell):
    note = tell(StaffFactory())
    assert "C1124" not in client.get(INBOX).content.decode()
    assert client.post(reverse("notifications:follow", args=[note.pk])).status_code == 404
    note.refresh_from_db()
    assert note.read_at is None


def test_opening_a_message_settles_it_and_leads_to_its_subject(client, doctor, tell):
    note = tell(doctor, url="/consults/1/")

    answer = client.post(reverse("notifications:follow", args=[note.pk]))

    assert answer.url == "/consults/1/"
    note.refresh_from_db()
    assert note.read_at


def test_all_are_read_at_once(client, doctor, tell):
    tell(doctor)
    tell(doctor)
    client.post(reverse("notifications:read_all"))
    assert not Notification.objects.waiting().exists()


def test_a_long_inbox_is_paged(client, doctor, tell):
    for n in range(31):
        tell(doctor, no=f"C1124-{n:04d}")

    first = client.get(INBOX).content.decode()
    assert "C1124-0030" in first
    assert "C1124-0000" not in first

    last = Notification.objects.order_by("-id")[29]
    older = client.get(INBOX, {"before": str(last.pk)}).content.decode()
    assert "C1124-0000" in older
    assert "C1124-0001" not in older


def test_a_page_mark_that_is_no_number_is_refused(client, doctor):
    assert client.get(INBOX, {"before": "x' OR 1"}).status_code == 400
