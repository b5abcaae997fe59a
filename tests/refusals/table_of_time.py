"""The rows of sessions and what is booked in them."""

from tests.refusals.house_of_care import REASON
from tests.refusals.table import EVERYBODY, At, Door, one, roles

KEEPERS = roles("desk", "coordinator", "administrator")
OURS = "desk coordinator admin"
THEIRS = f"{OURS} specialist"
PLANNED, PUBLISHED = one(session_id="planned.pk"), one(session_id="published.pk")
OFFER = {
    "department": At("department.pk"),
    "kind": "clinic",
    "starts": "14:00",
    "ends": "17:00",
    "capacity": 4,
    "period_minutes": 30,
}
PLACES = {"capacity": 6, "family_doctor": 0, "referral": 0, "walk_in": 0, "phone": 0}
SESSIONS = {
    "GET sessions:home": Door(may=KEEPERS | roles("specialist", "township_doctor")),
    "GET sessions:week": Door(may=KEEPERS, at={"year": 2027, "number": 3}),
    "GET sessions:mine": Door(may=KEEPERS | roles("specialist", "township_doctor")),
    "GET sessions:session": Door(own=THEIRS, at=PUBLISHED),
    "GET sessions:new": Door(may=KEEPERS),
    "POST sessions:new": Door(own=OURS, sent={**OFFER, "day": At("coming")}),
    "POST sessions:publish": Door(own=OURS, at=PLANNED),
    "POST sessions:cancel": Door(own=OURS, at=PLANNED),
    "GET sessions:resize": Door(own=OURS, at=PUBLISHED),
    "POST sessions:resize": Door(own=OURS, at=PUBLISHED, sent=PLACES),
    "POST sessions:stop": Door(own=THEIRS, at=PUBLISHED, sent={"reason": REASON, "plan": "cancel"}),
    "POST sessions:restore": Door(own=THEIRS, at=one(session_id="stop.session_id")),
    "GET sessions:templates": Door(may=KEEPERS),
    "GET sessions:add": Door(may=KEEPERS),
    "POST sessions:add": Door(own=OURS, sent={**OFFER, "weekday": 3, "since": At("coming")}),
    "POST sessions:end": Door(
        own=OURS, at=one(template_id="template.pk"), sent={"from_day": At("coming")}
    ),
    "POST sessions:copy": Door(may=KEEPERS, sent={"what": "week", "first": At("coming")}),
    "GET sessions:days": Door(may=KEEPERS),
    "POST sessions:days": Door(
        may=KEEPERS, sent={"first": At("coming"), "last": At("coming"), "reason": REASON}
    ),
    "POST sessions:remove_rule": Door(own=OURS, at=one(rule_id="day_rule.pk")),
    "GET sessions:import": Door(may=KEEPERS),
    "POST sessions:import": Door(may=KEEPERS, sent={"file": At("sheet")}),
    "GET sessions:template": Door(may=EVERYBODY),  # an empty table
}
