"""The pages of booking for several people, as a township doctor meets them."""

import re
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from records.mpi.models import Patient
from scheduling.appointments import services
from scheduling.appointments.models import Appointment, Batch, BatchRow, Status
from telemed.audit.models import AuditRow
from tests.factories.people import PatientFactory, StaffFactory, treated
from tests.factories.scheduling import PeriodFactory, SessionFactory, in_days, places_of

pytestmark = pytest.mark.django_db
DRAFT, SEND = reverse("booking:batch"), reverse("booking:send_batch")


@pytest.fixture
def period():
    return PeriodFactory(public=3)


@pytest.fixture
def page(client, doctor):
    client.force_login(doctor)
    client.cookies["language"] = "en"
    return client


def said(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def draft(page, period, people, **more):
    asked = {"department": period.department_id, "who": [one.pk for one in people], "key": uuid4()}
    return page.get(DRAFT, asked | {"day": period.session.day} | more)


def form_of(answer):
    """What the page would send: as it stands in its own form."""
    form = said(answer).split(f'action="{SEND}"')[1].split("</form>")[0]
    pairs = re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form)
    sent = {name: value for name, value in pairs if name != "csrfmiddlewaretoken"}
    return sent | {"row": [value for name, value in pairs if name == "row"]}


def send(page, answer):
    return page.post(SEND, form_of(answer), follow=True)


def order(answer):
    return re.findall(r'type="hidden" name="who" value="([^"]+)"', said(answer))


def test_the_journey_without_script(page, period, villagers):
    one, two = villagers(2)
    start = page.get(DRAFT)
    assert f"?department={period.department_id}" in said(start)
    found = page.get(DRAFT, {"department": period.department_id, "key": uuid4(), "q": "村民"})
    assert f'name="who" value="{one.pk}"' in said(found)
    listed = draft(page, period, [one, two])
    assert "2 of 2 people get a time" in said(listed)
    result = send(page, listed)
    assert "2 of 2 people are booked" in said(result)
    assert places_of(period) == {"public": (2, 3)}
    batch = Batch.objects.get()
    for paper in ("batch_slips", "batch_sheet"):
        shown = said(page.get(reverse(f"booking:{paper}", args=[batch.pk])))
        assert shown.count("村民") >= 2
    assert 'class="slip__q"' in said(page.get(reverse("booking:batch_slips", args=[batch.pk])))


def test_a_list_gets_the_key_of_its_page_before_it_is_shown(page, period, villagers):
    asked = {"department": period.department_id, "who": villagers(1)[0].pk}
    sent_on = page.get(DRAFT, asked)
    assert sent_on.status_code == 302
    query = parse_qs(urlsplit(sent_on.url).query)
    assert query["who"] == [str(asked["who"])]
    assert query["key"][0] in said(page.get(sent_on.url))


def test_sent_twice_and_back(page, period, villagers):
    listed = draft(page, period, villagers(2))
    first, second = send(page, listed), send(page, listed)
    assert first.redirect_chain[-1] == second.redirect_chain[-1]
    assert (Batch.objects.count(), Appointment.objects.count()) == (1, 2)
    # The back button: the page of the list leads to what became of it.
    back = page.get(listed.request["PATH_INFO"] + "?" + listed.request["QUERY_STRING"])
    assert back.url == reverse("booking:batch_result", args=[Batch.objects.get().pk])


def test_the_same_page_with_another_list_is_refused(page, period, villagers):
    one, two = villagers(2)
    listed = draft(page, period, [one, two])
    send(page, listed)
    sent = form_of(listed)
    answer = page.post(SEND, sent | {"row": sent["row"][::-1]}, headers={"accept": "text/html"})
    assert "was sent before with other content" in said(answer)
    assert Batch.objects.count() == 1


def test_up_down_and_off_the_list(page, period, villagers):
    people = villagers(3)
    one, two, three = (str(person.pk) for person in people)
    assert order(draft(page, period, people, up=two)) == [two, one, three]
    assert order(draft(page, period, people, down=two)) == [one, three, two]
    assert order(draft(page, period, people, up=one)) == [one, two, three]
    assert order(draft(page, period, people, drop=two)) == [one, three]
    assert order(draft(page, period, people, up="not an id")) == [one, two, three]


def test_what_each_may_not_is_said_under_the_finder(page, period, villagers, doctor, by):
    free, there = villagers(2)
    with by(doctor):
        services.book(actor=doctor, patient=there, period_id=period.pk)
    shown = said(draft(page, period, [], q="村民"))
    assert f'name="who" value="{free.pk}"' in shown
    assert f'name="who" value="{there.pk}"' not in shown
    assert "Already booked in this department that day." in shown
    fragment = draft(page, period, [], q="村民", part="found")
    assert "<html" not in said(fragment)
    assert "Found: 2 people" in said(fragment)


def test_twenty_one_the_same_twice_and_somebody_elses_on_the_list(page, period, villagers):
    people = villagers(21)
    shown = said(draft(page, period, people))
    assert "At most 20 people in one go; 村民20 was left out." in shown
    assert "村民0 is on the list already." in said(draft(page, period, [people[0], people[0]]))
    theirs = treated(PatientFactory(name="外人"), StaffFactory().organisation)
    shown = said(draft(page, period, [people[0], theirs]))
    assert "is not yours to book for, and was left out" in shown
    assert "外人" not in shown


def test_of_a_merged_record_the_one_that_stays(page, period, villagers):
    one, two = villagers(2)
    one.merged_into = two
    one.save()
    assert order(draft(page, period, [one])) == [str(two.pk)]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"row": []}, "choose somebody first"),
        ({"row": ["x:y"]}, "This list cannot be read"),
        ({"day": ""}, "This list cannot be read"),
        ({"key": "1"}, "This list cannot be read"),
        ({"department": str(uuid4())}, "This department does not exist."),
        ({"day": "2026-01-01"}, "That day is over"),
        ({"day": str(in_days(8))}, "A time is not of this department and day."),
        ({"row": [f"{uuid4()}:{uuid4()}"]}, "is not yours to book for"),
    ],
)
def test_bad_input_is_told_and_changes_nothing(page, period, villagers, wrong, sentence):
    listed = draft(page, period, villagers(1))
    answer = page.post(SEND, form_of(listed) | wrong)
    assert answer.status_code in (404, 422)
    assert sentence in said(answer)
    assert not Batch.objects.exists()
    assert places_of(period) == {"public": (0, 3)}


def test_a_refused_list_goes_back_to_its_page(page, period, villagers):
    listed = draft(page, period, villagers(1))
    where = f"http://testserver{DRAFT}?{listed.request['QUERY_STRING']}"
    sent = form_of(listed) | {"day": "2026-01-01"}
    answer = page.post(SEND, sent, follow=True, headers={"referer": where})
    assert "That day is over" in said(answer)
    assert "1 of 1 person gets a time" in said(answer)


def test_a_line_that_goes_in_the_middle(page, period, villagers, monkeypatch):
    listed = draft(page, period, villagers(3))
    real, calls = services.book_row, []

    def breaks(**given):
        calls.append(given)
        if len(calls) == 2:
            raise OperationalError("server closed the connection")
        return real(**given)

    monkeypatch.setattr(services, "book_row", breaks)
    result = said(send(page, listed))
    assert "1 of 3 people are booked" in result
    assert "2 people were not tried yet. What is booked stands." in result
    monkeypatch.undo()
    batch = Batch.objects.get()
    result = page.post(reverse("booking:go_on_batch", args=[batch.pk]), follow=True)
    assert "3 of 3 people are booked" in said(result)


def test_who_lost_takes_the_next_cancels_and_undoes(page, period, villagers, doctor, by):
    later = PeriodFactory(
        session=period.session, starts_at=period.starts_at + timedelta(minutes=30), public=1
    )
    listed = draft(page, period, villagers(1))
    for _ in range(3):
        with by(doctor):
            other = treated(PatientFactory(), doctor.organisation)
            services.book(actor=doctor, patient=other, period_id=period.pk)
    assert "Just taken. Next free" in said(send(page, listed))
    row = BatchRow.objects.get()

    def act(name, **sent):
        address = reverse("booking:batch_act", args=[row.pk, name])
        return said(page.post(address, sent, follow=True))

    assert "Choose a time." in act("take")
    assert "1 of 1 person is booked" in act("take", period=later.pk)
    assert "0 of 1 person is booked" in act("cancel")
    assert "1 of 1 person is booked" in act("undo")
    row.refresh_from_db()
    assert row.appointment.status == Status.BOOKED
    assert page.post(reverse("booking:batch_act", args=[row.pk, "burn"])).status_code == 404


def test_another_doctors_batch_is_absent(page, period, villagers, client, doctor):
    send(page, draft(page, period, villagers(1)))
    batch = Batch.objects.get()
    page.force_login(StaffFactory(organisation=doctor.organisation))
    for name in ("batch_result", "batch_slips", "batch_sheet"):
        assert page.get(reverse(f"booking:{name}", args=[batch.pk])).status_code == 404


def test_a_look_is_traced_for_each_person(page, period, villagers):
    people = villagers(2)
    draft(page, period, people)
    looks = AuditRow.objects.filter(action="appointment.list")
    assert set(looks.values_list("patient_id", flat=True)) == {str(one.pk) for one in people}


def test_a_result_asks_as_much_for_many_as_for_few(page, villagers):
    period = PeriodFactory(public=30)
    people = villagers(12)
    asked = []
    for some in (people[:3], people[3:]):
        send(page, draft(page, period, some))
        batch = Batch.objects.latest("created_at")
        with CaptureQueriesContext(connection) as c:
            page.get(reverse("booking:batch_result", args=[batch.pk]))
        asked.append(len([q for q in c.captured_queries if "audit" not in q["sql"]]))
    assert asked[0] == asked[1]


def test_a_list_asks_little_for_each_more(page, villagers):
    period = PeriodFactory(public=30)
    people, asked = villagers(13), []
    for one in people:  # the low-income register is asked by it
        Patient.objects.filter(pk=one.pk).update(id_card_hash=one.pk.hex)
    for some in (people[:3], people):
        with CaptureQueriesContext(connection) as caught:
            draft(page, period, some)
        asked.append(len([one for one in caught.captured_queries if "audit" not in one["sql"]]))
    # Whether they are signed with a team that has places there is asked of each.
    assert asked[1] - asked[0] <= 10


def test_a_day_with_video_alone_is_not_where_it_begins(page, period, villagers):
    video = SessionFactory(department=period.department, day=in_days(5), kind="video")
    PeriodFactory(session=video, public=4)
    asked = {"department": period.department_id, "who": villagers(1)[0].pk, "key": uuid4()}
    shown = said(page.get(DRAFT, asked))
    assert "1 of 1 person gets a time" in shown
    assert f'name="day" value="{period.session.day}"' in shown


def test_where_it_begins(page, period, villagers):
    (person,) = villagers(1)
    assert DRAFT in said(page.get(reverse("booking:find")))
    assert DRAFT in said(page.get(reverse("booking:day")))
    times = reverse("booking:times", args=[period.department_id])
    assert f"{DRAFT}?department={period.department_id}" in said(page.get(times, {"for": person.pk}))
    assert timezone.localdate() < period.session.day
