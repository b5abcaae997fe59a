"""The rows of sessions, of signing up, of duties and of referrals."""

from tests.refusals.house_of_care import REASON
from tests.refusals.table import EVERYBODY, At, Door, one, roles

KEEPERS = roles("desk", "coordinator", "administrator")
RUNNERS = roles("coordinator", "director", "head", "administrator")
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
    "GET utilisation:home": Door(may=RUNNERS),
    "GET utilisation:csv": Door(may=RUNNERS),
    "GET sessions:home": Door(may=KEEPERS | roles("specialist", "township_doctor")),
    "GET sessions:week": Door(may=KEEPERS, at={"year": 2027, "number": 3}),
    "GET sessions:month": Door(may=KEEPERS, at={"year": 2027, "month": 3}),
    "GET sessions:mine": Door(may=KEEPERS | roles("specialist", "township_doctor")),
    "GET sessions:session": Door(own=THEIRS, at=PUBLISHED),
    "GET sessions:differing": Door(may=KEEPERS),
    "POST sessions:settle": Door(
        own=OURS,
        at=one(disagreement_id="disagreement.pk"),
        sent={"choice": "ours", "reason": REASON},
    ),
    "GET sessions:to_stop": Door(may=KEEPERS | roles("head")),
    "GET sessions:stop_doctor": Door(may=KEEPERS),
    "POST sessions:stop_doctor": Door(
        own=OURS,
        sent={"session": At("published.pk"), "plan": At("stop_plan"), "reason": REASON},
    ),
    "GET sessions:stopped": Door(own=OURS, at=one(together="stop.together")),
    "POST sessions:restore_all": Door(own=OURS, at=one(together="stop.together")),
    "POST sessions:open_again": Door(own=OURS, at=PUBLISHED),
    "GET sessions:new": Door(may=KEEPERS),
    "POST sessions:new": Door(own=OURS, sent={**OFFER, "day": At("coming")}),
    "POST sessions:publish": Door(own=OURS, at=PLANNED),
    "POST sessions:cancel": Door(own=OURS, at=PLANNED),
    "GET sessions:move": Door(own=OURS, at=PLANNED),
    "POST sessions:move": Door(
        own=OURS,
        at=PLANNED,
        sent={"day": At("coming"), "starts": "18:00", "ends": "20:00", "though_closed": "on"},
    ),
    "GET sessions:where": Door(own=OURS, at=PLANNED, sent={"monday": "2027-01-04"}),
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
    "GET opening:enter": Door(may=EVERYBODY, at={"number": 1}),  # a cookie, and on to the line
}

HEADS = "clinic_admin clinic_admin2"
TEAM, MEMBER = one(team_id="team.pk"), one(member_id="nurse.pk")
TO_REVIEW, TO_SIGN, IN_FORCE = (
    one(contract_id=f"{name}.pk") for name in ("to_review", "to_sign", "in_force")
)
PACKAGE = {
    "county": "520121",
    "name": "老年包",
    "kind": "personal",
    "contents": "体检",
    "price": "120",
    "insurance": 50,
    "public_health": 40,
    "resident": 10,
}
CONTRACTS = {
    "GET contracts:home": Door(may=EVERYBODY),
    "GET contracts:team": Door(may=EVERYBODY, at=TEAM),
    "POST contracts:apply": Door(
        own="asker resident",
        at=one(team_id="other_team.pk"),
        sent={"for": At("patient.pk"), "people": At("patient.pk")},
    ),
    "GET contracts:desk": Door(may=roles("township_doctor", "specialist")),
    "GET contracts:teams": Door(own=HEADS),
    "POST contracts:teams": Door(own=HEADS, sent={"name": "三合队", "leader": At("asker.pk")}),
    "GET contracts:keep": Door(own=HEADS, at=TEAM),
    "POST contracts:keep": Door(own=HEADS, at=TEAM, sent={"villages": "三合村"}),
    "POST contracts:add_member": Door(
        own=HEADS, at=TEAM, sent={"function": "nurse", "name": "李护士"}
    ),
    "GET contracts:close": Door(own=HEADS, at=TEAM),
    "POST contracts:close": Door(own=HEADS, at=TEAM, sent={"kind": "close", "reason": REASON}),
    "POST contracts:resume": Door(own=HEADS, at=TEAM),
    "GET contracts:closing": Door(own=HEADS, at=one(closing_id="closing.pk")),
    "GET contracts:left": Door(may=roles("coordinator")),
    "POST contracts:settle_left": Door(
        own="coordinator", at=one(left_id="left.pk"), sent={"note": REASON}
    ),
    "POST contracts:end_member": Door(own=HEADS, at=MEMBER),
    "GET contracts:packages": Door(own="provincial"),
    "POST contracts:packages": Door(own="provincial", sent=PACKAGE),
    "POST contracts:end_package": Door(own="provincial", at=one(package_id="package.pk")),
    "GET contracts:contract": Door(own="asker resident", at=TO_SIGN),
    "POST contracts:sign": Door(own="asker resident", at=TO_SIGN, sent={"way": "drawn"}),
    "POST contracts:sign_own": Door(own="asker", at=IN_FORCE, sent={"way": "drawn"}),
    "POST contracts:withdraw": Door(own="resident", at=TO_SIGN),
    "POST contracts:end": Door(own="asker", at=IN_FORCE, sent={"because": "moved"}),
    "POST contracts:renew": Door(own="asker", at=IN_FORCE, sent={"years": 1}),
    "POST contracts:open": Door(own="asker", at=TO_REVIEW),
    "POST contracts:agree": Door(own="asker", at=TO_REVIEW),
    "POST contracts:reject": Door(own="asker", at=TO_REVIEW, sent={"rejection": "full"}),
    "POST contracts:reopen": Door(own="asker", at=TO_SIGN),
    "POST contracts:hand_over": Door(own="asker", at=IN_FORCE, sent={"note": REASON}),
}

DUTY_DUE, DUTY_DONE, DUTY_DISPUTED = (
    one(duty_id=f"{name}.pk") for name in ("duty_due", "duty_done", "duty_disputed")
)
DUTIES = {
    "GET duties:day": Door(may=roles("township_doctor", "specialist")),
    "GET duties:mine": Door(may=roles("resident")),
    **{
        f"GET duties:{name}": Door(may=roles("township_doctor", "specialist"))
        for name in ("kit", "taken", "seal")
    },
    "POST duties:add": Door(
        own="asker",
        at=DUTY_DISPUTED,
        sent={"mode": "face_to_face", "systolic": 138, "diastolic": 84, "because": REASON},
    ),
    "GET duties:duty": Door(own="asker", at=DUTY_DUE),
    "POST duties:serve": Door(
        own="asker",
        at=DUTY_DUE,
        sent={"mode": "face_to_face", "systolic": 138, "diastolic": 84, "note": REASON},
    ),
    "POST duties:waive": Door(own="asker", at=DUTY_DUE, sent={"because": "away"}),
    "POST duties:take_back": Door(own="asker", at=DUTY_DONE),
    "POST duties:settle": Door(own="asker", at=DUTY_DISPUTED, sent={"kept": "yes", "why": REASON}),
    "GET duties:plan": Door(own="asker", at=one(contract_id="in_force.pk")),
    "POST duties:plan": Door(own="asker", at=one(contract_id="in_force.pk"), sent={"weeks": "12"}),
    "POST duties:end_pregnancy": Door(
        own="asker",
        at=one(contract_id="in_force.pk"),
        sent={"ended_on": "2026-01-01", "kind": "lost"},
    ),
    "POST duties:undo_end": Door(own="asker", at=one(contract_id="in_force.pk")),
    "POST duties:answer_proposal": Door(
        own="asker", at=one(contract_id="in_force.pk"), sent={"answer": "yes"}
    ),
    "GET duties:county": Door(may=roles("coordinator")),
    "POST duties:settle_for_county": Door(
        own="coordinator",
        at=one(duty_id="duty_of_county.pk"),
        sent={"kept": "yes", "why": REASON},
    ),
    "POST duties:confirm": Door(own="resident", at=DUTY_DONE),
    "POST duties:dispute": Door(own="resident", at=DUTY_DONE),
}

ANSWERING = "receiving directing receiver"
SENT = one(referral_id="road.referral.pk")
BED = {"period": "bed", "place": "3-12", "expected_at": "2099-01-01T08:00"}
BACK = {"diagnosis": "心绞痛", "done": "造影", "none_reason": "已经痊愈，无需复查"}
CALLED, UNDER_WAY = one(green_id="called.green.pk"), one(green_id="under_way.green.pk")
LOOKING = f"referrer receiving_desk {ANSWERING}"
GREENS = {
    "GET greens:board": Door(
        may=roles(
            *("township_doctor", "specialist", "coordinator"),
            *("director", "medical_office", "desk"),
        )
    ),
    "GET greens:new": Door(may=roles("township_doctor", "specialist")),
    "POST greens:open": Door(
        own="referrer receiver",
        sent={
            "patient": At("road.patient.pk"),
            "kind": "stroke",
            "hospital": At("further.hospital.pk"),
            "key": "0198a3c2-0000-7000-8000-000000000001",
        },
    ),
    "GET greens:green": Door(own=LOOKING, at=CALLED),
    "POST greens:acknowledge": Door(own=ANSWERING, at=CALLED),
    "POST greens:stamp": Door(own="referrer", at=CALLED, sent={"station": "depart"}),
    "POST greens:correct": Door(
        own=ANSWERING,
        at=UNDER_WAY,
        sent={"station": "decision", "at": At("under_way.now"), "reason": REASON},
    ),
    "POST greens:vitals": Door(own=f"referrer {ANSWERING}", at=CALLED, sent={"vitals": "150/95"}),
    "POST greens:end": Door(own=ANSWERING, at=UNDER_WAY, sent={"outcome": "treated"}),
    "POST greens:take_back": Door(own="referrer", at=CALLED, sent={"reason": REASON}),
    "GET greens:report": Door(own=LOOKING, at=CALLED),
    "GET greens:report_csv": Door(own=LOOKING, at=CALLED),
}
REFERRALS = {
    "GET referrals:list": Door(
        may=roles(
            *("township_doctor", "specialist", "coordinator"),
            *("director", "medical_office", "desk"),
        )
    ),
    "GET referrals:mine": Door(may=roles("resident")),
    "GET referrals:new": Door(own="referrer receiver", sent={"patient": At("road.patient.pk")}),
    "POST referrals:send": Door(
        own="referrer receiver",
        at=one(patient_id="road.patient.pk"),
        sent={
            "department": At("further.department.pk"),
            "reason": REASON,
            "urgency": "routine",
            "agreed": "told",
        },
    ),
    "GET referrals:new_down": Door(own="receiver", sent={"patient": At("road.patient.pk")}),
    "POST referrals:send_down": Door(
        own="receiver",
        at=one(patient_id="road.patient.pk"),
        sent={
            **BACK,
            "department": At("down_department.pk"),
            "purpose": "discharge",
            "reason": REASON,
            "urgency": "routine",
            "agreed": "told",
        },
    ),
    "GET referrals:referral": Door(own=f"referrer referred {ANSWERING}", at=SENT),
    "POST referrals:accept": Door(own=ANSWERING, at=SENT, sent=BED),
    "POST referrals:decline": Door(
        own=ANSWERING, at=SENT, sent={"reason": REASON, "elsewhere": "市人民医院"}
    ),
    "POST referrals:ask": Door(own=ANSWERING, at=SENT, sent={"text": REASON}),
    "POST referrals:cancel": Door(own="referrer referred", at=SENT, sent={"reason": REASON}),
    "POST referrals:undo_send": Door(own="referrer", at=SENT),
    "POST referrals:undo_accept": Door(
        own="receiving", at=one(referral_id="bed.referral.pk"), sent={"reason": REASON}
    ),
    "POST referrals:reply": Door(
        own="referrer", at=one(referral_id="questioned.referral.pk"), sent={"text": REASON}
    ),
    "POST referrals:again": Door(
        own="referrer",
        at=one(referral_id="declined.referral.pk"),
        sent={"department": At("further.department.pk")},
    ),
    "POST referrals:missed": Door(
        own="referrer", at=one(referral_id="missed.referral.pk"), sent={"answer": "lost"}
    ),
    "POST referrals:arrive": Door(
        own="receiving_desk receiving receiver", at=one(referral_id="bed.referral.pk")
    ),
    "POST referrals:discharge": Door(
        own="receiver receiving receiving_desk", at=one(referral_id="there.referral.pk")
    ),
    "POST referrals:begin": Door(own="receiver", at=one(referral_id="there.referral.pk")),
    "POST referrals:hand_back": Door(
        own="receiver", at=one(referral_id="there.referral.pk"), sent=BACK
    ),
    "POST referrals:take": Door(own="referrer", at=one(referral_id="back.referral.pk")),
    "POST referrals:finish": Door(
        own="referrer", at=one(referral_id="taken.referral.pk", item_id="plan_item.pk")
    ),
}
