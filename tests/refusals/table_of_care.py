"""The rows of duty, people and their records, and consults."""

from tests.factories.consult import half_hour_of
from tests.refusals.house_of_care import REASON, half_hour_ahead
from tests.refusals.table import CLINICIANS, EVERYBODY, At, Door, case, one, roles

KEEPERS = "coordinator director"
MONTH = {"year": At("month.year"), "number": At("month.month")}
DRAFT = one(rota_id="rota_draft.pk")
CELL = {**DRAFT, "day": At("tomorrow"), "key": "neurology"}
DUTY = {
    "GET rota:home": Door(may=EVERYBODY),
    "GET rota:import": Door(may=roles("coordinator", "director")),
    "POST rota:import": Door(may=roles("coordinator", "director"), sent={"file": At("sheet")}),
    "GET rota:template": Door(may=EVERYBODY),  # an empty table
    "GET rota:month": Door(
        may=CLINICIANS
        | roles("coordinator", "director", "medical_office", "head", "administrator"),
        at=MONTH,
    ),
    "POST rota:write": Door(may=roles("coordinator", "director"), at=MONTH),
    "POST rota:copy": Door(own=KEEPERS, at=DRAFT),
    "GET rota:publish": Door(own=KEEPERS, at=DRAFT),
    "POST rota:publish": Door(own=KEEPERS, at=DRAFT, sent={"gap_reason": REASON}),
    "POST rota:discard": Door(own=KEEPERS, at=DRAFT),
    "GET rota:print": Door(own=KEEPERS, at=DRAFT),
    "GET rota:cell": Door(own=KEEPERS, at=CELL),
    "POST rota:cell": Door(
        own=KEEPERS,
        at=CELL,
        sent={"user": At("colleague.pk"), "kind": "first", "starts": "08:00", "ends": "08:00"},
    ),
    "POST rota:remove": Door(own=KEEPERS, at=one(shift_id="drafted_shift.pk")),
    "GET rota:mine": Door(may=EVERYBODY),
    "GET rota:swap": Door(own="specialist", at=one(shift_id="shift.pk")),
    "POST rota:swap": Door(
        own="specialist", at=one(shift_id="shift.pk"), sent={"choice": At("choice")}
    ),
    "GET rota:hand_over": Door(own="colleague specialist", at=one(hand_over_id="hand_over.pk")),
    "POST rota:acknowledge": Door(own="specialist", at=one(hand_over_id="hand_over.pk")),
    "POST rota:decide/take": Door(
        own="specialist", at={**one(item_id="hand_over_item.pk"), "act": "take"}
    ),
    "POST rota:decide/keep": Door(
        own="colleague", at={**one(item_id="hand_over_item.pk"), "act": "keep"}
    ),
    "POST rota:answer/accept": Door(
        own="colleague", at={**one(swap_id="swap.pk"), "answer": "accept"}
    ),
    "POST rota:answer/decline": Door(
        own="colleague", at={**one(swap_id="swap.pk"), "answer": "decline"}
    ),
    "POST rota:answer/withdraw": Door(
        own="specialist", at={**one(swap_id="swap.pk"), "answer": "withdraw"}
    ),
}
PATIENT = one(patient_id="patient.pk")
CHILD, MOTHER = one(patient_id="child.pk"), one(patient_id="mother.pk")
PIECES = one(upload_id="pieces.pk")
STUDY = one(study_id="study.pk")
FRAME = {"instance_id": At("instance.pk"), "index": 0}
READERS = "asker"
GLASS = one(break_glass_id="glass.pk")
REVIEWERS = roles("auditor", "near auditor", "medical_office")
RECORDS = {
    "GET low_income:home": Door(own="provincial"),
    "POST low_income:home": Door(
        own="provincial",
        sent={"valid_from": At("tomorrow"), "file": At("low_income_sheet")},
    ),
    "GET low_income:template": Door(may=EVERYBODY),  # an empty table
    "GET pairs:queue": Door(may=roles("administrator", "medical_office")),
    "GET pairs:pair": Door(own="clinic_admin clinic_office", at=one(pair_id="pair.pk")),
    **{
        f"POST pairs:decide/{act}": Door(
            own="clinic_office" if act == "part" else "clinic_admin",
            at={**one(pair_id="pair.pk"), "act": act},
            sent={"reason": REASON, "survivor": At("pair.one_id")},
        )
        for act in ("link", "different", "propose", "confirm", "withdraw", "separate", "part")
    },
    "GET looks:search": Door(may=roles("auditor", "near auditor")),
    "POST looks:search": Door(
        may=roles("auditor", "near auditor"), sent={"number": "52012119880409992X"}
    ),
    "GET looks:csv": Door(may=roles("auditor", "near auditor")),
    "GET breakglass:find": Door(may=CLINICIANS),
    "POST breakglass:find": Door(may=CLINICIANS, sent={"number": "52012119880409992X"}),
    "GET breakglass:open": Door(own="colleague", at=one(patient_id="unknown.pk")),
    "POST breakglass:open": Door(
        own="colleague",
        at=one(patient_id="unknown.pk"),
        sent={"code": "life", "text": REASON * 2, "password": "-"},
    ),
    "POST breakglass:end": Door(own="colleague", at=GLASS),
    "GET breakglass:reviews": Door(may=REVIEWERS),
    "GET breakglass:review": Door(own="office near_auditor", at=GLASS),
    "POST breakglass:review": Door(
        own="office near_auditor", at=GLASS, sent={"finding": "justified", "text": REASON * 2}
    ),
    "GET patients:search": Door(may=CLINICIANS),
    "GET patients:register": Door(may=CLINICIANS),
    "POST patients:register": Door(may=CLINICIANS),
    "GET patients:identify": Door(own=READERS, at=one(patient_id="temporary.pk")),
    "POST patients:identify": Door(
        own=READERS,
        at=one(patient_id="temporary.pk"),
        sent={"name": "石大勇", "id_card": "52012119580409001X"},
    ),
    "GET family:add": Door(own="asker", at=CHILD),
    "POST family:add": Door(own="asker", at=CHILD, sent={"delegate": "52012119880409992X"}),
    "GET family:end": Door(own="asker", at={**CHILD, "relation_id": At("relation.pk")}),
    "POST family:end": Door(
        own="asker",
        at={**CHILD, "relation_id": At("relation.pk")},
        sent={"because": "custody"},
    ),
    "GET family:household": Door(own="asker", at=CHILD),
    "POST family:household": Door(own="asker", at=CHILD, sent={"address": "双永村 4 组"}),
    "GET family:leave": Door(own="asker", at={**MOTHER, "member_id": At("member.pk")}),
    "POST family:leave": Door(own="asker", at={**MOTHER, "member_id": At("member.pk")}),
    "GET family:newborn": Door(own="asker", at=MOTHER),
    "POST family:newborn": Door(
        own="asker", at=MOTHER, sent={"sex": "female", "birth_date": At("birth_date")}
    ),
    "GET family:death": Door(own="asker", at=CHILD),
    "POST family:death": Door(
        own="asker",
        at=CHILD,
        sent={"died_on": At("birth_date"), "source": "family", "second_source": "village"},
    ),
    "GET family:undo_death": Door(own="asker", at=CHILD),
    "POST family:undo_death": Door(
        own="asker", at={"patient_id": At("dead.pk")}, sent={"because": REASON}
    ),
    "GET family:health_card": Door(own="asker", at=CHILD),
    "POST family:health_card": Door(
        own="asker", at=CHILD, sent={"health_card": "5201210000001231"}
    ),
    "GET chart:patient": Door(own=f"{READERS} resident", at=PATIENT),
    "GET chart:results": Door(own=f"{READERS} resident", at=PATIENT),
    "GET chart:timeline": Door(own=f"{READERS} resident", at=PATIENT),
    "GET chart:why": Door(own=f"{READERS} resident", at=PATIENT),
    "GET imaging:upload": Door(own=READERS, at=PATIENT),
    "POST imaging:upload": Door(own=READERS, at=PATIENT),
    "POST imaging:begin": Door(own=READERS, at=PATIENT),
    "POST imaging:announce": Door(own=READERS, at=PATIENT),
    "GET imaging:piece": Door(own="asker", at=PIECES),
    "PATCH imaging:piece": Door(own="asker", at=PIECES),
    "POST imaging:piece": Door(own="asker", at=PIECES),
    "GET imaging:studies": Door(own=f"{READERS} resident", at=PATIENT),
    "GET imaging:study": Door(own=f"{READERS} resident", at=STUDY),
    "GET imaging:news": Door(
        own=f"{READERS} resident", at=PATIENT, sent={"since": "2026-11-27T08:00:00+08:00"}
    ),
    "GET imaging:series": Door(own=f"{READERS} resident", at=STUDY),
    "GET imaging:pixels": Door(own=READERS, at=FRAME),
    "GET imaging:preview": Door(own=READERS, at=FRAME),
    "GET imaging:waveform": Door(own=READERS, at=one(instance_id="recording.pk")),
    "GET imaging:document": Door(own=READERS, at=one(instance_id="document.pk")),
    "GET residents:cases": Door(may=EVERYBODY),
    "GET residents:case": Door(own="resident", at=case("signed")),
    "GET residents:who_looked": Door(may=EVERYBODY),
}
PAPER = {"case_id": At("signed.case.pk"), "version": 1}
COPY = {"case_id": At("closed.case.pk"), "version": 1}
TEXTS = {"findings": "无", "conclusion": "无", "recommendations": "无"}
INSIDE = "asker specialist coordinator"
KEY_IMAGE = one(key_image_id="key_image.pk")
OPINIONS = {
    "GET credit:home": Door(may=roles("specialist", "administrator", "medical_office")),
    "GET credit:person": Door(own="specialist admin office", at=one(user_id="specialist.pk")),
    "GET credit:csv": Door(own="specialist admin office", at=one(user_id="specialist.pk")),
    "GET opinions:refer": Door(own="asker", at=case("signed")),
    "POST opinions:refer_send": Door(
        own="asker",
        at=case("signed"),
        sent={
            "department": At("further.department.pk"),
            "reason": REASON,
            "urgency": "routine",
            "agreed": "told",
        },
    ),
    "GET opinions:draft": Door(own="specialist", at=case("accepted")),
    "POST opinions:draft": Door(own="specialist", at=case("accepted"), sent=TEXTS),
    "POST opinions:fill": Door(own="specialist", at=case("accepted"), sent={"template": "general"}),
    "GET opinions:text": Door(own="specialist", at=case("accepted")),
    "POST opinions:save_section": Door(
        own="specialist",
        at=case("accepted"),
        sent={"section": "findings", "version": 0, "text": "所见"},
    ),
    "POST opinions:take_section": Door(
        own="specialist", at=case("accepted"), sent={"section": "findings"}
    ),
    "POST opinions:leave_section": Door(
        own="specialist", at=case("accepted"), sent={"section": "findings"}
    ),
    "GET opinions:writers": Door(own="specialist", at=case("accepted")),
    "POST opinions:writers": Door(
        own="specialist", at=case("accepted"), sent={"user_id": At("colleague.pk")}
    ),
    "POST opinions:drop_writer": Door(
        own="specialist", at=case("accepted", user_id=At("colleague.pk"))
    ),
    "POST opinions:sign": Door(
        own="specialist", at=case("accepted"), sent={**TEXTS, "pin": "135790"}
    ),
    "POST opinions:state": Door(own="expert", at=case("met"), sent={"view": "agree"}),
    "POST opinions:ready": Door(own="specialist", at=case("accepted"), sent=TEXTS),
    "POST opinions:amend": Door(own="specialist", at=case("closed"), sent={"reason": REASON}),
    "POST opinions:drop_amendment": Door(own="specialist", at=case("amending")),
    "POST opinions:withdraw": Door(
        own="specialist office", at=case("closed"), sent={"reason": REASON}
    ),
    "POST opinions:confirm_withdrawal": Door(own="office", at=case("signed")),
    "POST opinions:drop_withdrawal": Door(own="specialist office", at=case("signed")),
    "POST opinions:ask_amendment": Door(own="office", at=case("closed"), sent={"reason": REASON}),
    "GET opinions:paper": Door(own="asker specialist resident", at=PAPER),
    "GET opinions:similar": Door(own="specialist", at=case("accepted")),
    "GET opinions:phrases": Door(may=roles("specialist")),
    "POST opinions:phrases": Door(
        own="specialist",
        sent={"phrase": At("phrase.pk"), "short": "复查", "text": "12 小时后复查 CT"},
    ),
    "POST opinions:drop_phrase": Door(own="specialist", at=one(phrase_id="phrase.pk")),
    "GET opinions:check": Door(open=True),
    "GET opinions:check_code": Door(open=True, at=one(code="opinion.check_code")),
    "GET keyimages:viewer": Door(own="asker specialist", at=case("accepted")),
    "POST keyimages:keep": Door(own="asker specialist", at=case("accepted")),
    "POST keyimages:still": Door(own="asker specialist", at=case("accepted")),
    "GET keyimages:picture": Door(own="asker specialist resident", at=KEY_IMAGE),
    "POST keyimages:remove": Door(own="asker", at=KEY_IMAGE),
    "POST keyimages:place": Door(own="specialist", at=KEY_IMAGE),
    "GET archive:page": Door(own="asker specialist", at=COPY),
    "GET archive:bundle": Door(own="asker specialist", at=COPY),
}
ANY_PART = {"reason": "头晕 3 天", "aim": "明确诊断"}
DOCTOR = {"doctor": At("colleague.pk")}
NOBODY_THERE = ":".join(["00000000-0000-4000-8000-000000000000"] * 2)
PLAN = {
    "specialties": ["neurology", "cardiology"],
    "doctor-neurology": At("to_convene.specialist.pk"),
    "doctor-cardiology": At("to_convene.heart.pk"),
    "chair": "neurology",
    "starts_at": f"{half_hour_of(1, 11):%Y-%m-%dT%H:%M}",
}
QUESTION = {**case("accepted"), **one(question_id="question.pk")}
SIGNED_PAPER = {"way": "deferred", "relation": "self", "waiting_reason": "家属在途", "fee": 12000}
CASES = {
    "GET requests:list": Door(may=EVERYBODY),
    "POST requests:assign_many": Door(
        own="coordinator", sent={**DOCTOR, "cases": At("sent.case.pk")}
    ),
    "POST requests:new": Door(own="asker", sent={"patient": At("patient.pk")}),
    "GET requests:emergency": Door(may=roles("township_doctor")),
    "GET requests:kit": Door(may=roles("township_doctor")),
    "GET requests:recent": Door(own="asker", sent={"patient": At("patient.pk")}),
    "GET requests:routes": Door(may=roles("township_doctor")),
    "POST requests:emergency": Door(
        own="asker",
        sent={
            "patient": At("patient.pk"),
            "what": "stroke",
            "asked": At("hospital.pk"),
            "consent": "deferred",
            "waiting_reason": "家属在途",
            "key": "k1",
        },
    ),
    "GET requests:case": Door(own="asker specialist coordinator director", at=case("sent")),
    "GET requests:arriving": Door(own="asker specialist coordinator director", at=case("sent")),
    "GET requests:edit": Door(own="asker", at=case("draft")),
    "POST requests:edit": Door(own="asker", at=case("draft"), sent=ANY_PART),
    "POST requests:save": Door(own="asker", at=case("draft"), sent=ANY_PART),
    "POST requests:consent": Door(own="asker", at=case("draft"), sent=SIGNED_PAPER),
    "POST requests:refuse": Door(
        own="asker", at=case("draft"), sent={"relation": "self", "why_refused": "不想让县里看"}
    ),
    "POST requests:send": Door(own="asker", at=case("draft"), sent=ANY_PART),
    "POST requests:unsend": Door(own="asker", at=case("sent")),
    "POST requests:complete": Door(own="asker", at=case("sent"), sent={"aim": "补填"}),
    "POST requests:cancel": Door(own="asker", at=case("sent"), sent={"reason": "不需要会诊了"}),
    "POST requests:uncancel": Door(own="asker", at=case("sent")),
    "POST requests:substitute": Door(own="asker", at=case("sent"), sent=DOCTOR),
    "POST requests:receipt": Door(
        own="asker", at=case("signed"), sent={"decision": "adopted", "version": 1}
    ),
    "POST requests:close": Door(own="asker", at=case("signed")),
    "POST requests:outcome": Door(
        own="asker", at=case("closed"), sent={"day": 3, "result": "better"}
    ),
    "POST requests:follow": Door(
        own="asker", at=case("closed"), sent={"day": 3, "result": "better"}
    ),
    "POST requests:accept": Door(own="specialist colleague", at=case("sent")),
    "POST requests:decline": Door(
        own="specialist colleague", at=case("sent"), sent={"code": "time"}
    ),
    "POST requests:assign": Door(own="coordinator director", at=case("sent"), sent=DOCTOR),
    "GET requests:pass_on": Door(own="coordinator director", at=case("sent")),
    "POST requests:pass_on": Door(
        own="coordinator director",
        at=case("sent"),
        sent={"doctor": NOBODY_THERE, "reason": REASON},
    ),
    "POST requests:route": Door(own="coordinator", at=case("sent")),
    "GET requests:mdt": Door(own="convener", at=case("to_convene")),
    "POST requests:mdt": Door(own="convener", at=case("to_convene"), sent=PLAN),
    "POST requests:replace": Door(
        own="replacer", at=case("invited"), sent=one(offer="empty_seat.pk", doctor="substitute.pk")
    ),
    "POST requests:promise": Door(own="coordinator", at=case("sent"), sent=DOCTOR),
    "POST requests:hand_over": Door(
        own="specialist coordinator", at=case("accepted"), sent={**DOCTOR, "note": REASON}
    ),
    "POST requests:return": Door(own="specialist", at=case("accepted"), sent={"reason": REASON}),
    "POST requests:ask": Door(
        own="specialist coordinator", at=case("accepted"), sent={"text": "请补充既往病史"}
    ),
    "POST requests:answer": Door(own="asker", at=QUESTION, sent={"text": "无特殊"}),
    "POST requests:unask": Door(own="specialist", at=QUESTION),
    "POST requests:write": Door(
        own="asker specialist coordinator", at=case("accepted"), sent={"text": "片子已补拍"}
    ),
    "POST requests:ask_again": Door(own="asker", at=case("signed")),
    "POST requests:propose": Door(
        own=INSIDE,
        at=case("accepted"),
        sent={"starts_at": f"{half_hour_ahead():%Y-%m-%dT%H:%M}"},
    ),
    "POST requests:agree": Door(
        own="specialist coordinator",
        at={**case("accepted"), **one(meeting_id="meeting.pk")},
    ),
    "POST requests:mode": Door(
        own="asker specialist", at=case("accepted"), sent={"mode": "offline"}
    ),
    "POST requests:regrade": Door(
        own=INSIDE, at=case("accepted"), sent={"grade": "emergency", "reason": REASON}
    ),
}
