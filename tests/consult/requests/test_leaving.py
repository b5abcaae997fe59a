"""Who leaves: what they hold is the colleague's at once, or it is said why not, one by one."""

import pytest
from django.urls import reverse
from django.utils import translation

from consult.opinions.models import Opinion
from consult.requests import services
from consult.requests.models import Offer
from telemed.core.errors import Conflict, Forbidden
from telemed.core.outbox import deliver_waiting
from telemed.notifications.models import Notification
from telemed.people.models import Role
from telemed.staff.services import move_work
from tests.consult.requests.looking import told
from tests.factories.consult import accepted_case, sent_case, signed_case
from tests.factories.people import PractitionerFactory, StaffFactory

pytestmark = pytest.mark.django_db
WHY = "调离本院"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


def colleague_of(scene, **licence):
    person = StaffFactory(role=Role.SPECIALIST, organisation=scene.hospital)
    PractitionerFactory(user=person, **licence)
    return person


def admin_of(scene):
    return StaffFactory(role=Role.ADMINISTRATOR, organisation=scene.hospital)


def move(by, scene, to, actor=None):
    actor = actor or admin_of(scene)
    with by(actor):
        return move_work(actor=actor, user_id=scene.specialist.pk, to_id=to.pk, reason=WHY)


def close(client, scene, to, **more):
    client.force_login(admin_of(scene))
    client.cookies["language"] = "en"
    sent = {"to": str(to.pk), "reason": WHY, **more}
    return client.post(reverse("staff:close", args=[scene.specialist.pk]), sent)


def test_what_is_held_is_the_colleagues_at_once_and_they_are_told_why(by):
    scene = accepted_case()
    to = colleague_of(scene)
    assert move(by, scene, to) == (1, [])
    assert scene.refresh().holder == to
    kept = scene.case.offers.get(doctor=to)
    assert (kept.status, kept.note) == (Offer.Status.ACCEPTED, WHY)
    assert scene.case.offers.get(doctor=scene.specialist).status == Offer.Status.HANDED_OVER
    message = Notification.objects.get(recipient=to, template="case.moved")
    assert (message.facts["who"], message.facts["reason"]) == (scene.specialist.name, WHY)
    assert told(scene.asker)[-1] == "case.accepted"
    step = scene.case.steps.latest("id")
    assert step.action == "offer.hand_over"
    assert step.actor.role == Role.ADMINISTRATOR


@pytest.mark.parametrize(
    "licence", [{"specialty": "cardiology"}, {"state": "suspended", "state_reason": "待查"}]
)
def test_who_may_not_answer_it_does_not_get_it_and_it_is_said_by_case(by, licence):
    scene = accepted_case()
    to = colleague_of(scene, **licence)
    moved, [refused] = move(by, scene, to)
    assert moved == 0
    assert scene.case.number in refused.label
    assert to.name in refused.why
    assert scene.refresh().holder == scene.specialist


def test_one_that_is_refused_keeps_no_other_from_going(by):
    scene = accepted_case()
    other = sent_case(around=scene)
    with by(scene.specialist):
        services.accept_case(actor=scene.specialist, case_id=other.case.pk)
    to = colleague_of(scene)
    type(other.case).objects.filter(pk=other.case.pk).update(requester=to)
    moved, refused = move(by, scene, to)
    assert (moved, len(refused)) == (1, 1)
    assert scene.refresh().holder == to
    assert other.refresh().holder == scene.specialist


def test_the_account_stays_open_while_something_cannot_go(client):
    scene = accepted_case()
    answer = close(client, scene, colleague_of(scene, specialty="cardiology"))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "Nothing was moved" in page
    assert scene.case.number in page
    scene.specialist.refresh_from_db()
    assert scene.specialist.is_active


def test_what_cannot_go_is_asked_anew_when_it_is_handed_over_by_phone(client):
    scene = accepted_case()
    assert close(client, scene, colleague_of(scene, specialty="cardiology"), listed="on").url
    deliver_waiting()
    assert scene.refresh().holder is None
    scene.specialist.refresh_from_db()
    assert not scene.specialist.is_active


def test_after_closing_the_colleague_holds_it_still(client):
    scene = accepted_case()
    to = colleague_of(scene)
    assert close(client, scene, to).status_code == 302
    deliver_waiting()
    assert scene.refresh().holder == to


def test_a_signature_moves_nowhere(by):
    scene = signed_case()
    to = colleague_of(scene)
    assert move(by, scene, to) == (0, [])
    assert Opinion.objects.get().author == scene.specialist
    assert scene.refresh().holder == scene.specialist


def test_only_the_asked_hospital_gives_it(by):
    scene = accepted_case()
    to = colleague_of(scene)
    stranger = StaffFactory(role=Role.ADMINISTRATOR)
    with pytest.raises(Forbidden), by(stranger):
        services.give_case(
            actor=stranger, holder=scene.specialist, to=to, case_id=scene.case.pk, reason=WHY
        )
    with pytest.raises(Conflict), by(admin_of(scene)) as held:
        services.give_case(
            actor=held.actor, holder=to, to=scene.specialist, case_id=scene.case.pk, reason=WHY
        )
