"""What the pages of duties show, put together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.duties import calendar, limits, parts, queries, screening, vaccines
from scheduling.duties.items import Item, Part
from scheduling.duties.models import (
    Code,
    Duty,
    End,
    Kind,
    Plan,
    Reading,
    Reason,
    Risk,
    Status,
    Visit,
)
from scheduling.duties.permissions import may_be_waived, may_settle
from scheduling.duties.services import Findings, UsedUp
from scheduling.duties.services.answering import may_be_taken_back
from scheduling.duties.services.dating import is_infant, may_be_pregnant
from scheduling.duties.services.pregnancies import is_followed, may_undo_end
from scheduling.registration import promises
from scheduling.registration import queries as registration
from scheduling.registration.models import Group, Team, years_after
from telemed.core.publication import Json
from telemed.organisations.queries import partners_with_state
from telemed.people.models import User
from telemed.web.words import sex_age

CHILDREN = (Code.CHILD, Code.NEWBORN)
HOURS = 24  # for which a device keeps the day
PHONES = 3


@dataclass(frozen=True, kw_only=True)
class Acts:
    """What this account can do with a duty now."""

    may_serve: bool
    reasons: list[tuple[str, Any]]
    may_settle: bool
    may_take_back: bool
    referred: bool


def acts_on(actor: User, duty: Duty) -> Acts:
    team = duty.contract.team
    leads = registration.leads(actor, team)
    ahead = duty.status in (Status.PLANNED, Status.DUE)
    return Acts(
        may_serve=duty.status == Status.DUE and registration.is_member(actor, team),
        reasons=[(one.value, one.label) for one in Reason if may_be_waived(duty, one)]
        if leads and ahead
        else [],
        may_settle=leads and duty.status == Status.DISPUTED and may_settle(actor, duty),
        may_take_back=may_be_taken_back(actor, duty),
        referred=duty.is_warned and queries.is_referred(duty),
    )


@dataclass(frozen=True)
class Used:
    """How often a limited service was done in this year of the contract."""

    used: int
    times: int
    anew: date  # when the next year begins

    @property
    def is_up(self) -> bool:
        return self.used >= self.times


def quota_of(duty: Duty) -> Used | None:
    found = queries.quota_of(duty)
    if found is None:
        return None
    begins = duty.contract.year_of(timezone.localdate())
    return Used(*found, anew=years_after(begins, 1))


def days_of(plan: Plan) -> Json:
    """What the page of a plan shows and asks for."""
    patient, today = plan.contract.patient, timezone.localdate()
    over = plan.delivered_on or plan.ended_on
    expects = plan.expected_on is not None and not over
    days = (today - plan.expected_on + calendar.PREGNANCY).days if plan.expected_on else 0
    return {
        "ahead": queries.ahead_of(plan.contract),
        "proposal": screening.open_of(plan.contract),
        "high": screening.values_of(plan.contract),
        "groups": [Group(one).label for one in plan.groups],
        "infant": is_infant(patient),
        "woman": may_be_pregnant(patient),
        "risks": Risk.choices,
        "waits_for_hospital": queries.waits_for_hospital(plan),
        "may_end": may_be_pregnant(patient) and (plan.ended_on or is_followed(plan)),
        "ends": End.choices,
        "may_undo_end": may_undo_end(plan),
        "week": days // 7 if expects and days >= 0 else None,
    }


def with_promises(teams: Sequence[Team]) -> list[tuple[Team, promises.Kept]]:
    kept = promises.kept_by(teams)
    return [(team, kept[team.pk]) for team in teams]


def phones_of(actor: User) -> list[Json]:
    """Whom one rings about a warning value where there is no line: hospitals under agreement."""
    partners = partners_with_state(actor.acting_organisation)
    there = [one.organisation for one in partners if one.in_force and one.organisation.phone]
    return [{"name": one.name, "phone": one.phone} for one in there[:PHONES]]


@dataclass(frozen=True)
class Before:
    """What was not controlled at the last visit, and why a value like it is a warning now."""

    value: str
    day: date
    why: Any


def before_of(duty: Duty) -> list[Before]:
    """What the form says before anything is entered."""
    if duty.status != Status.DUE or duty.is_warned:
        return []
    found = queries.bad_before([duty], timezone.localdate()).get(duty.pk, {})
    return [
        Before(_value(one), timezone.localdate(one.taken_at), limits.AGAIN[kind])
        for kind, one in found.items()
    ]


def again_of(duty: Duty) -> list[Any]:
    """Why it is a warning although no value of it is one by itself."""
    if not duty.is_warned or duty.signs:
        return []
    found = Findings.of(duty)
    return [] if found.alarms else [limits.AGAIN[kind] for kind in sorted(found.uncontrolled)]


def _value(one: Reading) -> str:
    if one.kind == Kind.PRESSURE:
        return f"{one.systolic}/{one.diastolic} mmHg"
    return f"{one.glucose} mmol/L"


def facts_of(actor: User, duty: Duty) -> Json:
    """What the form's script needs to know of it."""
    before = queries.bad_before([duty], timezone.localdate()).get(duty.pk, {})
    return {
        "id": str(duty.pk),
        "who": duty.contract.patient.name,
        "what": str(duty.get_rule_display()),
        "rule": {
            "asks": calendar.asks(duty),
            "parts": [part.key for part in calendar.parts(duty)],
            "face": duty.face,
            "before": list(before),
        },
        "phones": phones_of(actor),
    }


def taken(actor: User, due: Sequence[Duty]) -> Json:
    """The day as a device needs it: no more of a person than the list and the form show."""
    before = queries.bad_before(due, timezone.localdate())
    known = queries.remembered(due)
    return {
        "user": str(actor.pk),
        "name": actor.name,
        "hours": HOURS,
        "phones": phones_of(actor),
        "villages": [
            {
                "name": village.name,
                "duties": [_taken(one, before, known) for one in village.duties],
            }
            for village in queries.by_village(due)
        ],
    }


def _taken(
    duty: Duty, before: Mapping[UUID, Mapping[str, Reading]], known: queries.Remembered
) -> Json:
    patient = duty.contract.patient
    return {
        "id": str(duty.pk),
        "who": patient.name,
        "more": sex_age(patient.sex, patient.birth_date),
        "card": patient.id_card_masked,
        "address": patient.address,
        "phone": patient.phone,
        "what": str(duty.get_rule_display()),
        "face": duty.face,
        "asks": calendar.asks(duty),
        "parts": [part.key for part in calendar.parts(duty)],
        "doses": doses_of(duty) if duty.rule in CHILDREN else "",
        "remembered": known.get(duty.contract.person_key, {}),
        "before": list(before.get(duty.pk, ())),
        "due": duty.due_on.isoformat(),
        "late": duty.is_late,
        "warned": duty.is_warned,
        "seen": duty.mark,
    }


def version(duty: Duty) -> Json:
    """How it stands with us, for who has written something else about it."""
    who, at = duty.served_by, duty.served_at
    beyond = duty.status == Status.DUE and queries.is_used_up(duty)
    return {
        "state": str(duty.get_status_display()),
        "why": str(UsedUp()) if beyond else str(duty.get_waived_because_display()),
        "open": duty.status == Status.DUE and not duty.is_warned and not beyond,
        "who": who.name if who else "",
        "when": timezone.localtime(at).strftime("%Y-%m-%d %H:%M") if at else "",
        **_values(duty),
    }


def _values(one: Duty | Visit) -> Json:
    return {
        "mode": str(one.get_mode_display()),
        "pressure": f"{one.systolic}/{one.diastolic}" if one.systolic else "",
        "glucose": str(one.glucose) if one.glucose is not None else "",
        "entries": " · ".join(said for _part, said in parts.words_of(one.entries)),
        "signs": one.signs,
        "note": one.note,
    }


@dataclass(frozen=True)
class PartRow:
    """A part of the form: its items with what they hold, and why it was not done."""

    part: Part
    items: list[tuple[Item, str]]
    why: str
    hint: str = ""


def doses_of(duty: Duty) -> str:
    """Which vaccinations a child's service asks for."""
    born = duty.contract.patient.birth_date
    doses = vaccines.due_at(born, duty.due_on) if born else []
    if not doses:
        return _("No dose is new at this age: were the earlier ones given?")
    return _("Due by this age: {doses}.").format(doses=", ".join(doses))


def parts_of(duty: Duty | None) -> list[PartRow]:
    """Of the form of one service; of every one, empty, for the page that a device keeps."""
    known: Mapping[str, str] = {}
    if duty is not None:
        known = duty.entries or queries.remembered([duty]).get(duty.contract.person_key, {})
    return [
        PartRow(
            part,
            [(item, known.get(item.field, "")) for item in part.items],
            known.get(part.field, ""),
            doses_of(duty) if duty and part.key == "vaccines" else "",
        )
        for part in (parts.PARTS if duty is None else calendar.parts(duty))
    ]
