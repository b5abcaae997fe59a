"""Whatever both sides do in whatever order: the invariants of a referral hold after each step."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling.appointments import services as appointments
from scheduling.appointments.models import Appointment
from scheduling.referrals import queries, services
from scheduling.referrals.models import LIVE, Referral, Round, Status
from scheduling.referrals.services.answering import Offer
from scheduling.referrals.services.arriving import miss
from telemed.core import outbox
from telemed.core.errors import DomainError
from telemed.core.intentions import System, intention
from telemed.core.models import Clock, ClockState
from tests.factories.referrals import BACK, by, next_hospital, road, sent
from tests.factories.scheduling import places_of

pytestmark = pytest.mark.django_db
# Which promises run in which state; where nobody has to act, none does.
RUNNING = {
    Status.SENT: {"referral.accept", "referral.question"},
    Status.ACCEPTED: {"referral.arrive"},
    Status.ARRIVED: {"referral.handback"},
    Status.IN_CARE: {"referral.handback"},
    Status.HANDED_BACK: {"referral.plan"},
}


def bed():
    return Offer(place="三楼 12 床", expected_at=timezone.now() + timedelta(days=1))


def acts(found, there):
    """Every act of everybody, ready to be tried."""
    one = {"referral_id": found.referral.pk}

    def do(actor, service, **more):
        with by(actor):
            service(actor=actor, **one, **more)

    def be_missed():
        with intention(System("clocks"), door="test"):
            miss(referral=queries.lock_referral(found.referral.pk))

    def lose_the_visit():
        visit = Appointment.objects.filter(patient=found.patient).order_by("-pk").first()
        if visit:
            with by(found.resident):
                appointments.cancel(actor=found.resident, appointment_id=visit.pk)
            outbox.deliver_waiting()

    later = timezone.now() + timedelta(days=3)
    due = timezone.localdate() + timedelta(days=7)
    return {
        "accept": partial(do, found.coordinator, services.accept, offer=Offer()),
        "bed": partial(do, found.doctor, services.accept, offer=bed()),
        "there": partial(do, there.coordinator, services.accept, offer=bed()),
        "decline": partial(
            do, found.doctor, services.decline, reason="没有空床了", elsewhere="市医院"
        ),
        "again": partial(do, found.sender, services.send_again, department_id=there.department.pk),
        "ask": partial(do, found.doctor, services.ask, text="请补充心电图"),
        "reply": partial(do, found.sender, services.answer, text="已附上"),
        "cancel": partial(do, found.sender, services.cancel, reason="病人不去了"),
        "unsend": partial(do, found.sender, services.undo_send),
        "unaccept": partial(do, found.coordinator, services.undo_accept, reason="床位没有了"),
        "arrive": partial(do, found.desk, services.arrive),
        "miss": be_missed,
        "coming": partial(
            do, found.sender, services.answer_missed, answer="coming", expected_at=later
        ),
        "lost": partial(do, found.sender, services.answer_missed, answer="lost"),
        "begin": partial(do, found.doctor, services.begin),
        "back": partial(do, found.doctor, services.hand_back, items=[("复查", due)], **BACK),
        "take": partial(do, found.sender, services.take_plan),
        "visit": lose_the_visit,
    }


NAMES = [
    *("accept", "bed", "there", "decline", "again", "ask", "reply", "cancel"),
    *("unsend", "unaccept", "unaccept"),
    *("arrive", "miss", "coming", "lost", "begin", "back", "take", "visit"),
]


@settings(
    max_examples=16,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(walk=st.lists(st.sampled_from(NAMES), min_size=4, max_size=14))
def test_a_walk_in_any_order_keeps_what_must_hold(walk):
    found = sent(road())
    there = next_hospital(found)
    tried = acts(found, there)
    for name in walk:
        with suppress(DomainError):
            tried[name]()
        must_hold(found)


def must_hold(found):
    referral = Referral.objects.get(pk=found.referral.pk)
    rounds = list(referral.rounds.all())
    assert sum(one.status == Round.Status.ACCEPTED for one in rounds) <= 1
    asked = [one for one in rounds if one.status == Round.Status.ASKED]
    assert bool(asked) == (referral.status == Status.SENT)
    kept = sum(one.period_id == found.period.pk for one in rounds)
    held = Appointment.objects.filter(period=found.period, holds_place=True).count()
    assert kept + held == sum(taken for taken, _places in places_of(found.period).values())
    running = Clock.objects.filter(
        about=referral.pk, state__in=[ClockState.RUNNING, ClockState.PAUSED]
    )
    kinds = set(running.values_list("kind", flat=True))
    assert kinds <= RUNNING.get(Status(referral.status), set())
    waits = referral.status in LIVE or referral.status == Status.HANDED_BACK
    assert bool(kinds) == waits
