"""Institutions that ask nothing: noticed, asked why, told of, and heard again."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from telemed.audit.models import AuditRow
from telemed.core.intentions import System, intention
from telemed.notifications.models import Notification
from telemed.organisations.models import Agreement, Organisation
from telemed.oversight.models import Reason, Silence, SilenceEntry
from telemed.oversight.services import watch_silence
from telemed.oversight.tasks import CHUNK, watch_silence_task
from telemed.people.models import Role
from tests.factories.lives import live
from tests.factories.people import (
    AgreementFactory,
    ClinicFactory,
    OrganisationFactory,
    StaffFactory,
)
from tests.marks import committed
from tests.telemed.oversight.conftest import NOW
from tests.telemed.oversight.reading import page_of

pytestmark = committed
DAY = timedelta(days=1)


@pytest.fixture
def hospital(clinics):
    return OrganisationFactory(name="开阳县人民医院", division=clinics["520121"].division)


@pytest.fixture
def clinic(clinics, hospital):
    """It may ask since 30 days, and did so 16 days ago."""
    AgreementFactory(asking=clinics["520121"], asked=hospital)
    live(clinics["520121"], NOW - 16 * DAY, hospital=hospital)
    return clinics["520121"]


@pytest.fixture
def head(clinic):
    return StaffFactory(role=Role.HEAD, organisation=clinic)


@pytest.fixture
def silence(clinic, head):
    watch_silence_task()
    return Silence.objects.get()


def kinds(silence):
    return list(silence.entries.order_by("pk").values_list("kind", flat=True))


def told(person):
    return list(Notification.objects.filter(recipient=person).values_list("template", flat=True))


def test_fourteen_days_without_a_request_are_noticed_and_the_head_is_asked(silence, clinic, head):
    assert (silence.organisation, silence.quiet_since) == (clinic, NOW - 16 * DAY)
    assert kinds(silence) == ["noticed"]
    assert told(head) == ["silence.asked"]


def test_the_first_page_of_the_head_asks_why_until_it_is_said(silence, head, client):
    asked = "Your institution asks nothing: say why"
    assert asked in page_of(client, head, path="/")
    Silence.objects.update(reason=Reason.values[0], reason_at=timezone.now())
    assert asked not in page_of(client, head, path="/")


def test_looking_again_changes_nothing(silence, head):
    watch_silence_task()
    assert Silence.objects.count() == 1
    assert told(head) == ["silence.asked"]


def test_who_asked_lately_or_may_not_ask_is_not_silent(clinics, hospital):
    AgreementFactory(asking=clinics["520121"], asked=hospital)
    live(clinics["520121"], NOW - 13 * DAY, hospital=hospital)
    AgreementFactory(asking=clinics["520122"], asked=hospital, state=Agreement.State.EXPIRED)
    today = timezone.localdate()
    AgreementFactory(asking=clinics["520123"], asked=hospital, starts_on=today - 3 * DAY)
    watch_silence_task()
    assert not Silence.objects.exists()


def test_who_never_asked_is_silent_since_the_agreement(clinics, hospital, client, official):
    AgreementFactory(asking=clinics["520122"], asked=hospital)
    watch_silence_task()
    assert not Silence.objects.get().ever_asked
    page = page_of(client, official, path="/oversight/silent/")
    assert "never; agreement since 2026-10-25" in page


def test_more_institutions_than_one_chunk_are_all_looked_at(hospital):
    for _ in range(3):
        AgreementFactory(asking=ClinicFactory(), asked=hospital)
    assert CHUNK > 3
    last = 0
    while last is not None:
        with intention(System("test"), door="test"):
            last = watch_silence(after=last, size=2)
    assert Silence.objects.count() == 3


def test_a_request_ends_it(silence, clinic, hospital):
    live(clinic, NOW - DAY, hospital=hospital)
    watch_silence_task()
    silence.refresh_from_db()
    assert silence.ended_at
    assert kinds(silence) == ["noticed", "ended"]


def test_the_end_of_the_agreement_ends_it_too(silence):
    Agreement.objects.update(state=Agreement.State.SUSPENDED)
    watch_silence_task()
    assert kinds(silence) == ["noticed", "over"]


def test_the_head_sees_the_question_and_answers_it(client, silence, head):
    link = Notification.objects.get(recipient=head).url
    assert "You have asked nothing for 16 days" in page_of(client, head, path=link)
    assert not Notification.objects.waiting().filter(recipient=head).exists()
    answer = client.post(f"{link}reason/", {"reason": "line_down", "text": "山洪"}, follow=True)
    assert "The line is down" in answer.content.decode()
    silence.refresh_from_db()
    assert (silence.reason, silence.text) == ("line_down", "山洪")
    entry = SilenceEntry.objects.latest("pk")
    assert (entry.kind, entry.organisation, entry.role) == ("reason", head.organisation, "head")
    assert AuditRow.objects.filter(action="silence.explain").exists()


def test_a_reason_said_anew_keeps_the_old_one_in_the_history(client, silence, head):
    client.force_login(head)
    for reason in ("no_staff", "no_staff", "broken"):
        client.post(f"/oversight/silent/{silence.pk}/reason/", {"reason": reason})
    assert kinds(silence) == ["noticed", "reason", "reason"]
    page = page_of(client, head, path=f"/oversight/silent/{silence.pk}/")
    assert "No staff" in page.split("History")[1]


def test_after_fourteen_days_the_reason_is_asked_again(client, silence, head):
    client.force_login(head)
    client.post(f"/oversight/silent/{silence.pk}/reason/", {"reason": "season"})
    Silence.objects.update(reason_at=NOW - 14 * DAY)
    watch_silence_task()
    silence.refresh_from_db()
    assert (silence.reason, silence.turn) == ("", 1)
    assert kinds(silence) == ["noticed", "reason", "again"]
    assert told(head) == ["silence.asked", "silence.asked"]


@pytest.mark.parametrize(
    ("posted", "said"),
    [
        ({"reason": ""}, "Choose one of the reasons"),
        ({"reason": "lazy"}, "Choose one of the reasons"),
        ({"reason": "other", "text": "x"}, "Say which reason"),
        ({"reason": "broken", "text": "x" * 201}, "At most 200 characters"),
    ],
)
def test_what_is_no_reason_is_refused_in_words(client, silence, head, posted, said):
    client.force_login(head)
    client.cookies["language"] = "en"
    page = f"/oversight/silent/{silence.pk}/"
    answer = client.post(f"{page}reason/", posted, headers={"referer": f"http://testserver{page}"})
    assert said in client.get(answer.url).content.decode()
    silence.refresh_from_db()
    assert silence.reason == ""


def test_the_official_tells_the_coordinator_of_its_hospital(client, silence, official, hospital):
    coordinator = StaffFactory(role=Role.COORDINATOR, organisation=hospital)
    page = page_of(client, official, path=f"/oversight/silent/{silence.pk}/")
    assert "1 coordinator of its hospital gets a message" in page
    client.post(f"/oversight/silent/{silence.pk}/tell/")
    assert told(coordinator) == ["silence.told"]
    assert kinds(silence) == ["noticed", "told"]
    link = Notification.objects.get(recipient=coordinator).url
    client.force_login(coordinator)
    client.post(f"{link}reason/", {"reason": "trained"})
    silence.refresh_from_db()
    assert silence.reason == "trained"


def test_the_authority_of_the_county_is_told_where_there_is_one(client, silence, official, clinics):
    county = OrganisationFactory(
        kind=Organisation.Kind.AUTHORITY, division=clinics["520121"].division, name="开阳县卫健局"
    )
    prefecture = OrganisationFactory(
        kind=Organisation.Kind.AUTHORITY, division=clinics["520121"].division.parent
    )
    near = StaffFactory(role=Role.OFFICIAL, organisation=county)
    far = StaffFactory(role=Role.OFFICIAL, organisation=prefecture)
    assert "1 person of 开阳县卫健局" in page_of(
        client, official, path=f"/oversight/silent/{silence.pk}/"
    )
    client.post(f"/oversight/silent/{silence.pk}/tell/")
    assert told(near) == ["silence.told"]
    assert told(far) == []


def test_it_is_told_once_in_fourteen_days(client, silence, official, hospital):
    coordinator = StaffFactory(role=Role.COORDINATOR, organisation=hospital)
    client.force_login(official)
    for _ in range(2):
        answer = client.post(f"/oversight/silent/{silence.pk}/tell/")
    assert answer.status_code == 409
    assert len(told(coordinator)) == 1
    Silence.objects.update(told_at=NOW - 15 * DAY)
    client.post(f"/oversight/silent/{silence.pk}/tell/")
    assert len(told(coordinator)) == 2


def test_where_nobody_is_registered_the_phone_is_named(client, silence, official):
    client.force_login(official)
    client.cookies["language"] = "en"
    answer = client.post(f"/oversight/silent/{silence.pk}/tell/")
    assert answer.status_code == 409
    assert "0851-55550100" in answer.content.decode()


def test_each_sees_its_own_place_alone(client, silence, official_of, clinics, hospital, head):
    other = OrganisationFactory(division=clinics["522634"].division)
    strangers = [
        official_of("5226"),
        StaffFactory(role=Role.HEAD, organisation=clinics["522634"]),
        StaffFactory(role=Role.COORDINATOR, organisation=other),
    ]
    for stranger in strangers:
        client.force_login(stranger)
        assert client.get(f"/oversight/silent/{silence.pk}/").status_code == 404
        assert "开阳县卫生院" not in client.get("/oversight/silent/").content.decode()
        answer = client.post(f"/oversight/silent/{silence.pk}/reason/", {"reason": "season"})
        assert answer.status_code == 404
    for person in (official_of("520121"), head):
        client.force_login(person)
        assert "开阳县卫生院" in client.get("/oversight/silent/").content.decode()
    client.force_login(head)
    assert client.post(f"/oversight/silent/{silence.pk}/tell/").status_code == 403
    client.force_login(StaffFactory(role=Role.SPECIALIST, organisation=hospital))
    assert client.get("/oversight/silent/").status_code == 403


def test_the_list_is_filtered_by_reason_and_place_and_comes_in_pages(
    client, hospital, official, clinics
):
    for number in range(30):
        clinic = ClinicFactory(division=clinics["520122"].division, name=f"乡{number:02d}")
        AgreementFactory(asking=clinic, asked=hospital)
    AgreementFactory(asking=clinics["522634"], asked=hospital)
    watch_silence_task()
    Silence.objects.filter(organisation=clinics["522634"]).update(
        reason="season", reason_at=timezone.now()
    )
    read = lambda **query: page_of(client, official, path="/oversight/silent/", **query)  # noqa: E731
    assert "31 institutions ask nothing" in read()
    assert "30 institutions ask nothing" in read(place="5201")
    assert "雷山县卫生院" in read(reason="given")
    assert "雷山县卫生院" not in read(reason="none")
    first = read(place="520122")
    client.force_login(official)
    html = client.get("/oversight/silent/?place=520122").content.decode()
    after = html.split("after=")[1].split('"')[0]
    second = read(place="520122", after=after)
    assert sum(f"乡{n:02d}" in first for n in range(30)) == 25
    assert sum(f"乡{n:02d}" in second for n in range(30)) == 5
    assert "page of the list" in read(after="x", status=422)
    assert "Choose one of the values" in read(reason="why", status=422)
    with CaptureQueriesContext(connection) as asked:
        client.get("/oversight/silent/")
    assert len([q for q in asked if "SAVEPOINT" not in q["sql"]]) <= 12


def test_the_key_figure_beside_the_others_counts_them(client, silence, official):
    page = page_of(client, official)
    assert "Silent institutions 1 0 gave a reason, 1 not" in page
    assert "Silent institutions 0" in page_of(client, official, place="5226")
