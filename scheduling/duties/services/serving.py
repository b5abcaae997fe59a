"""Serving a duty, and what a warning value demands first."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from records.consent import access
from scheduling.duties import calendar, clock_rows, queries
from scheduling.duties.events import DutyServed, DutyWarned
from scheduling.duties.models import Code, Duty, Mode, Status
from scheduling.duties.services.stepping import lock, note, step
from scheduling.registration import queries as registration
from scheduling.registration.models import Team
from scheduling.registration.permissions import may_review
from scheduling.registration.words import day_words
from telemed.audit import services as audit
from telemed.core import moments, publication
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

SYSTOLIC, DIASTOLIC = 180, 110  # from here on: refer now
SUGAR_HIGH, SUGAR_LOW = Decimal("16.7"), Decimal("3.9")
REFUSED, NOTE = 5, 5  # characters
MENTAL = (Code.MENTAL, Code.MENTAL_EXAM)


class Remote(Conflict):
    """The norm asks for a visit."""


@dataclass(frozen=True, kw_only=True)
class Findings:
    """What the form says."""

    mode: str
    systolic: int | None = None
    diastolic: int | None = None
    glucose: Decimal | None = None
    signs: bool = False
    note: str = ""
    refusal: str = ""
    draft: UUID | None = None

    @property
    def warns(self) -> bool:
        pressure = (self.systolic or 0) >= SYSTOLIC or (self.diastolic or 0) >= DIASTOLIC
        sugar = self.glucose is not None and not SUGAR_LOW < self.glucose < SUGAR_HIGH
        return pressure or sugar or self.signs


def open_day(*, actor: User) -> tuple[list[Team], list[Duty], list[Duty]]:
    """What is due for the teams of this account, and what is disputed; one look."""
    require_intention()
    require(may_review(actor), _("This list is for family-doctor teams."))
    teams = registration.teams_of(actor)
    audit.record(action="duty.list", target=f"Team/{len(teams)} of their own")
    return teams, queries.day_of(teams), queries.disputed_in(teams)


def open_duty(*, actor: User, duty_id: UUID) -> Duty:
    """One duty, whose reading is traced. Raises NotFound for other people's."""
    require_intention()
    duty = queries.get_duty(actor, duty_id)
    audit.record(action="duty.read", target=duty, patient_id=duty.contract.patient_id)
    return duty


def serve(*, actor: User, duty_id: UUID, found: Findings) -> Duty:
    """
    Done, once; or, of a warning value, kept as it is until the person was referred or refuses.

    Sent twice from one device it is the same service; from a second phone it is refused.
    """
    require_intention()
    duty = lock(actor, duty_id)
    _require_member(actor, duty)
    if found.draft and duty.draft == found.draft and duty.status != Status.DUE:
        return duty
    _require_due(duty)
    _check(duty, found)
    _keep(duty, found)
    if found.warns and duty.warned_at is None:
        _warn(duty)
        return duty
    if duty.warned_at is not None and not _is_answered(duty, found):
        sentence = _("Refer first and plan the two-week recheck.")
        raise Conflict(sentence, path="refusal")
    duty.refusal = found.refusal.strip()[:200] if duty.warned_at else ""
    duty.mode, duty.draft = found.mode, found.draft
    duty.served_by, duty.served_at = actor, moments.now()
    step(duty, Status.DONE, "duty.serve", DutyServed)
    clock_rows.stop(duty, clock_rows.OUT)
    clock_rows.start_confirm(duty)
    return duty


def _require_member(actor: User, duty: Duty) -> None:
    team = duty.contract.team
    require(registration.is_member(actor, team), _("The team of the resident serves it."))
    sees = access.decide(actor, "read", duty.contract.patient).allowed
    require(sees, _("The team of the resident serves it."))


def _require_due(duty: Duty) -> None:
    if duty.status == Status.DUE:
        return
    if duty.served_by and duty.served_at:
        day = day_words(timezone.localdate(duty.served_at))
        sentence = _("{who} has served this on {date} already; compare it with yours.")
        raise Conflict(sentence.format(who=duty.served_by.name, date=day), path="status")
    raise duty.out_of_turn()


def _check(duty: Duty, found: Findings) -> None:
    if found.mode not in Mode.values:
        raise Invalid(_("Please choose how it was done."), path="mode")
    if duty.face and found.mode == Mode.REMOTE:
        raise Remote(_("This duty must be face to face."), path="mode")
    asked = calendar.asks(duty.rule)
    if calendar.PRESSURE in asked and None in (found.systolic, found.diastolic):
        raise Invalid(_("Enter both values of the blood pressure."), path="systolic")
    if (found.systolic is None) != (found.diastolic is None):
        raise Invalid(_("Enter both values of the blood pressure."), path="systolic")
    if found.systolic and found.diastolic and found.diastolic >= found.systolic:
        raise Invalid(
            _("The first value of the blood pressure is the higher one."), path="systolic"
        )
    if calendar.GLUCOSE in asked and found.glucose is None:
        raise Invalid(_("Enter the fasting glucose."), path="glucose")
    if not asked and len(found.note.strip()) < NOTE:
        sentence = _("Write at least {n} characters about what was done.").format(n=NOTE)
        raise Invalid(sentence, path="note")


def _keep(duty: Duty, found: Findings) -> None:
    duty.systolic, duty.diastolic = found.systolic, found.diastolic
    duty.glucose, duty.signs = found.glucose, found.signs
    duty.note = found.note.strip()[:500]


def _warn(duty: Duty) -> None:
    """It stays due; the recheck is there from now on, within two weeks (a relapse: a day)."""
    duty.warned_at = moments.now()
    note(duty, "duty.warn", DutyWarned)
    relapse = duty.signs and duty.rule in MENTAL
    due_on = timezone.localdate() + (calendar.RELAPSE if relapse else calendar.RECHECK)
    recheck, new = Duty.objects.get_or_create(
        contract=duty.contract,
        rule=Code.RECHECK,
        due_on=due_on,
        defaults={
            "closes_on": due_on + timedelta(days=calendar.QUARTER),
            "face": True,
            "status": Status.DUE,
            "recheck_of": duty,
        },
    )
    if new:
        clock_rows.start_window(recheck, new=True)
        publication.publish(recheck, new=True)
        audit.record(action="duty.plan", target=recheck, patient_id=duty.contract.patient_id)


def _is_answered(duty: Duty, found: Findings) -> bool:
    return queries.is_referred(duty) or len(found.refusal.strip()) >= REFUSED
