"""
kill -9 of the worker in the midst of what booking and sign-up do by themselves: what runs out, a
clinic that stops, a night's services. Each is done for everybody, once.

An installation of its own, without the story: eight people in each, laid by the services.
"""

import pytest

from scheduling.appointments import clock_rows
from scheduling.availability.clock_rows import STOP_UNDO
from scheduling.duties.tasks import plan_duties_task
from tests.drills.conftest import holds, installation, wait_for
from tests.drills.dying import asleep, come_due, deliver, die_amid, lay, slow
from tests.drills.witness import Witness

BOOKINGS = "appointments_appointment"


@pytest.fixture(scope="module")
def stack(folder):
    with installation(folder / "var", "--no-demo") as running:
        yield running.ready()


class Booked(Witness):
    """What the database knows of these bookings."""

    def statuses(self, about):
        of_them = f"FROM {BOOKINGS} WHERE id = ANY(%s::uuid[])"
        return dict(self.rows(f"SELECT status, count(*) {of_them} GROUP BY 1", about))

    def are(self, status, about):
        return holds(lambda: self.statuses(about) == {status: len(about)})

    def each_told(self, template, about):
        """One message each, and no more."""
        told = self.rows(
            "SELECT about, count(*) FROM notifications_notification"
            " WHERE template = %s AND about = ANY(%s::uuid[]) GROUP BY 1",
            *(template, about),
        )
        return sorted(str(one) for one, n in told for _time in range(n))

    def clocks(self, kind, about, state="running"):
        return self.one(
            "SELECT count(*) FROM core_clock WHERE kind = %s AND state = %s"
            " AND about = ANY(%s::uuid[])",
            *(kind, state, about),
        )

    def check_counted(self):
        """Each place that is taken is somebody's, and the other way round."""
        wrong = self.rows(
            f"""
            SELECT p.period_id, p.pool, p.taken FROM availability_periodpool p
            LEFT JOIN (SELECT period_id, pool FROM {BOOKINGS} WHERE holds_place
                UNION ALL SELECT plan_period_id, plan_pool FROM {BOOKINGS}
                WHERE plan_period_id IS NOT NULL) held USING (period_id, pool)
            GROUP BY 1, 2, 3 HAVING p.taken <> count(held.period_id)
            """  # noqa: S608
        )
        assert wrong == []


@pytest.fixture
def witness(stack):
    return Booked(stack.data)


def middle(rows):
    return rows[len(rows) // 2]


def test_what_runs_out_ends_once_whoever_dies_over_it(stack, witness):
    with asleep(stack) as wake:
        laid = lay(stack, "ends")
        nobody_came = laid["nobody_came"]
        die_amid(stack, witness, witness.holding(middle(nobody_came), BOOKINGS), wake)
    held, returned = laid["held"], laid["returned"]
    for kind, about in ((clock_rows.HOLD, held), (clock_rows.RETURN, returned)):
        at = witness.holding(middle(about), BOOKINGS)
        die_amid(stack, witness, at, lambda k=kind, a=about: come_due(witness, k, a))

    wait_for(lambda: witness.are("expired", held) and witness.are("noshow", nobody_came))
    wait_for(lambda: holds(lambda: witness.clocks(clock_rows.RETURN, returned, "fired") >= 8))
    wait_for(lambda: holds(witness.nothing_waits))
    assert witness.traced("appointment.expire", "Appointment", held) == [1] * 8
    assert witness.traced("appointment.miss", "Appointment", nobody_came) == [1] * 8
    assert witness.each_told("appointment.noshow", nobody_came) == sorted(nobody_came)
    noted = "SELECT count(*) FROM appointments_strike WHERE appointment_id = ANY(%s::uuid[])"
    assert witness.one(noted, nobody_came) == 8
    counts = [witness.clocks(clock_rows.NO_SHOW, nobody_came, at) for at in ("running", "fired")]
    assert sum(counts) == 8  # after eight in the morning it has counted already
    check_each_place_is_offered(witness, laid)
    witness.check_counted()


def check_each_place_is_offered(witness, laid):
    """To one of those who wait; in the night it is kept until the morning, in which they are."""
    waiting = laid["waiting"]
    offered = witness.statuses(waiting).get("offered", 0)
    kept = witness.clocks(clock_rows.RETURN, laid["returned"])
    assert (offered, kept) in [(8, 0), (0, 8)]
    assert sum(witness.traced("waitlist.offer", "Appointment", waiting)) == offered
    assert witness.each_told("waitlist.offer", waiting) == sorted(waiting)[:offered]
    assert witness.clocks(clock_rows.OFFER, waiting) == offered


@pytest.mark.long
def test_a_clinic_that_stops_keeps_tells_and_ends_each_once(stack, witness):
    with asleep(stack) as wake:
        laid = lay(stack, "stopped")
        booked, there = laid["displaced"], laid["there"]
        die_amid(stack, witness, witness.holding(middle(booked), BOOKINGS), wake)
    wait_for(lambda: witness.are("displaced", booked))
    wait_for(lambda: holds(witness.nothing_waits))
    assert witness.traced("appointment.displace", "Appointment", booked) == [1] * 8
    kept = f"SELECT id FROM {BOOKINGS} WHERE plan_period_id = %s"  # noqa: S608
    sent = sorted(str(one) for (one,) in witness.rows(kept, there))
    assert len(sent) == 4
    witness.check_counted()

    def settle():
        come_due(witness, STOP_UNDO, [laid["stop"]])

    die_amid(stack, witness, witness.holding(middle(booked), BOOKINGS), settle)
    wait_for(lambda: holds(lambda: witness.clocks(clock_rows.CHOICE, booked) == 16))
    wait_for(lambda: holds(witness.nothing_waits))
    assert witness.each_told("stop.notice", booked) == sent
    assert witness.each_told("stop.stay", booked) == sorted(set(booked) - set(sent))
    asked = "SELECT count(*) FROM appointments_response WHERE appointment_id = ANY(%s::uuid[])"
    assert witness.one(asked, booked) == 8

    def nobody_answers():
        come_due(witness, clock_rows.CHOICE, booked, rung=clock_rows.END_RUNG)

    die_amid(stack, witness, witness.holding(middle(booked), BOOKINGS), nobody_answers)
    wait_for(lambda: witness.are("cancelled", booked))
    wait_for(lambda: holds(witness.nothing_waits))
    assert witness.traced("appointment.cancel", "Appointment", booked) == [1] * 8
    assert witness.each_told("appointment.withdrawn", booked) == sorted(booked)
    witness.check_counted()


@pytest.mark.long
def test_a_night_that_is_cut_off_twice_owes_each_service_once(stack, witness):
    with asleep(stack):
        laid = lay(stack, "night")
    contracts, leader = laid["contracts"], laid["leader"]
    planning = slow(witness, "INSERT ON duties_duty", "true")
    telling = slow(witness, "INSERT ON notifications_notification", "NEW.template = 'duty.due'")
    for cut_off in (planning, telling):
        die_amid(stack, witness, cut_off, lambda: deliver(stack, plan_duties_task.name))
    deliver(stack, plan_duties_task.name)
    told = (
        "SELECT count(*) FROM notifications_notification"
        " WHERE template = 'duty.due' AND recipient_id = %s"
    )
    wait_for(lambda: holds(lambda: witness.one(told, leader) == 1))
    owed = "SELECT id, rule, status FROM duties_duty WHERE contract_id = ANY(%s::uuid[])"
    rows = witness.rows(owed, contracts)
    assert sorted(rule for _id, rule, _status in rows) == ["elderly_exam"] * 8 + ["self_care"] * 8
    assert {status for _id, _rule, status in rows} == {"due"}
    assert witness.clocks("duty.window", [one for one, _rule, _status in rows]) == 2 * len(rows)
