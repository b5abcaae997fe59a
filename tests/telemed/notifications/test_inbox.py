from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone

from telemed.notifications import services
from telemed.notifications.models import Delivery, Notification
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
    for n in range(21):
        tell(doctor, no=f"C1124-{n:04d}")

    first = client.get(INBOX).content.decode()
    assert "C1124-0020" in first
    assert "C1124-0000" not in first
    assert "page=1" in first

    older = client.get(INBOX, {"page": "1"}).content.decode()
    assert "C1124-0000" in older
    assert "C1124-0001" not in older


@pytest.mark.parametrize("asked", [{"page": "x' OR 1"}, {"page": "-1"}, {"show": "other"}])
def test_a_page_that_is_none_is_refused(client, doctor, asked):
    assert client.get(INBOX, asked).status_code == 400


def test_what_is_about_one_thing_stands_together_and_unread_first(client, doctor, by):
    matter = uuid4()
    with by(doctor):
        for template in ("case.answered", "case.receipt"):
            services.notify(
                recipient=doctor, template=template, about=matter, url="/", no="C1", state="adopted"
            )
        services.notify(recipient=doctor, template="case.closed", about=uuid4(), url="/", no="C2")
        services.mark_read(
            actor=doctor, about=Notification.objects.get(template="case.closed").about
        )

    page = client.get(INBOX).content.decode()

    assert page.count("data-row>") == 2
    assert "1 earlier about this" in page
    assert page.index("Your opinion C1") < page.index("Consult C2 is closed")


def test_filters_show_the_unread_and_the_urgent(client, doctor, by):
    with by(doctor):
        services.notify(recipient=doctor, template="case.closed", about=uuid4(), url="/", no="C1")
        services.notify(recipient=doctor, template="case.answered", about=uuid4(), url="/", no="C2")
        services.mark_read(actor=doctor)
        services.notify(recipient=doctor, template="case.closed", about=uuid4(), url="/", no="C3")

    unread = client.get(INBOX, {"show": "unread"}).content.decode()
    urgent = client.get(INBOX, {"show": "urgent"}).content.decode()

    assert ("C3 is closed" in unread, "C1 is closed" in unread) == (True, False)
    assert ("C2: the missing" in urgent, "C3 is closed" in urgent) == (True, False)


def test_a_subject_is_marked_as_read_and_that_is_taken_back(client, doctor, tell):
    note = tell(doctor)
    other = tell(doctor)
    client.post(reverse("notifications:read", args=[note.about]))
    note.refresh_from_db()
    assert note.read_at
    page = client.get(INBOX).content.decode()
    assert "Marked as read." in page

    client.post(reverse("notifications:take_back"), {"moment": note.read_at.isoformat()})

    for one in (note, other):
        one.refresh_from_db()
        assert one.read_at is None
    assert set(note.deliveries.values_list("state", flat=True)) == {"sent"}


@pytest.mark.parametrize(
    ("moment", "status"), [("", 400), ("yesterday", 400), ("2026-01-01T00:00:00+08:00", 409)]
)
def test_what_was_read_long_ago_or_never_is_not_taken_back(client, doctor, moment, status):
    answer = client.post(reverse("notifications:take_back"), {"moment": moment})
    assert answer.status_code == status


def test_taking_back_touches_nobody_elses_messages(client, doctor, tell, by):
    other = StaffFactory()
    note = tell(other)
    with by(other):
        services.mark_read(actor=other)
    note.refresh_from_db()
    client.post(reverse("notifications:take_back"), {"moment": note.read_at.isoformat()})
    note.refresh_from_db()
    assert note.read_at


def test_a_full_inbox_costs_few_queries(client, doctor, tell, django_assert_max_num_queries):
    for _ in range(25):
        tell(doctor)
    client.get(INBOX)
    with django_assert_max_num_queries(12):
        client.get(INBOX)


# The link of an SMS


@pytest.fixture
def linked(doctor, tell):
    note = tell(doctor, url="/cases/1/")
    return Delivery.objects.create(
        notification=note, channel="sms", state="sent", sent_at=timezone.now(), link="AbCdEf123456"
    )


def test_the_link_leads_to_the_subject_once_and_settles_it(client, doctor, linked):
    answer = client.get("/m/AbCdEf123456")
    assert (answer.status_code, answer.url) == (302, "/cases/1/")
    linked.refresh_from_db()
    assert linked.notification.read_at
    assert linked.state == "read"
    assert client.get("/m/AbCdEf123456").status_code == 410


def test_the_link_is_good_for_a_day(client, doctor, linked):
    linked.sent_at -= timedelta(hours=25)
    linked.save()
    assert client.get("/m/AbCdEf123456").status_code == 410


def test_the_link_signs_nobody_in_and_is_of_no_use_to_others(client, linked):
    client.logout()
    answer = client.get("/m/AbCdEf123456")
    assert answer.url.startswith("/accounts/login/")
    client.force_login(StaffFactory())
    assert client.get("/m/AbCdEf123456").status_code == 404
    linked.notification.refresh_from_db()
    assert linked.notification.read_at is None
