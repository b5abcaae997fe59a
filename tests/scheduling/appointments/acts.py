"""What the walk through a week can do, and the bookings of which each is likely to be allowed."""

from scheduling.appointments import services
from scheduling.appointments.models import COMING, WAITING, Status, Trip
from scheduling.appointments.services import attending
from scheduling.availability import services as availability
from scheduling.availability.models import Stop
from telemed.core import moments
from telemed.core.errors import NotFound


def on_one(service):
    return lambda walk: service(actor=walk.actor, appointment_id=walk.one.pk)


def book(walk, period=None):
    there = period or walk.period
    return services.book(actor=walk.actor, patient=walk.patient, period_id=there.pk)


def join(walk):
    return services.join(
        actor=walk.actor,
        patient=walk.patient,
        department_id=walk.period.department_id,
        day=walk.period.session.day,
    )


def stop(walk):
    return availability.stop_session(
        actor=walk.actor,
        session_id=walk.period.session_id,
        reason="医生外出开会",
        plan=Stop.Plan.values[walk.number % len(Stop.Plan.values)],
    )


def call_off(walk):
    return services.call_off_at_desk(
        actor=walk.actor,
        appointment_id=walk.one.pk,
        reason="设备今天检修",
        plan=Stop.Plan.values[walk.number % len(Stop.Plan.values)],
    )


def book_trip(walk):
    return services.book_trip(
        actor=walk.actor,
        patient=walk.patient,
        visit_id=walk.period.pk,
        examination_ids=[one.pk for one in walk.examinations if one.session.day == walk.day],
        order=Trip.Order.values[walk.number % 2],
    )


def move_trip(walk):
    """To the period and to what is examined that day."""
    there = [one.pk for one in walk.examinations if one.session.day == walk.day]
    return services.move_trip(
        actor=walk.actor, appointment_id=walk.one.pk, period_ids=[walk.period.pk, *there]
    )


def knock(walk):
    """As the room does for whoever is let in; it asks for the day and the hour itself."""
    visit = attending.lock_visit(walk.one.pk)
    in_time = visit.during.lower <= moments.now() <= visit.period.session.ends_at
    if not (visit.is_video and in_time):
        raise NotFound("", path="visit")
    attending.begin_by_video(visit)


ACTS = {
    "hold": lambda walk: services.hold(
        actor=walk.actor, patient=walk.patient, period_id=walk.period.pk
    ),
    "book": book,
    "video": lambda walk: book(walk, walk.by_video),
    "confirm": on_one(services.confirm),
    "give_up": on_one(services.give_up_hold),
    "move": lambda walk: services.move(
        actor=walk.actor, appointment_id=walk.one.pk, period_id=walk.period.pk
    ),
    "undo_move": on_one(services.undo_move),
    "cancel": on_one(services.cancel),
    "undo": on_one(services.undo_cancel),
    "withdraw": lambda walk: services.cancel_by_clinic(
        actor=walk.actor, appointment_id=walk.one.pk, reason="设备今天检修"
    ),
    "call_off": call_off,
    "join": join,
    "accept": on_one(services.accept),
    "decline": on_one(services.decline),
    "leave": on_one(services.leave),
    "trip": book_trip,
    "move_trip": move_trip,
    "cancel_trip": on_one(services.cancel_trip),
    "undo_trip": on_one(services.undo_cancel_trip),
    "check_in": on_one(services.check_in),
    "undo_check_in": on_one(services.undo_check_in),
    "call": on_one(services.call),
    "skip": on_one(services.skip),
    "begin": on_one(services.begin),
    "fulfil": on_one(services.fulfil),
    "miss": on_one(services.miss_one),
    "ring": on_one(services.ring),
    "knock": knock,
    "stop": stop,
    "restore": lambda walk: availability.restore_session(
        actor=walk.actor, session_id=walk.period.session_id
    ),
    "rebook": on_one(services.rebook),
    "stay": on_one(services.stay),
}
# A ticket is given out by these alone.
TICKETING = {"book", "video", "confirm", "move", "accept", "trip", "move_trip", "rebook"}
# Of which bookings it is likely to be allowed; of all others it is tried besides.
FITTING = {
    "confirm": [Status.HELD],
    "give_up": [Status.HELD],
    "move": COMING,
    "undo_move": [Status.BOOKED],
    "cancel": COMING,
    "undo": [Status.CANCELLED],
    "call_off": [Status.BOOKED],
    "accept": [Status.OFFERED],
    "decline": [Status.OFFERED],
    "leave": WAITING,
    "move_trip": COMING,
    "cancel_trip": COMING,
    "undo_trip": [Status.CANCELLED],
    "check_in": [Status.BOOKED, Status.NO_SHOW],
    "undo_check_in": [Status.ARRIVED],
    "call": [Status.ARRIVED],
    "skip": [Status.CALLED],
    "begin": [Status.CALLED],
    "fulfil": [Status.IN_VISIT],
    "miss": [Status.BOOKED],
    "ring": [Status.BOOKED],
    "knock": [Status.BOOKED],
    "rebook": [Status.DISPLACED],
    "stay": [Status.DISPLACED],
}
