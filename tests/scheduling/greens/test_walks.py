"""Whatever both sides do in whatever order: what must hold of a green channel does after each."""

from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scheduling.greens import policies, queries, services
from scheduling.greens.models import OPEN, Green, Kind, Stamp, Status
from scheduling.greens.plans import PLANS, stations
from scheduling.referrals import services as referrals
from scheduling.referrals.models import THERE, Round
from telemed.core import outbox
from telemed.core.errors import DomainError
from telemed.core.ids import new_id
from telemed.core.models import Clock, ClockState
from tests.factories.greens import opened
from tests.factories.referrals import by

pytestmark = pytest.mark.django_db
CODES = sorted({one.code for plan in PLANS.values() for one in plan})


def acts(scene):
    """Every act of everybody, ready to be tried."""
    one = {"green_id": scene.green.pk}

    def do(actor, service, **more):
        with by(actor):
            service(actor=actor, **one, **more)

    def tap(actor, station, minutes):
        at = timezone.now() - timedelta(minutes=minutes)
        do(actor, services.stamp, station=station, key=new_id(), at=at)

    def mend(actor, station, minutes):
        at = timezone.now() - timedelta(minutes=minutes)
        do(actor, services.correct, station=station, at=at, reason="看错了时间")

    def arrive():
        with by(scene.road.desk):
            referrals.arrive(
                actor=scene.road.desk,
                referral_id=scene.green.referral_id,
                number=scene.road.patient.id_card_tail,
            )

    def cancel():
        with by(scene.clinic):
            referrals.cancel(
                actor=scene.clinic, referral_id=scene.green.referral_id, reason="病人不去了"
            )

    return {
        "acknowledge": partial(do, scene.doctor, services.acknowledge),
        "end": partial(do, scene.doctor, services.end, outcome="treated"),
        "refuse": partial(do, scene.clinic, services.end, outcome="refused"),
        "back": partial(do, scene.clinic, services.take_back, reason="开错了病人"),
        "desk": arrive,
        "cancel": cancel,
        "tap": tap,
        "mend": mend,
    }


STEP = st.one_of(
    st.sampled_from(["acknowledge", "end", "refuse", "back", "desk", "cancel"]).map(
        lambda name: (name, "", "", 0)
    ),
    st.tuples(
        st.sampled_from(["tap", "tap", "tap", "mend"]),
        st.sampled_from(["clinic", "doctor"]),
        st.sampled_from(CODES),
        st.integers(0, 40),
    ),
)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
@given(kind=st.sampled_from(Kind.values), walk=st.lists(STEP, min_size=6, max_size=24))
def test_a_walk_in_any_order_keeps_what_must_hold(kind, walk):
    scene = opened(kind, ago=40)
    tried = acts(scene)
    for name, who, station, minutes in walk:
        with suppress(DomainError):
            if name in ("tap", "mend"):
                tried[name](getattr(scene, who), station, minutes)
            else:
                tried[name]()
        outbox.deliver_waiting()
        must_hold(scene)


def must_hold(scene):
    green = Green.objects.select_related("referral").get(pk=scene.green.pk)
    known = queries.moments_of(green)
    rows = Stamp.objects.filter(green=green, corrected_by=None)
    assert rows.count() == len(known)  # one stamp of a station counts
    assert all(at <= timezone.now() for at in known.values())
    for station in stations(green.kind):
        if station.code not in known:
            continue
        assert set(station.needs) <= set(known)
        for before in station.after:
            assert before not in known or known[before] <= known[station.code]
    assert green.contact_at == known["contact"]
    assert ("arrive" in known) <= (green.referral.status in THERE)
    taken = green.referral.rounds.filter(status=Round.Status.ACCEPTED).count()
    assert taken == 1 or green.status in (Status.WITHDRAWN, Status.ENDED)
    running = Clock.objects.filter(about=green.pk, state=ClockState.RUNNING)
    kinds = set(running.values_list("kind", flat=True))
    if green.status not in OPEN:
        assert kinds == set()
        return
    waited = {policies.clock_of(one.station.code) for one in policies.due(green, known)}
    if green.status == Status.CALLED:
        waited.add(policies.ACKNOWLEDGE)
    assert kinds == waited
