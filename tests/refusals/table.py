"""
Who may pass which door: one row for each, by the name that tests/refusals/doors.py gives it.

A row for a new door says who `may` pass wherever they work, or whose `own` the thing at the door
is, `at` which thing of the house it is tried, and what is `sent` so that nothing but the person
is wrong with it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from telemed.people.models import Role
from tests.refusals.house import LICENCE, PASSWORD, REASON, House

CLINICIANS = frozenset({"township_doctor", "specialist"})
EVERYBODY = frozenset(Role.values) | {"near auditor"}  # who is signed in
NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class At:
    """Something of the house: At("accepted.case.pk")."""

    path: str


@dataclass(frozen=True, kw_only=True)
class Door:
    """One row. Visitors who are neither in `may` nor in `own` are refused, and nothing changes."""

    may: frozenset[str] = NOBODY
    own: str = ""  # names of people of the house
    at: Mapping[str, Any] = field(default_factory=dict)
    sent: Mapping[str, Any] = field(default_factory=dict)
    open: bool = False  # to who is not signed in, too
    dark: bool = False  # not there at all in this configuration, for nobody
    idle: bool = False  # whoever may pass changes nothing here that is not theirs

    def filled(self, house: House) -> tuple[dict[str, Any], dict[str, Any]]:
        return fill(self.at, house), fill(self.sent, house)


def fill(given: Mapping[str, Any], house: House) -> dict[str, Any]:
    return {
        name: attrgetter(value.path)(house) if isinstance(value, At) else value
        for name, value in given.items()
    }


def roles(*names: str) -> frozenset[str]:
    return frozenset(names)


def case(state: str, **more: Any) -> dict[str, Any]:
    return {"case_id": At(f"{state}.case.pk"), **more}


def one(**paths: str) -> dict[str, Any]:
    return {name: At(path) for name, path in paths.items()}


SIGNAL, EXPLAINED = one(signal_id="signal.pk"), one(signal_id="explained_signal.pk")
FIGURES = roles("official", "director", "medical_office", "head")
SILENCE = one(silence_id="silence.pk")
DEVICES = roles("administrator", "head", "medical_office", "official", "coordinator")
WATCHERS = "clinic_admin clinic_office coordinator"
CLINIC, DEVICE = one(organisation_id="clinic.pk"), one(device_id="device.pk")
SHELL = {
    "GET web:home": Door(may=EVERYBODY),
    "POST web:home": Door(may=EVERYBODY),
    "POST web:preferences": Door(open=True),
    "GET web:looks": Door(dark=True),
    "GET web:worker": Door(open=True),
    "POST web:act": Door(own="colleague", at=one(role_id="role.pk")),
    "GET livez": Door(open=True),
    "GET readyz": Door(open=True),
    "POST demo:sign_in": Door(open=True),
    "GET people:pin": Door(may=CLINICIANS),
    "POST people:pin": Door(may=CLINICIANS, sent={"pin": "135790", "new_pin": "246813"}),
    "GET desks:desk": Door(open=True),
    "POST desks:desk": Door(dark=True),  # a browser that is no shared desk
    "POST desks:join": Door(may=CLINICIANS),
    "POST desks:leave": Door(may=EVERYBODY, idle=True),
    "POST desks:end": Door(own="specialist", at=one(seat_id="seat.pk")),
    "GET people:new_pin": Door(may=CLINICIANS),
    "POST people:new_pin": Door(may=CLINICIANS, sent={"new_pin": "246813", "again": "246813"}),
    "GET oversight:home": Door(may=FIGURES),
    "GET oversight:csv": Door(may=FIGURES),
    "GET oversight:compare": Door(may=FIGURES),
    "GET oversight:trace": Door(may=roles("auditor") | roles("near auditor")),
    "GET oversight:trace_export": Door(may=roles("auditor") | roles("near auditor")),
    "GET oversight:silent": Door(may=roles("official", "coordinator", "medical_office", "head")),
    "GET oversight:silence": Door(own="clinic_office official coordinator", at=SILENCE),
    "POST oversight:reason": Door(
        own="clinic_office", at=SILENCE, sent={"reason": "other", "text": REASON}
    ),
    "POST oversight:tell": Door(own="official", at=SILENCE),
    "GET devices:home": Door(may=DEVICES),
    "GET devices:clinic": Door(own=WATCHERS, at=CLINIC),
    "GET devices:new": Door(may=roles("administrator")),
    "POST devices:new": Door(
        may=roles("administrator"),
        sent={"kind": "ecg", "name": "ECG-1200", "serial": "E-9"},
    ),
    "GET devices:import": Door(may=roles("administrator")),
    "POST devices:import": Door(may=roles("administrator"), sent={"file": At("sheet")}),
    "GET devices:template": Door(may=EVERYBODY),  # an empty table
    "POST devices:used": Door(own=WATCHERS, at=DEVICE),
    "POST devices:reason": Door(own=WATCHERS, at=DEVICE, sent={"reason": "broken"}),
    "POST devices:retire": Door(own="clinic_admin", at=DEVICE),
    "POST devices:ticket": Door(own=WATCHERS, at=CLINIC, sent={"text": REASON}),
    "POST devices:done": Door(own=WATCHERS, at=one(ticket_id="ticket.pk"), sent={"done": REASON}),
    "GET devices:sample": Door(may=EVERYBODY),
    "POST devices:link": Door(
        may=EVERYBODY - {"resident"},
        sent={"kbit_s": 600, "rtt_ms": 120, "lost": 0, "tries": 5},
    ),
    "GET oversight:signals": Door(may=FIGURES),
    "POST oversight:signal_ask": Door(own="official provincial_official", at=SIGNAL),
    "POST oversight:signal_explain": Door(
        own="official provincial_official office head",
        at=SIGNAL,
        sent={"cause": "staff", "text": REASON},
    ),
    "POST oversight:signal_take_back": Door(own="office", at=EXPLAINED),
    "POST oversight:signal_decide": Door(
        own="provincial_official", at=EXPLAINED, sent={"decision": "accepted", "reason": REASON}
    ),
    "POST oversight:signal_close": Door(
        own="provincial_official",
        at=one(signal_id="decided_signal.pk"),
        sent={"measure": REASON},
    ),
}
CALLERS = roles("coordinator", "director", "township_doctor")
EVENT = one(event_id="event.pk")
CLOCK = one(clock_id="dead_clock.pk")
MESSAGES = {
    "GET notifications:inbox": Door(may=EVERYBODY),
    "POST notifications:read_all": Door(may=EVERYBODY, idle=True),
    "POST notifications:take_back": Door(
        may=EVERYBODY, idle=True, sent={"moment": "2026-09-29T11:00:00+08:00"}
    ),
    "POST notifications:read": Door(may=EVERYBODY, idle=True, at=one(about="note.about")),
    "POST notifications:follow": Door(own="specialist", at=one(pk="note.pk")),
    "GET message_link": Door(own="specialist", at=one(link="call.link")),
    "GET notifications:reach": Door(may=EVERYBODY),
    "POST notifications:reach": Door(may=EVERYBODY),
    "POST notifications:ask_code": Door(may=EVERYBODY),
    "POST notifications:confirm": Door(may=EVERYBODY),
    "GET notifications:phone": Door(may=CALLERS | roles("desk")),
    "GET notifications:phone_paper": Door(may=CALLERS | roles("desk")),
    "POST notifications:call": Door(
        own="coordinator asker", at=one(pk="call.pk"), sent={"result": "reached"}
    ),
    "GET upkeep:work": Door(own="provincial"),
    "POST upkeep:replay_event": Door(own="provincial", at=EVENT),
    "POST upkeep:discard_event": Door(own="provincial", at=EVENT, sent={"reason": REASON}),
    "POST upkeep:replay_clock": Door(own="provincial", at=CLOCK),
    "POST upkeep:discard_clock": Door(own="provincial", at=CLOCK, sent={"reason": REASON}),
    "GET notifications:sent": Door(),  # in a demonstration only
    "POST notifications:gateway": Door(dark=True),  # until there is a secret
}
WRITERS = roles("administrator", "coordinator")
PARTIES = "clinic_admin coordinator head asker"
PROPOSED, STATEMENT = one(agreement_id="proposed.pk"), one(statement_id="statement.pk")
ENTRY = one(entry_id="entry.pk")
TERMS = {
    "starts_on": "2030-01-01",
    "ends_on": "2030-12-31",
    "text": "双方按远程医疗服务管理规范开展会诊，各自保存原件并分担相应责任。",
    "consult": "on",
    "consult-price": "120",
    "consult-asking": "30",
    "consult-asked": "70",
}
NETWORK = {
    "GET organisations:overview": Door(may=roles("administrator", "official")),
    "GET organisations:policies": Door(may=roles("administrator")),
    "GET organisations:policy": Door(may=roles("administrator"), at={"name": "case.accept"}),
    "POST organisations:policy": Door(may=roles("administrator"), at={"name": "case.accept"}),
    "GET organisations:agreements": Door(
        may=WRITERS | CALLERS | roles("head", "medical_office", "official")
    ),
    "GET organisations:agreement_new": Door(may=WRITERS),
    "POST organisations:agreement_new": Door(may=WRITERS),
    "GET organisations:agreement": Door(own=PARTIES, at=PROPOSED),
    "GET organisations:agreement_edit": Door(own="coordinator clinic_admin", at=PROPOSED),
    "POST organisations:agreement_edit": Door(
        own="coordinator clinic_admin", at=PROPOSED, sent=TERMS
    ),
    "POST organisations:agreement_sign": Door(
        own="head", at=PROPOSED, sent={"password": PASSWORD, "digest": "0" * 64}
    ),
    **{
        f"POST organisations:agreement_act/{act}": Door(
            own=own, at=PROPOSED | {"act": act}, sent={"reason": REASON}
        )
        for act, own in {
            "propose": "clinic_admin coordinator",
            "reject": "coordinator",  # the side that did not write it
            "suspend": "head provincial",
            "resume": "head provincial",
            "terminate": "head",
        }.items()
    },
    "GET organisations:statements": Door(may=WRITERS | roles("head", "medical_office", "director")),
    "GET organisations:statement": Door(own="coordinator clinic_admin", at=STATEMENT),
    "GET organisations:statement_print": Door(own="coordinator clinic_admin", at=STATEMENT),
    "GET organisations:statement_file": Door(own="coordinator clinic_admin", at=STATEMENT),
    "POST organisations:statement_act/review": Door(
        own="coordinator", at=STATEMENT | {"act": "review"}
    ),
    "POST organisations:statement_act/confirm": Door(
        own="clinic_admin", at=STATEMENT | {"act": "confirm"}, sent={"all": "1"}
    ),
    "POST organisations:statement_act/export": Door(
        own="clinic_admin admin", at=STATEMENT | {"act": "export"}
    ),
    "POST organisations:entry_act/dispute": Door(
        own="clinic_admin", at=ENTRY | {"act": "dispute"}, sent={"reason": REASON}
    ),
    "POST organisations:entry_act/correct": Door(
        own="coordinator",
        at=ENTRY | {"act": "correct"},
        sent={"reason": REASON, "amount": "100"},
    ),
}
KEEPERS = "admin"
PERSON = one(user_id="colleague.pk")
UPLOAD = one(upload_id="upload.pk")
POST_OF = {"organisation": At("hospital.pk"), "role": "coordinator"}
STAFF = {
    "GET staff:list": Door(may=roles("administrator", "medical_office")),
    "GET staff:invite": Door(may=roles("administrator")),
    "POST staff:invite": Door(  # for another's institution: told on the page they have anyway
        may=roles("administrator"),
        idle=True,
        sent={**POST_OF, "name": "某人", "username": "somebody", "phone": ""},
    ),
    "GET staff:queue": Door(may=roles("medical_office")),
    "POST staff:verify": Door(own="office", at=one(entry_id="licence.pk")),
    "POST staff:send_back": Door(
        own="office", at=one(entry_id="licence.pk"), sent={"reason": REASON}
    ),
    "GET staff:join": Door(open=True, at={"token": At("token")}),
    "POST staff:join": Door(open=True, at={"token": At("token")}),
    "GET staff:import": Door(may=roles("administrator")),
    "POST staff:import": Door(may=roles("administrator"), sent={"file": At("sheet")}),
    "GET staff:template": Door(may=EVERYBODY),  # an empty table
    "GET staff:upload": Door(own=KEEPERS, at=UPLOAD),
    "POST staff:upload": Door(own=KEEPERS, at=UPLOAD, sent={"only_good": "on"}),
    "GET staff:bad": Door(own=KEEPERS, at=UPLOAD),
    "POST staff:end_role": Door(own=KEEPERS, at=one(role_id="role.pk"), sent={"reason": REASON}),
    "GET staff:person": Door(own="admin office", at=PERSON),
    "GET staff:licence": Door(own=KEEPERS, at=PERSON),
    "POST staff:licence": Door(own=KEEPERS, at=PERSON, sent=LICENCE),
    "POST staff:change/suspend": Door(
        own="office near_auditor", at=PERSON | {"act": "suspend"}, sent={"reason": REASON}
    ),
    "POST staff:change/resume": Door(
        own="office", at=PERSON | {"act": "resume"}, sent={"reason": REASON}
    ),
    "POST staff:change/revoke": Door(
        own="office", at=PERSON | {"act": "revoke"}, sent={"reason": REASON}
    ),
    "POST staff:invite_again": Door(own=KEEPERS, at=one(user_id="invitation.user_id")),
    "POST staff:give_role": Door(own=KEEPERS, at=PERSON, sent=POST_OF),
    "POST staff:unlock": Door(own=KEEPERS, at=PERSON),
    "GET staff:close": Door(own=KEEPERS, at=PERSON),
    "POST staff:close": Door(own=KEEPERS, at=PERSON, sent={"reason": REASON, "listed": "on"}),
    "POST staff:reopen": Door(own=KEEPERS, at=PERSON, sent={"reason": REASON}),
    "POST staff:end_session": Door(own=KEEPERS, at={**PERSON, "session_id": At("session.pk")}),
}
