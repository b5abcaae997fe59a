"""The desk of a clinic enters the application of who stands there with the paper."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from scheduling.appointments.services import key_of
from scheduling.registration import services
from scheduling.registration.models import Contract, Team
from telemed.core.errors import Forbidden, Invalid
from tests.factories.people import OrganisationFactory, PatientFactory, StaffFactory
from tests.factories.registration import TeamFactory, signed
from tests.scheduling.registration.looking import told

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]
PAPER = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
PAPER += b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


@pytest.fixture
def desk(team):
    return StaffFactory(role="desk", organisation=team.organisation, language="en")


@pytest.fixture
def patient(team):
    """Nobody whom an account at the clinic may book for."""
    return PatientFactory(managing_organisation=team.organisation)


@pytest.fixture
def at_desk(client, desk):
    client.cookies["language"] = "en"
    client.force_login(desk)
    return client


def test_by_the_card_on_the_desk_to_a_team_of_the_clinic(at_desk, desk, team, patient):
    elsewhere = TeamFactory()
    key = key_of(desk, patient)
    found = at_desk.get(f"{reverse('booking:find')}?for={key}").content.decode()
    assert f"{reverse('contracts:home')}?for=" in found
    home = at_desk.get(f"{reverse('contracts:home')}?for={key}").content.decode()
    assert team.name in home
    assert elsewhere.name not in home
    form = at_desk.get(f"{reverse('contracts:team', args=[team.pk])}?for={key}").content.decode()
    assert 'name="photo" accept="image/*" required' in form
    answer = at_desk.post(
        reverse("contracts:apply", args=[team.pk]),
        {
            "for": key,
            "people": str(patient.pk),
            "photo": SimpleUploadedFile("paper.gif", PAPER, "image/gif"),
        },
    )
    assert answer.url == reverse("booking:day")
    contract = Contract.objects.get()
    assert (contract.channel, contract.applied_by, contract.team) == ("paper", desk, team)
    assert bytes(contract.photo) == PAPER
    assert told(team.leader) == ["contract.applied"]


def test_the_teams_of_its_clinic_are_not_cut_off_by_those_of_another(at_desk, desk, team):
    near = OrganisationFactory(division=team.organisation.division)
    Team.objects.bulk_create([Team(organisation=near, name=f"第{n}队") for n in range(40)])
    key = key_of(desk, PatientFactory(managing_organisation=near))
    home = at_desk.get(f"{reverse('contracts:home')}?for={key}").content.decode()
    assert team.name in home
    assert "Not all teams are shown" not in home
    assert "第1队" not in home


def test_without_the_paper_or_for_another_clinic_nothing_is_entered(by, desk, team, patient):
    with by(desk), pytest.raises(Invalid, match="photo of the application"):
        services.apply(actor=desk, people=[patient], team_id=team.pk)
    other = TeamFactory()
    with by(desk), pytest.raises(Forbidden, match="its own clinic"):
        services.apply(actor=desk, people=[patient], team_id=other.pk, photo=PAPER)
    assert not Contract.objects.exists()


def test_what_somebody_has_signed_is_not_the_desks_to_read(at_desk, desk, team):
    contract = signed(team)
    key = key_of(desk, contract.patient)
    home = at_desk.get(f"{reverse('contracts:home')}?for={key}").content.decode()
    assert str(contract.pk) not in home
    page = at_desk.get(reverse("contracts:contract", args=[contract.pk]))
    assert page.status_code == 404
