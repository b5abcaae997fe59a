"""The desk's page of what the hospital's own system says otherwise; and who keeps a session."""

import pytest
from django.urls import reverse

from scheduling.appointments import services as appointments
from scheduling.availability.models import Disagreement
from telemed.core.intentions import intention
from telemed.people.models import Application
from tests.factories.people import PatientFactory, StaffFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, doctor_of, in_days

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def theirs():
    """A session of the hospital's own system, in which one person may book."""
    session = SessionFactory(identifier="urn:his|m-1")
    session.application = Application.objects.create(
        name="县医院系统", organisation=session.organisation, scopes="system/*.cruds"
    )
    session.save()
    PeriodFactory(session=session, public=2)
    return session


@pytest.fixture
def desk(theirs):
    return StaffFactory(role="desk", organisation=theirs.organisation, language="en")


@pytest.fixture
def page(client, desk):
    client.force_login(desk)
    return client


def differing(session, kind="dropped", said=None, **more):
    facts = {"said": said or {}, "here": {"booked": 1, "free": 1}, **more}
    return Disagreement.objects.create(
        session=session, application=session.application, kind=kind, **facts
    )


@pytest.mark.parametrize("door", ["publish", "cancel", "resize", "stop", "restore"])
def test_what_a_system_keeps_is_not_changed_on_our_pages(page, theirs, door):
    sent = {"reason": "开会", "plan": "cancel", "capacity": 3}
    pools = dict.fromkeys(["family_doctor", "referral", "walk_in", "phone"], 0)
    answer = page.post(
        reverse(f"sessions:{door}", args=[theirs.pk]),
        {**sent, **pools},
        headers={"accept": "application/json"},
    )
    assert answer.status_code == 403
    theirs.refresh_from_db()
    assert (theirs.state, theirs.capacity) == ("published", 4)


def test_the_session_says_who_keeps_it_and_has_no_buttons(page, theirs):
    text = page.get(reverse("sessions:session", args=[theirs.pk])).content.decode()
    assert "“县医院系统” keeps this session" in text
    for door in ("publish", "cancel", "resize", "stop"):
        assert reverse(f"sessions:{door}", args=[theirs.pk]) not in text
    by_hand = SessionFactory(department=theirs.department, day=in_days(8))
    text = page.get(reverse("sessions:session", args=[by_hand.pk])).content.decode()
    assert "keeps this session" not in text
    assert reverse("sessions:resize", args=[by_hand.pk]) in text


def test_the_page_says_what_either_side_says_and_who_is_booked(page, theirs, desk):
    person = PatientFactory(name="王小兰")
    period = theirs.periods.get()
    with intention(desk, door="test"):
        appointments.book(actor=desk, patient=person, period_id=period.pk)
    differing(theirs)
    differing(theirs, "count", {"free": 0}, period=period)
    text = page.get(reverse("sessions:differing")).content.decode()
    for said in ("it is not held", "0 free", "1 free, 1 person is booked", "王小兰"):
        assert said in text
    assert "says otherwise in 2 places" in page.get(reverse("sessions:home")).content.decode()


def test_what_moves_somebody_by_hand_is_not_offered(page, theirs):
    row = differing(theirs, "below", {"places": 1})
    text = page.get(reverse("sessions:differing")).content.decode()
    assert 'value="ours"' in text
    assert 'value="theirs"' not in text
    settled = reverse("sessions:settle", args=[row.pk])
    page.post(settled, {"choice": "theirs", "reason": "按系统"})
    row.refresh_from_db()
    assert row.state == "open"


@pytest.mark.parametrize(
    ("sent", "state"),
    [
        ({"choice": "ours", "reason": "由王医生坐诊"}, "ours"),
        ({"choice": "theirs", "reason": "医生外出"}, "theirs"),
        ({"choice": "ours", "reason": ""}, "open"),
        ({"choice": "neither", "reason": "由王医生坐诊"}, "open"),
    ],
)
def test_the_desk_decides_with_a_reason(page, theirs, desk, sent, state):
    row = differing(theirs)
    page.post(reverse("sessions:settle", args=[row.pk]), sent)
    row.refresh_from_db()
    theirs.refresh_from_db()
    assert row.state == state
    assert row.settled_by == (None if state == "open" else desk)
    assert theirs.state == ("stopped" if state == "theirs" else "published")


@pytest.mark.parametrize("role", ["desk", "specialist"])
def test_who_does_not_keep_it_neither_sees_nor_decides(client, theirs, role):
    row = differing(theirs)
    other = StaffFactory(role=role) if role == "desk" else doctor_of(theirs.department)
    client.force_login(other)
    text = client.get(reverse("sessions:differing"), headers={"accept": "application/json"})
    assert text.status_code == (200 if role == "desk" else 403)
    assert "县医院系统" not in text.content.decode()
    sent = {"choice": "ours", "reason": "由王医生坐诊"}
    answer = client.post(
        reverse("sessions:settle", args=[row.pk]), sent, headers={"accept": "application/json"}
    )
    assert answer.status_code in (403, 404)
    row.refresh_from_db()
    assert row.state == "open"


def test_the_page_asks_the_same_for_few_and_for_many(page, theirs, django_assert_max_num_queries):
    for n in range(6):
        session = SessionFactory(department=theirs.department, day=in_days(9 + n))
        session.application, session.identifier = theirs.application, f"urn:his|x-{n}"
        session.save()
        differing(session)
    with django_assert_max_num_queries(25):
        assert page.get(reverse("sessions:differing")).status_code == 200
