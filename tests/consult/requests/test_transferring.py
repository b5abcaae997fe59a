"""Out of a consult into a hospital: instead of an opinion, or as it says."""

import pytest
from django.urls import reverse
from django.utils import translation

from consult.requests import services
from consult.requests.models import Offer, Status
from records.consent import access
from scheduling.referrals.models import Referral
from scheduling.referrals.services import Wish
from telemed.core.errors import Conflict, Forbidden, NotFound
from telemed.core.intentions import intention
from telemed.core.models import Clock, ClockState, OutboxEvent
from tests.consult.requests.looking import actions, published, told
from tests.factories.consult import accepted_case, sent_case, signed_case
from tests.factories.people import DepartmentFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory, doctor_of, places_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def by(actor):
    return intention(actor, door="test")


def ward(scene):
    """The department of the asked hospital that takes such patients, with one place for them."""
    department = DepartmentFactory(organisation=scene.hospital)
    session = SessionFactory(department=department, clinician=doctor_of(department))
    return department, PeriodFactory(session=session, referral=1, public=1)


def wish(department, **changed):
    return Wish(
        **{"department_id": department.pk, "reason": "病情加重，需住院治疗", "agreed": "signed"}
        | changed
    )


def transfer(scene, actor, department, **changed):
    with by(actor):
        return services.transfer_case(
            actor=actor, case_id=scene.case.pk, wish=wish(department, **changed)
        )


@pytest.mark.parametrize("who", ["asker", "specialist"])
def test_who_asks_or_holds_it_transfers_and_the_duties_are_the_askers(who):
    scene = accepted_case()
    department, period = ward(scene)
    made = transfer(scene, getattr(scene, who), department)
    case = scene.refresh()
    assert case.status == Status.TRANSFERRED
    assert (made.sender, made.sending, made.from_case) == (scene.asker, scene.clinic, case.pk)
    assert made.consent == case.consent
    assert places_of(period)["referral"] == (1, 1)
    assert set(case.offers.values_list("status", flat=True)) == {Offer.Status.WITHDRAWN}
    assert not Clock.objects.filter(about=case.pk, state=ClockState.RUNNING).exists()
    assert not access.decide(scene.specialist, "read", scene.patient).allowed
    assert published(case.pk)["status"] == "revoked"
    assert actions(case)[-1] == "case.transfer"
    assert OutboxEvent.objects.filter(topic="case.transferred").exists()
    other = scene.asker if who == "specialist" else scene.specialist
    assert told(other)[-1] == "case.transferred"
    assert transfer(scene, getattr(scene, who), department) == made or who == "specialist"
    assert Referral.objects.count() == 1


def test_an_unanswered_one_is_transferred_too_and_a_signed_one_is_not():
    scene = sent_case()
    department, _period = ward(scene)
    transfer(scene, scene.asker, department)
    assert scene.refresh().status == Status.TRANSFERRED
    signed = signed_case()
    department, _period = ward(signed)
    with pytest.raises(Conflict, match="cannot be transferred"):
        transfer(signed, signed.asker, department)


def test_when_the_referral_is_refused_the_consult_goes_on():
    scene = accepted_case()
    department, _period = ward(scene)
    elsewhere = DepartmentFactory()
    with pytest.raises(Conflict):
        transfer(scene, scene.asker, elsewhere)
    assert scene.refresh().status == Status.ACCEPTED
    assert not Referral.objects.exists()
    assert department


def test_nobody_else_transfers_it():
    scene = sent_case()
    department, _period = ward(scene)
    with pytest.raises(Forbidden):
        transfer(scene, scene.coordinator, department)
    with pytest.raises(Forbidden):  # asked, and holds nothing yet
        transfer(scene, scene.specialist, department)
    with pytest.raises(NotFound):
        transfer(scene, doctor_of(department), department)


def test_as_the_opinion_says_the_case_stays_and_its_page_shows_where_the_patient_went(client):
    scene = signed_case()
    department, _period = ward(scene)
    client.force_login(scene.asker)
    page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    assert reverse("opinions:refer", args=[scene.case.pk]) in page
    form = client.get(reverse("opinions:refer", args=[scene.case.pk]))
    assert form.context["prefilled"]["reason"].startswith("考虑右侧基底节区脑出血")
    assert form.context["agreed_default"] == "signed"
    sent = {
        "department": department.pk,
        "reason": form.context["prefilled"]["reason"],
        "urgency": "routine",
        "agreed": "signed",
        "place": "1",
    }
    client.post(reverse("opinions:refer_send", args=[scene.case.pk]), sent)
    made = Referral.objects.get()
    assert scene.refresh().status == Status.SIGNED
    assert actions(scene.case)[-1] == "case.refer"
    page = client.get(reverse("requests:case", args=[scene.case.pk])).content.decode()
    assert made.number in page
