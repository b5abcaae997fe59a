from collections import Counter

import pytest
from django.contrib.auth import authenticate
from django.utils import timezone, translation

from consult.requests.forms import EmergencyForm
from records.consent import access, queries
from records.consent.models import BreakGlass
from records.mpi import low_incomes
from records.mpi.models import Patient
from scheduling.appointments.models import Appointment
from scheduling.registration.models import Contract, Team
from telemed.core.intentions import System, intention
from telemed.demo import accounts, province, seeding, services
from telemed.demo.models import FillProgress
from telemed.demo.queries import find_progress
from telemed.devices.queries import idle_at, list_devices
from telemed.organisations.models import Agreement, Division, Organisation, Specialty
from telemed.organisations.queries import find_agreement
from telemed.oversight.indicators import Period, month_before
from telemed.people import signing
from telemed.people.licences import why_not
from telemed.people.models import Practitioner, PractitionerRole, User
from tests.keeping import kept, quicken_pins, settle

pytestmark = pytest.mark.django_db
SEEDER = System("demo")


@pytest.fixture(scope="module")
def town(django_db_setup, django_db_blocker):
    """What was said and which bells rang while the story was laid, once for all tests here."""
    said, bells = [], []
    with pytest.MonkeyPatch.context() as patch, kept(django_db_blocker):
        patch.setattr(seeding, "ring_task", bells.append)
        quicken_pins(patch)
        seeding.seed(said.append)
        settle()
        yield said, bells


@pytest.fixture
def seeded(db, town):
    return town[0]


@pytest.fixture
def rung(seeded, town, monkeypatch):
    """The bells that ring from now on."""
    bells = []
    monkeypatch.setattr(seeding, "ring_task", bells.append)
    return bells


def user(username):
    return User.objects.get(username=username)


def count_all():
    models = (Division, Organisation, User, PractitionerRole, Practitioner, Agreement, Patient)
    return {model.__name__: model.objects.count() for model in models}


def test_the_first_start_lays_one_county_and_says_what_it_does(seeded):
    counts = count_all()
    assert counts["Division"] == 1608
    assert counts["Organisation"] == 6
    assert counts["Patient"] == 24
    assert len(seeded) == 14


def test_one_device_is_used_and_one_stands_idle_long_enough_for_a_signal(seeded):
    keeper = user("clinicadmin")
    lines = list_devices(keeper).lines
    assert [(line.device.kind, line.idle) for line in lines] == [
        ("ultrasound", True),
        ("ecg", False),
    ]
    month = month_before(timezone.localdate().replace(day=1))
    found = idle_at(Period.month(month).end)[keeper.organisation_id]
    assert (found.idle, found.all, found.said) == (1, 2, 0)


def test_one_emergency_access_was_reviewed_and_one_waits(seeded):
    assert Counter(BreakGlass.objects.values_list("status", flat=True)) == {
        "justified": 1,
        "ended": 1,
    }


def test_each_clinic_of_the_story_has_a_team_with_people_signed(seeded):
    teams = Team.objects.all()
    assert {team.organisation.number for team in teams} == {
        place.number for place in province.clinics_of_the_story()
    }
    states = Counter(Contract.objects.values_list("status", flat=True))
    assert states == {"active": 9, "renewal_asked": 1, "applied": 1}


@pytest.mark.parametrize("specialty", sorted({str(s) for _label, s in EmergencyForm.WHAT.values()}))
def test_whatever_the_emergency_is_a_listed_account_can_answer_and_sign(seeded, specialty):
    hospital = Organisation.objects.get(number=province.county_hospital().number)
    able = [
        account.username
        for account in accounts.ACCOUNTS
        if account.signs
        and account.specialty == specialty
        and not why_not(
            user(account.username).practitioner,
            specialty,
            hospital,
            timezone.localdate(),
            answering=True,
        )
    ]
    assert able
    for username in able:
        assert user(username).signing_keys.filter(revoked_at=None).exists()


def test_a_second_start_changes_nothing_and_rings_for_the_rest_again(town, rung):
    before, said = count_all(), []
    seeding.seed(said.append)
    assert count_all() == before
    assert said == []
    # images and referrals once; sessions and the rest of the province at each start
    assert (len(town[1]), len(rung)) == (4, 2)


def test_everybody_on_the_list_signs_in_with_the_password_shown(seeded):
    for account in accounts.listed():
        signed_in = authenticate(username=account["username"], password=account["password"])
        assert signed_in, account["username"]
        assert signed_in.role == account["role"]
        assert (signed_in.organisation.name if signed_in.organisation else "") == account[
            "organisation"
        ]


def test_clinicians_can_sign_with_the_pin_shown(seeded, by):
    for account in accounts.listed():
        if account["pin"]:
            signer = user(account["username"])
            with by(signer):
                assert signing.sign(user=signer, pin=account["pin"], digest=b"x" * 32)


def test_the_clinics_may_ask_the_county_hospital_and_no_longer_the_neighbour(seeded):
    hospital = user("specialist").organisation
    neighbour = Organisation.objects.get(number=province.county_hospital(province.NEIGHBOUR).number)
    for username in ("township", "township2", "township3"):
        clinic = user(username).organisation
        agreement = find_agreement(clinic, hospital)
        assert agreement.price == 12000
        assert {line.shares for line in agreement.services.all()} == {(30, 70, 0)}
        assert find_agreement(clinic, neighbour) is None
        assert Agreement.objects.filter(asking=clinic, asked=neighbour).count() == 1


def test_one_specialist_shows_how_the_licence_gate_refuses(seeded):
    day = timezone.localdate()
    with translation.override("en"):
        for username, refused in (("specialist", False), ("specialist4", True)):
            doctor = user(username).practitioner
            said = why_not(doctor, doctor.specialty, doctor.user.organisation, day, answering=True)
            assert bool(said) is refused
    assert "3 years" in said


def test_the_county_hospital_has_the_departments_of_the_story(seeded):
    hospital = user("specialist").organisation
    held = set(hospital.departments.values_list("specialty", flat=True))
    assert {Specialty.NEUROLOGY, Specialty.EMERGENCY, Specialty.RADIOLOGY} <= held
    assert len(held) >= 10


def test_a_township_doctor_finds_the_residents_of_the_own_clinic_alone(seeded):
    found = queries.search_patients(user("township"), "", limit=50).rows
    assert len(found) == 8
    assert [row.patient.name for row in queries.search_patients(user("township"), "zqy").rows] == [
        "曾庆云"
    ]
    mine = queries.search_patients(user("specialist"), "").rows
    assert [row.patient.name for row in mine] == ["单秀兰"]  # of the joint consult in hand


def test_the_resident_sees_the_own_record(seeded):
    resident = user("resident")
    assert access.decide(resident, "read", resident.patient).reasons == ("own_record",)
    assert not hasattr(user("resident2"), "patient")


def test_the_rest_follows_in_chunks_and_knows_how_far_it_is(seeded, by):
    with by(SEEDER):
        assert services.fill_chunk(size=5)
    progress = find_progress()
    assert (progress.done, progress.total) == (11, 1743)
    numbers = set(Organisation.objects.values_list("number", flat=True))
    assert {2, 3, 4, 5, 6} <= numbers


def test_a_fill_that_was_cut_off_goes_on_and_ends_once(seeded, by, monkeypatch):
    hospital = province.county_hospital()
    few = (*province.plan()[:4], hospital, *province.clinics_of_the_story())
    monkeypatch.setattr(province, "plan", lambda: few)
    with by(SEEDER):
        assert services.fill_chunk(size=2)
        assert not services.fill_chunk(size=2)
        assert not services.fill_chunk(size=2)
    assert FillProgress.objects.get().finished_at
    assert find_progress() is None
    assert Organisation.objects.filter(number__lte=4).count() == 4


def test_a_filled_clinic_has_doctors_who_sign_in_and_an_agreement_with_its_county(seeded, by):
    clinics = [p for p in province.plan() if p.county == province.COUNTY][-2:]
    with by(SEEDER):
        services.lay_places(places=clinics, password=user("township").password)
    organisation = Organisation.objects.get(number=clinics[0].number)
    doctor = organisation.roles.first().user
    assert authenticate(username=doctor.username, password=accounts.PASSWORD) == doctor
    assert doctor.organisation == organisation
    assert doctor.is_clinical
    assert find_agreement(organisation, user("specialist").organisation)


def test_somebody_of_the_story_pays_no_visit_fee(seeded):
    booked = Appointment.objects.exclude(fee=None)
    assert set(booked.values_list("fee_basis", flat=True)) == {"standard", "low_income"}
    assert booked.filter(patient=user("resident").patient, fee=0).exists()
    county = Division.objects.get(code=province.COUNTY)
    with intention(user("admin"), door="test"):
        counted = low_incomes.holding(county, timezone.localdate())
    assert [one.people is None for one in counted] == [False, True, False]
