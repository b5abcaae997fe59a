"""The synthetic months: always the same, complete, seen by nobody who could take them for real."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from consult.requests.models import Case, Step
from records.mpi.models import Patient
from telemed.core.intentions import System
from telemed.demo import laying, past, province, services
from telemed.demo.models import PROVINCE, FillProgress
from telemed.demo.queries import find_past
from telemed.organisations.models import Division, Organisation
from telemed.oversight.models import Silence, SilenceEntry
from telemed.people.models import Role
from tests.factories.people import OrganisationFactory, StaffFactory
from tests.telemed.oversight.conftest import CHINA

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=CHINA)
FEW, DAY = 4, timedelta(days=1)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as moved:
        yield moved


@pytest.fixture
def county(by, monkeypatch):
    """One county on paper and in the tables: its hospital and four of its clinics."""
    code = province.NEIGHBOUR
    clinics = past.clinics_of(code)[:FEW]
    monkeypatch.setattr(past, "counties", lambda: [code])
    monkeypatch.setattr(past, "clinics_of", lambda _county: clinics)
    with by(System("demo")):
        services.lay_divisions()
        services.lay_places(places=[province.county_hospital(code)], password="x")  # noqa: S106
        services.lay_places(places=clinics, password="x")  # noqa: S106
        FillProgress.objects.create(key=PROVINCE, total=1, finished_at=NOW)
    return code


def lay(by):
    with by(System("demo")):
        return laying.lay_past()


def test_thirteen_months_are_laid_once_and_end_at_midnight(by, county):
    assert lay(by) == 0
    assert lay(by) is None
    sent = Step.objects.filter(action="case.submit")
    assert sent.count() == Case.objects.count() > FEW * 10
    last = Step.objects.latest("at").at
    assert last < NOW.replace(hour=0)
    first = sent.earliest("at").at
    assert first >= datetime(2025, 11, 1, tzinfo=CHINA)
    months = {at.astimezone(CHINA).strftime("%Y-%m") for at in sent.values_list("at", flat=True)}
    assert len(months) >= 9


def on_paper(county, since, until):
    """Every step that has to be there at that midnight."""
    return {
        (life.number, happening.action, happening.at)
        for clinic in past.clinics_of(county)
        for life in past.lives_of(clinic, since, until)
        if life.over_at < until
        for happening in life.steps
        if happening.at < until
    }


def laid():
    rows = list(Step.objects.values_list("case__number", "action", "at"))
    assert len(rows) == len(set(rows))
    return set(rows)


def test_each_day_brings_what_happened_since_and_nothing_twice(by, county, clock):
    since, midnight = date(2025, 11, 1), NOW.replace(hour=0)
    lay(by)
    assert laid() == on_paper(county, since, midnight)
    for _ in range(20):
        clock.shift(timedelta(days=1))
        assert lay(by) == 0
    assert laid() == on_paper(county, since, midnight + 20 * DAY)
    assert len(on_paper(county, since, midnight)) < Step.objects.count()


def test_nothing_is_laid_before_the_province_is_full(by, county):
    FillProgress.objects.update(finished_at=None)
    assert lay(by) is None
    assert not Case.objects.exists()


def test_every_case_is_over_says_what_it_is_and_asks_nobody(by, county, client):
    lay(by)
    assert set(Case.objects.values_list("status", flat=True)) <= {"closed", "expired"}
    assert set(Case.objects.values_list("reason", flat=True)) == {past.REASON}
    assert Patient.objects.count() == 1
    case = Case.objects.filter(status="closed").first()
    hospital = Organisation.objects.get(number=province.county_hospital(county).number)
    for person in (
        StaffFactory(role=Role.COORDINATOR, organisation=hospital),
        StaffFactory(role=Role.DIRECTOR, organisation=hospital),
        case.requester,
    ):
        client.force_login(person)
        assert client.get("/").status_code == 200
        assert case.number in client.get("/cases/?status=closed&q=" + case.number).content.decode()
        assert client.get(f"/cases/{case.pk}/").status_code < 500
    client.force_login(case.requester)
    assert "演示病人" not in client.get("/patients/?q=ysbr").content.decode()


def test_the_clinics_of_the_story_have_no_past():
    story = {place.number for place in province.clinics_of_the_story()}
    assert not story & {place.number for place in past.clinics_of(province.COUNTY)}


def test_how_far_it_is_can_be_read(by, county, monkeypatch):
    assert find_past() is None
    lay(by)
    assert find_past() is None
    monkeypatch.setattr(past, "counties", lambda: [county, "520123"])
    assert (find_past().done, find_past().total) == (1, 2)


def test_some_of_the_silent_clinics_have_said_why(by, county):
    authority = OrganisationFactory(division=Division.objects.get(pk=province.PROVINCE))
    StaffFactory(role=Role.OFFICIAL, organisation=authority, username="official")
    clinics = Organisation.objects.filter(kind=Organisation.Kind.TOWNSHIP_CLINIC)
    clinic = next(one for one in clinics if one.number % 3 == 0)
    quiet = {"quiet_since": NOW - 20 * DAY, "noticed_at": NOW, "asked_at": NOW}
    Silence.objects.create(organisation=clinic, **quiet)
    with by(System("demo")):
        laying.lay_reasons()
        laying.lay_reasons()
    assert Silence.objects.get().reason
    assert SilenceEntry.objects.get().role == "official"
