"""Residents in bulk are as the registration desk would have made them."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from records.consent import queries as consent
from records.fhir.models import Resource
from records.mpi.identity import parse_id_card
from records.mpi.models import Patient
from telemed.audit.models import AuditRow
from telemed.core.intentions import System
from telemed.demo import crowd, growing, province, services
from telemed.demo.models import PROVINCE, FillProgress
from telemed.organisations.models import Organisation
from telemed.people.models import User

pytestmark = pytest.mark.django_db(databases=["default", "owner"])
GROWER = System("demo")


@pytest.fixture
def clinics(by, monkeypatch):
    """A province of three clinics."""
    villages = crowd.villages()[:3]
    monkeypatch.setattr(crowd, "villages", lambda: villages)
    with by(GROWER):
        services.lay_divisions()
        services.lay_places(places=[v.clinic for v in villages], password="x")  # noqa: S106
        FillProgress.objects.create(key=PROVINCE, total=1, finished_at=timezone.now())
    return villages


def grow(by, residents, size=100):
    with by(GROWER):
        growing.begin_growing(residents=residents)
    with by(GROWER):
        return growing.grow_chunk(size=size, residents=residents)


def test_each_has_a_number_that_is_right_an_address_and_a_clinic_that_treats_them(clinics, by):
    assert grow(by, 7) == 7
    people = list(Patient.objects.all())
    assert len(people) == len({p.id_card_hash for p in people}) == 7
    for person in people:
        card = parse_id_card(person.id_card)
        assert (card.birth_date, card.sex) == (person.birth_date, person.sex)
        assert card.number[14:16] == "99"  # the range of the made-up
        assert person.phone.startswith("1001")
        assert person.address.startswith("贵州省")
        assert person.address.endswith(province.MARK)
    sizes = {o.number: o.patients.count() for o in Organisation.objects.all()}
    assert sorted(sizes.values()) == [2, 2, 3]


def test_each_has_a_resource(clinics, by):
    grow(by, 3)
    kept = Resource.objects.filter(owner="mpi").values_list("fhir_id", flat=True)
    assert set(kept) == {person.fhir_id for person in Patient.objects.all()}


def test_who_treats_them_finds_them(clinics, by):
    grow(by, 6)
    person = Patient.objects.first()
    clinic = person.managing_organisation
    doctor = User.objects.filter(acting_as__organisation=clinic).first()
    other = User.objects.exclude(acting_as__organisation=clinic).first()
    assert [f.patient for f in consent.search_patients(doctor, person.id_card).rows] == [person]
    assert consent.search_patients(other, person.id_card).rows == []


def test_it_goes_on_where_it_was_and_ends(clinics, by):
    assert grow(by, 10, size=4) == 4
    assert grow(by, 10, size=4) == 8
    assert grow(by, 10, size=4) == 10
    assert grow(by, 10, size=4) == 10
    assert Patient.objects.count() == 10
    assert grow(by, 12) == 12
    assert FillProgress.objects.get(pk=growing.RESIDENTS).finished_at
    assert AuditRow.objects.filter(action="demo.grow").count() == 4


def test_no_number_is_given_twice_however_many_there_are():
    largest = max(crowd.villages(), key=lambda village: village.clinics).clinic.county
    county = [v for v in crowd.villages() if v.clinic.county == largest]
    assert len(county) * crowd.RANKS < crowd.DAYS * crowd.ORDERS
    ranks = [*range(300), *range(crowd.NEW, crowd.NEW + 300), crowd.RANKS - 1]
    cards = {crowd.villager(village, rank).id_card for village in county for rank in ranks}
    assert len(cards) == len(county) * len(ranks)


def test_the_command_says_what_it_can_not(clinics, settings):
    settings.DEMO = True
    with pytest.raises(CommandError, match="1 to 1,000,000"):
        call_command("demo_grow", "--residents", "1000001")
    FillProgress.objects.update(finished_at=None)
    with pytest.raises(CommandError, match="still being filled"):
        call_command("demo_grow", "--residents", "5")
    settings.DEMO = False
    with pytest.raises(CommandError, match="demonstration only"):
        call_command("demo_grow", "--residents", "5")
