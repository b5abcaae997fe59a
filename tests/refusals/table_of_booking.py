"""The rows of bookings: visits, waits, trips and batches."""

from tests.refusals.house_of_care import REASON
from tests.refusals.table import CLINICIANS, EVERYBODY, At, Door, one, roles

DESKS = roles("desk", "coordinator")
AT_THE_DESK = ("check-in", "undo-check-in")
VISIT_ACTS = (*AT_THE_DESK, "call", "call-again", "skip", "begin", "fulfil", "ring")
HELD_VISIT = one(appointment_id="held_visit.pk")
VISITORS = "asker resident clerk coordinator"
THEIR_VISIT = Door(own=f"{VISITORS} colleague", at=one(appointment_id="visit.pk"))
THEIR_WAIT = one(appointment_id="wait.pk")
THEIR_BATCH = Door(own="asker", at=one(batch_id="batch.pk"))
BATCHES = {
    "GET booking:batch": Door(may=roles("township_doctor")),
    "POST booking:send_batch": Door(
        own="asker",
        sent={
            "key": At("batch_key"),
            "department": At("department.pk"),
            "day": At("free_period.session.day"),
            "row": At("batch_sent"),
        },
    ),
    "GET booking:batch_result": THEIR_BATCH,
    "GET booking:batch_slips": THEIR_BATCH,
    "GET booking:batch_sheet": THEIR_BATCH,
    "POST booking:go_on_batch": THEIR_BATCH,
    "POST booking:batch_act/take": Door(
        own="asker",
        at={"row_id": At("lost_row.pk"), "act": "take"},
        sent={"period": At("free_period.pk")},
    ),
    **{
        f"POST booking:batch_act/{act}": Door(
            own="asker", at={"row_id": At("booked_row.pk"), "act": act}
        )
        for act in ("cancel", "undo")
    },
}
BOOKINGS = BATCHES | {
    "GET booking:find": Door(may=EVERYBODY),
    "GET booking:mine": Door(may=EVERYBODY),
    "GET booking:held": Door(may=EVERYBODY),
    "GET booking:times": Door(may=EVERYBODY, at=one(department_id="department.pk")),
    "POST booking:hold": Door(
        own="asker resident", sent={"period": At("free_period.pk"), "for": At("patient.pk")}
    ),
    "POST booking:confirm": Door(own="resident", at=HELD_VISIT),
    "GET booking:hold_over": Door(own="resident", at=HELD_VISIT),
    "GET booking:kit": Door(may=roles("resident")),
    "GET booking:seal": Door(may=roles("resident")),
    "POST booking:give_back": Door(own="resident", at=HELD_VISIT),
    "GET booking:ticket": THEIR_VISIT,
    "GET booking:calendar": THEIR_VISIT,
    "POST booking:cancel": Door(own=VISITORS, at=one(appointment_id="visit.pk")),
    "GET booking:day": Door(may=CLINICIANS | roles("desk", "coordinator")),
    "POST booking:person": Door(may=roles("desk", "coordinator"), sent={"number": "1"}),
    **{
        f"POST booking:act/{act}": Door(
            own="clerk coordinator" if act in AT_THE_DESK else "clerk coordinator colleague",
            at={"appointment_id": At("visit.pk"), "act": act},
            sent={"seen": "on"} if act == "check-in" else {},
        )
        for act in VISIT_ACTS
    },
    # Another hospital's desk is told that the ticket is not for it: it has it in its hands.
    "GET booking:here": Door(own="clerk", sent={"for": At("desk_key")}),
    "POST booking:here": Door(own="clerk", sent={"for": At("desk_key"), "booking": At("visit.pk")}),
    "GET booking:arrival": Door(may=DESKS, at=one(code="code")),
    "POST booking:arrival": Door(may=DESKS, at=one(code="code"), idle=True),
    "POST booking:next": Door(may=CLINICIANS, idle=True),
    "GET booking:boards": Door(may=DESKS),
    "POST booking:boards": Door(own="clerk coordinator", sent={"department": At("department.pk")}),
    "POST booking:end_board": Door(own="clerk coordinator", at=one(board_id="board.pk")),
    "GET booking:board": Door(open=True, at={"token": At("screen")}),
    "POST booking:rebook": Door(own=VISITORS, at=one(appointment_id="stopped_visit.pk")),
    "POST booking:stay": Door(own=VISITORS, at=one(appointment_id="stopped_visit.pk")),
    "POST booking:call_off": Door(
        own="clerk coordinator",
        at=one(appointment_id="visit.pk"),
        sent={"reason": REASON, "plan": "cancel"},
    ),
    "POST booking:phoned": Door(
        own="clerk coordinator",
        at=one(appointment_id="stopped_visit.pk"),
        sent={"result": "reached"},
    ),
    "GET booking:points": Door(may=EVERYBODY),
    "POST booking:appeal": Door(
        own="asker resident clerk coordinator",
        at=one(strike_id="strike.pk"),
        sent={"reason": REASON},
    ),
    "GET booking:appeals": Door(may=roles("coordinator", "administrator")),
    "POST booking:decide": Door(
        own="coordinator admin",
        at=one(appeal_id="appeal.pk"),
        sent={"decision": "uphold", "reason": REASON},
    ),
    "POST booking:waive": Door(
        may=roles("coordinator", "administrator"),
        sent={"first": "2026-01-01", "last": "2026-01-02", "reason": REASON},
        idle=True,
    ),
    "POST booking:correct": Door(
        own="clerk coordinator office",
        at=one(appointment_id="missed_visit.pk"),
        sent={"reason": REASON},
    ),
    "POST booking:join": Door(
        own="asker resident",
        at=one(department_id="department.pk"),
        sent={"day": At("full_day"), "for": At("patient.pk")},
    ),
    "GET booking:waiting": Door(own=f"{VISITORS} colleague", at=THEIR_WAIT),
    "POST booking:grade": Door(own="asker colleague", at=THEIR_WAIT, sent={"grade": 1}),
    **{
        f"POST booking:answer/{answer}": Door(
            own=VISITORS,
            at={"appointment_id": At("wait.pk" if answer == "leave" else "offer.pk")}
            | {"answer": answer},
        )
        for answer in ("accept", "decline", "leave")
    },
    "POST booking:undo": Door(own=VISITORS, at=one(appointment_id="cancelled_visit.pk")),
    "POST booking:undo_move": Door(own=VISITORS, at=one(appointment_id="moved_visit.pk")),
    "GET booking:trip": Door(may=EVERYBODY, at=one(department_id="department.pk")),
    "POST booking:trip": Door(
        own="asker resident",
        at=one(department_id="department.pk"),
        sent={
            "visit": At("free_period.pk"),
            "stop": At("free_ecg.pk"),
            "for": At("patient.pk"),
        },
    ),
    "GET booking:examinations": Door(own=VISITORS, at=one(appointment_id="visit.pk")),
    "POST booking:examinations": Door(
        own=VISITORS, at=one(appointment_id="visit.pk"), sent={"stop": At("added_ecg.pk")}
    ),
    "GET booking:move_trip": Door(own=VISITORS, at=one(appointment_id="trip.pk")),
    "POST booking:move_trip": Door(
        own=VISITORS, at=one(appointment_id="trip.pk"), sent={"stop": At("later_places")}
    ),
    "POST booking:cancel_trip": Door(own=VISITORS, at=one(appointment_id="trip.pk")),
    "POST booking:undo_trip": Door(own=VISITORS, at=one(appointment_id="cancelled_trip.pk")),
}
