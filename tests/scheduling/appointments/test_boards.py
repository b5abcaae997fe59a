"""The screens of the waiting room: numbers and rooms for everybody, names for nobody."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import translation

from scheduling.appointments import screens, services
from scheduling.appointments.boards import token_of
from scheduling.appointments.models import Board
from telemed.audit.models import AuditRow
from telemed.core.errors import Gone, NotFound
from telemed.core.intentions import intention
from telemed.core.sockets import Close
from telemed.core.threads import off_loop
from tests.factories.people import DepartmentFactory, PatientFactory, StaffFactory, UserFactory
from tests.factories.scheduling import PeriodFactory, SessionFactory
from tests.marks import committed
from tests.sockets import closed, knock

BOARDS = reverse("booking:boards")


@pytest.fixture
def period(db):
    return PeriodFactory(session=SessionFactory(room="3 诊室"), public=6)


@pytest.fixture
def clerk(period):
    return StaffFactory(role="desk", organisation=period.organisation)


@pytest.fixture
def waiting(by, clerk, period):
    """Five who checked in for the first half hour, at its beginning."""
    rows = []
    for _ in range(5):
        actor = PatientFactory(user=UserFactory(), name="欧阳无名").user
        with by(actor):
            rows.append(services.book(actor=actor, patient=actor.patient, period_id=period.pk))
    with time_machine.travel(period.starts_at, tick=False) as clock:
        for row in rows:
            with by(clerk):
                services.check_in(actor=clerk, appointment_id=row.pk)
        yield rows, clock


def opened(by, clerk, department=None):
    with by(clerk):
        key = department.pk if department else None
        return services.open_board(actor=clerk, department_id=key)


def address(board):
    return reverse("booking:board", args=[token_of(board.pk)])


def test_a_screen_shows_who_is_called_who_is_in_and_who_comes_next(
    client, by, clerk, period, waiting
):
    rows, _clock = waiting
    board = opened(by, clerk, period.department)
    doctor = period.clinician
    with by(doctor):
        services.call(actor=doctor, appointment_id=rows[0].pk)
        services.begin(actor=doctor, appointment_id=rows[0].pk)
        services.call(actor=doctor, appointment_id=rows[1].pk)
    answer = client.get(address(board))
    [(room, late)] = answer.context["rooms"]
    assert (room.name, room.stopped, late) == ("3 诊室", False, None)
    assert [(one.time, one.ticket) for one in room.inside] == [("08:00", 1)]
    assert [one.ticket for one in room.called] == [2]
    assert [one.ticket for one in room.coming] == [3, 4, 5]
    page = answer.content.decode()
    for secret in ("欧阳", doctor.name, str(rows[1].pk), rows[1].patient.id_card_tail or "-none-"):
        assert secret not in page
    assert answer["Referrer-Policy"] == "no-referrer"


def test_a_call_that_is_repeated_is_announced_again(by, clerk, period, waiting):
    rows, clock = waiting
    board, doctor = opened(by, clerk), period.clinician
    keys = set()
    with by(doctor):
        services.call(actor=doctor, appointment_id=rows[0].pk)
        for _ in range(2):
            [room] = screens.rooms_of(board)
            keys.add(room.called[0].key)
            clock.shift(timedelta(seconds=20))
            services.call_again(actor=doctor, appointment_id=rows[0].pk)
    assert len(keys) == 2
    assert [language for language, _said in room.called[0].said] == ["zh-hans", "en"]


def test_a_clinic_that_is_late_or_stopped_is_said(client, by, clerk, period, waiting):
    _rows, clock = waiting
    board = opened(by, clerk)
    clock.shift(timedelta(minutes=23))
    [(_room, late)] = client.get(address(board)).context["rooms"]
    assert "20" in late.en
    period.session.state = "stopped"
    period.session.save()
    [(room, _late)] = client.get(address(board)).context["rooms"]
    assert room.stopped


def test_a_screen_is_of_its_department_and_of_now(by, clerk, period, waiting):
    other = DepartmentFactory(organisation=period.organisation, name="中医科")
    PeriodFactory(session=SessionFactory(department=other, day=period.session.day))
    assert len(screens.rooms_of(opened(by, clerk))) == 2
    assert screens.rooms_of(opened(by, clerk, other))[0].department == other.name
    with time_machine.travel(period.session.ends_at + timedelta(hours=1)):
        assert screens.rooms_of(opened(by, clerk)) == []


def test_many_numbers_are_two_queries(by, clerk, waiting, django_assert_num_queries):
    board = opened(by, clerk)
    with django_assert_num_queries(2):
        screens.rooms_of(board)


def test_a_place_has_one_screen_until_the_desk_ends_it(client, by, clerk, period):
    first = opened(by, clerk)
    assert opened(by, clerk) == first
    client.force_login(clerk)
    assert token_of(first.pk) in client.get(BOARDS).content.decode()
    client.post(reverse("booking:end_board", args=[first.pk]))
    client.logout()
    answer = client.get(address(first))
    assert answer.status_code == 410
    assert "data-ended" in answer.content.decode()
    with pytest.raises(Gone):
        screens.get_board(token_of(first.pk))
    assert opened(by, clerk) != first
    actions = AuditRow.objects.filter(action__startswith="board.").order_by("id")
    assert list(actions.values_list("action", flat=True)) == [
        "board.open",
        "board.end",
        "board.open",
    ]


@pytest.mark.parametrize("wanted", ["no department", "6f1c1a52-0000-4000-8000-000000000000"])
def test_a_department_of_nobody_is_refused_in_words(client, clerk, wanted):
    client.force_login(clerk)
    answer = client.post(
        BOARDS, {"department": wanted}, headers={"referer": f"http://testserver{BOARDS}"}
    )
    refusal = client.get(answer["Location"]).context["refusal"]
    assert refusal.path == "department"
    assert not Board.objects.exists()


def test_a_link_that_nobody_made_opens_nothing(client, db):
    with translation.override("en"), pytest.raises(NotFound, match="ask the desk"):
        screens.get_board("A" * 22)
    assert client.get(reverse("booking:board", args=["A" * 22])).status_code == 404


@off_loop
def laid():
    period = PeriodFactory(public=1)
    clerk = StaffFactory(role="desk", organisation=period.organisation)
    actor = PatientFactory(user=UserFactory()).user
    with intention(actor, door="test"):
        row = services.book(actor=actor, patient=actor.patient, period_id=period.pk)
    with intention(clerk, door="test"):
        board = services.open_board(actor=clerk, department_id=period.department_id)
    return period, clerk, row, board


@off_loop
def act(service, actor, **about):
    with intention(actor, door="test"):
        service(actor=actor, **about)


@committed
@pytest.mark.asyncio
async def test_a_screen_is_rung_when_somebody_arrives_and_closed_when_it_is_ended():
    period, clerk, row, board = await laid()
    async with knock(f"/ws/booking/board/{token_of(board.pk)}/") as screen:
        assert screen.code is None
        assert await screen.receive_json_from(timeout=5) == {"is": "board"}
        with time_machine.travel(period.starts_at, tick=True):
            await act(services.check_in, clerk, appointment_id=row.pk)
        assert await screen.receive_json_from(timeout=5) == {"is": "board"}
        await act(services.end_board, clerk, board_id=board.pk)
        assert await closed(screen) == Close.ENDED
