from datetime import timedelta

import pytest
from django.utils import timezone

from consult.requests import queries, services
from consult.requests.models import Case, Offer, Status
from records.consent.queries import get_patient
from telemed.core.errors import Conflict, Invalid, NotFound
from telemed.core.models import Clock
from telemed.people.models import Practitioner, PractitionerRole, Role, User
from tests.consult.requests.looking import actions, told
from tests.factories.consult import accepted_case, drafted_case, sent_case
from tests.factories.people import StaffFactory

pytestmark = pytest.mark.django_db


def test_who_accepts_holds_the_case_and_may_read_the_record(by):
    scene = sent_case(specialists=2)
    with pytest.raises(NotFound):
        get_patient(scene.specialist, scene.patient.pk)

    with by(scene.specialist):
        services.accept_case(actor=scene.specialist, case_id=scene.case.pk)

    case = scene.refresh()
    assert (case.status, case.holder) == (Status.ACCEPTED, scene.specialist)
    assert get_patient(scene.specialist, scene.patient.pk) == scene.patient
    assert "case.accepted" in told(scene.asker)
    statuses = sorted(case.offers.values_list("status", flat=True))
    assert statuses == [Offer.Status.ACCEPTED, Offer.Status.WITHDRAWN]
    assert not Clock.objects.filter(about=case.pk, kind="case.accept", state="running").exists()


def test_a_colleague_of_the_holder_does_not_see_the_record():
    scene = accepted_case(specialists=2)
    other = scene.case.offers.get(status=Offer.Status.WITHDRAWN).doctor
    with pytest.raises(NotFound):
        get_patient(other, scene.patient.pk)


def test_who_comes_second_reads_who_has_it(by):
    scene = accepted_case(specialists=2)
    other = scene.case.offers.get(status=Offer.Status.WITHDRAWN).doctor

    with pytest.raises(Conflict) as refused, by(other):
        services.accept_case(actor=other, case_id=scene.case.pk)

    assert scene.specialist.name in refused.value.message
    assert told(other) == ["case.offered", "case.taken"]


def test_accepting_again_changes_nothing(by):
    scene = accepted_case()
    with by(scene.specialist):
        services.accept_case(actor=scene.specialist, case_id=scene.case.pk)
    assert actions(scene.case).count("case.accept") == 1


@pytest.mark.parametrize(
    "broken",
    [
        {"licensed_until": timezone.localdate() - timedelta(days=1)},
        {"state": "suspended", "state_reason": "待查"},
        {"practising_since": timezone.localdate() - timedelta(days=900)},
        {"specialty": "cardiology"},
    ],
)
def test_a_doctor_whose_licence_does_not_cover_it_can_not_accept(by, broken):
    scene = sent_case()
    practitioner = scene.specialist.practitioner
    for name, value in broken.items():
        setattr(practitioner, name, value)
    practitioner.save()
    scene.specialist.refresh_from_db()

    with pytest.raises(Conflict) as refused, by(scene.specialist):
        services.accept_case(actor=scene.specialist, case_id=scene.case.pk)

    assert refused.value.path == "licence"
    assert scene.refresh().holder is None


def test_a_refusal_gives_a_reason_and_the_last_one_hands_the_case_to_the_coordinator(by):
    scene = sent_case()
    with pytest.raises(Invalid), by(scene.specialist):
        services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="other", text="x")

    with by(scene.specialist):
        services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="time")

    assert scene.refresh().status == Status.SUBMITTED
    assert "case.declined" in told(scene.asker)
    assert told(scene.coordinator) == ["case.declined", "case.escalated"]


# ---- who asked does not answer


def also_specialist(user, hospital):
    """The same person in a second role: they work at the asked hospital, too."""
    role = PractitionerRole.objects.create(
        user=user,
        organisation=hospital,
        role=Role.SPECIALIST,
        starts_on=timezone.localdate() - timedelta(days=900),
    )
    Practitioner.objects.filter(user=user).update(specialty="neurology")
    user.acting_as = role
    user.save(update_fields=["acting_as"])
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize("began", [True, False], ids=["requester", "sender"])
def test_who_asked_can_not_accept_in_another_role(by, began):
    scene = sent_case()
    if not began:  # a colleague's request, that this doctor sent
        Case.objects.update(requester=StaffFactory(organisation=scene.clinic))
    twice = also_specialist(scene.asker, scene.hospital)
    Offer.objects.create(case=scene.case, doctor=twice, organisation=scene.hospital)
    with pytest.raises(Conflict) as refused, by(twice):
        services.accept_case(actor=twice, case_id=scene.case.pk)
    assert refused.value.path == "licence"
    assert twice.name in refused.value.message
    assert scene.refresh().holder is None


def test_who_asked_is_not_asked_and_stands_in_the_list_with_the_reason(by):
    scene = drafted_case()
    asker = scene.asker
    with by(asker):
        services.submit_case(actor=asker, case_id=scene.case.pk)
    twice = also_specialist(asker, scene.hospital)
    with by(scene.specialist):
        services.decline_case(actor=scene.specialist, case_id=scene.case.pk, code="time")
    assert not scene.case.offers.filter(doctor=twice).exists()
    [listed] = [one for one in queries.candidates_of(scene.refresh()) if one.doctor == twice]
    assert listed.why_not
    with pytest.raises(Conflict), by(scene.coordinator):
        services.assign_case(actor=scene.coordinator, case_id=scene.case.pk, doctor_id=twice.pk)
