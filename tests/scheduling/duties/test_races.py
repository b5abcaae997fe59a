"""Duties when several come at once."""

from django.utils import timezone

from scheduling.duties import services
from scheduling.duties.models import Duty, Status, Visit
from scheduling.duties.tasks import plan_duties_task
from telemed.core.intentions import System, intention
from telemed.core.models import Clock, ClockState
from tests.factories.duties import due, elder_of, serve, served
from tests.factories.registration import TeamFactory, join, signed
from tests.marks import committed
from tests.racing import race

pytestmark = committed


def test_two_phones_serve_one_duty_once():
    team = TeamFactory()
    people = [team.leader, join(team)]
    duty = due(team)
    ended = race([lambda who=who: serve(duty, who) for who in people * 3])
    assert ended == {"won": 1, "Conflict": 5}
    assert Clock.objects.filter(about=duty.pk, kind="duty.confirm").count() == 3


def test_confirming_and_disputing_take_turns():
    duty = served(TeamFactory())
    resident = duty.contract.patient.user

    def by_tap(act):
        def call():
            with intention(resident, door="test"):
                act(actor=resident, duty_id=duty.pk)

        return call

    race([by_tap(services.confirm), by_tap(services.dispute)] * 3)
    duty.refresh_from_db()
    assert duty.status == Status.DISPUTED  # what was confirmed can be disputed, and not back
    running = Clock.objects.filter(about=duty.pk, state=ClockState.RUNNING)
    assert set(running.values_list("kind", flat=True)) == {"duty.dispute"}


def further_visit():
    """From before there were forms."""
    duty = served(TeamFactory())
    Visit.objects.create(
        duty=duty,
        mode="face_to_face",
        served_by=duty.served_by,
        served_at=timezone.now(),
        because="两人都到了",
        filed=False,
    )


def test_what_is_just_being_filed_keeps_no_other_from_it():
    def file(limit):
        with intention(System("planner"), door="test"):
            return services.file_visits(limit)

    for _ in range(2):
        further_visit()
    with intention(System("planner"), door="test"):
        assert services.file_visits(1) == 1
        assert race([lambda: file(5)]) == {"won": 1}
    assert not Visit.objects.filter(filed=False).exists()


def test_two_planners_plan_each_duty_once():
    team = TeamFactory()
    contracts = [signed(team, elder_of(team)) for _ in range(3)]
    assert race([plan_duties_task] * 4) == {"won": 4}
    rows = Duty.objects.filter(contract__in=contracts)
    assert sorted(rows.values_list("rule", flat=True)) == ["elderly_exam"] * 3 + ["self_care"] * 3
    assert set(rows.values_list("status", flat=True)) == {"due"}
    clocks = Clock.objects.filter(kind="duty.window", about__in=rows.values("pk"))
    assert clocks.count() == 2 * len(rows)
