"""Serving a duty, and what a warning value demands first."""

from datetime import timedelta
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from records.consent import access
from scheduling.duties import calendar, clock_kinds, clock_rows, limits, queries
from scheduling.duties.events import DutyConfirmed, DutyServed, DutyWarned
from scheduling.duties.models import AHEAD, Answered, Code, Duty, Status, Visit
from scheduling.duties.services.checking import check, of_form
from scheduling.duties.services.counting import UsedUp, count
from scheduling.duties.services.filing import file_form, file_visit
from scheduling.duties.services.finding import Findings
from scheduling.duties.services.measuring import measure
from scheduling.duties.services.screening import screen
from scheduling.duties.services.stepping import lock, note, step
from scheduling.duties.services.warning import Warned, find_warning
from scheduling.registration import queries as registration
from scheduling.registration.models import Team
from scheduling.registration.permissions import may_review
from scheduling.registration.words import day_words
from telemed.audit import services as audit
from telemed.core import moments, outbox, publication, secrecy
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import User

ANOTHER = gettext_noop("This record was sent for another service already.")
MENTAL = (Code.MENTAL, Code.MENTAL_EXAM)


def open_day(*, actor: User) -> tuple[list[Team], list[Duty], list[Duty]]:
    """What is due for the teams of this account, and what is disputed; one look."""
    require_intention()
    require(may_review(actor), _("This list is for family-doctor teams."))
    teams = registration.teams_of(actor)
    audit.record(action="duty.list", target=f"Team/{len(teams)} of their own")
    return teams, queries.day_of(teams), queries.disputed_in(teams)


def take_day(*, actor: User) -> list[Duty]:
    """The same to be taken along on a device: a look of its own."""
    require_intention()
    require(may_review(actor), _("This list is for family-doctor teams."))
    due = queries.day_of(registration.teams_of(actor))
    audit.record(action="duty.take_along", target=f"Duty/{len(due)} of their own teams")
    return due


def seal_of(*, actor: User) -> str:
    """What seals this account's visits on any device; it is handed out to the account alone."""
    require_intention()
    require(may_review(actor), _("This list is for family-doctor teams."))
    audit.record(action="duty.seal", target=actor)
    return secrecy.device_key(str(actor.pk))


def open_duty(*, actor: User, duty_id: UUID) -> Duty:
    """One duty, whose reading is traced. Raises NotFound for other people's."""
    require_intention()
    duty = queries.get_duty(actor, duty_id)
    audit.record(action="duty.read", target=duty, patient_id=duty.contract.patient_id)
    return duty


def serve(*, actor: User, duty_id: UUID, found: Findings) -> Duty:
    """
    Done, once; or, of a warning value, kept as it is until the person was referred or refuses.

    Sent twice from one device it is the same service; from a second phone it is refused, and so
    is what was written over a state that is no longer so.
    """
    require_intention()
    duty = lock(actor, duty_id)
    _require_member(actor, duty)
    known = found.draft is not None and duty.draft == found.draft
    if known and not (duty.is_warned and found.is_refused):
        return duty
    _require_due(duty)
    if not known:
        _require_as_seen(duty, found)
    check(duty, found)
    found = of_form(duty, found)
    _keep(duty, found)
    measure(actor=actor, duty=duty, found=found)
    with refusing(duties_duty_draft_key=Invalid(ANOTHER, path="draft")):
        served = _finish(actor, duty, found)
    file_form(served)
    screen(served, found)
    return served


def _finish(actor: User, duty: Duty, found: Findings) -> Duty:
    warned = find_warning(duty, found) if duty.warned_at is None else None
    if warned:
        _warn(duty, warned)
        if not found.is_refused:
            return duty
    if duty.warned_at is not None and not _is_answered(duty, found):
        sentence = _("Refer first and plan the two-week recheck.")
        raise Conflict(sentence, path="refusal")
    if not count(duty, timezone.localdate(found.at())):
        if warned:  # it is known from now on, whatever the package grants
            return duty
        raise UsedUp()
    duty.refusal = found.refusal.strip()[: limits.REFUSAL] if duty.warned_at else ""
    duty.mode, duty.served_by, duty.served_at = found.mode, actor, found.at()
    duty.settled, duty.to_county = "", False  # of an entry that was struck
    step(duty, Status.DONE, "duty.serve", DutyServed)
    clock_rows.stop(duty, clock_kinds.OUT, clock_kinds.RECHECK)
    if found.signature:
        _take_signature(duty, found.signature)
    else:
        clock_rows.start_confirm(duty)
    return duty


def _take_signature(duty: Duty, signature: bytes) -> None:
    """The resident has confirmed at the visit; they may dispute it like any other."""
    if len(signature) > limits.SIGNATURE:
        raise Invalid(_("The signature picture is too large."), path="signature")
    duty.signature, duty.answered, duty.confirmed_at = signature, Answered.SIGNED, moments.now()
    step(duty, Status.CONFIRMED, "duty.confirm", DutyConfirmed, reason=Answered.SIGNED)


def add_visit(*, actor: User, duty_id: UUID, found: Findings, because: str) -> Visit:
    """
    A visit beyond the one that counts, with the reason: two had written at once, or the service
    was withdrawn while somebody was with the patient. Nothing that was measured is lost.
    """
    require_intention()
    duty = lock(actor, duty_id)
    _require_member(actor, duty)
    if found.draft and (known := duty.visits.filter(draft=found.draft).first()):
        return known
    beyond = queries.is_used_up(duty, timezone.localdate(found.at()))
    if duty.status in AHEAD and not duty.is_warned and not beyond:
        raise Conflict(_("This service is still to be done: enter it as the service."), path="")
    if len(because.strip()) < limits.BECAUSE:
        sentence = _("Write at least {n} characters why it is kept.").format(n=limits.BECAUSE)
        raise Invalid(sentence, path="because")
    check(duty, found)
    found = of_form(duty, found)
    with refusing(duties_visit_draft_key=Invalid(ANOTHER, path="draft")):
        visit = Visit.objects.create(
            duty=duty,
            mode=found.mode,
            served_by=actor,
            served_at=found.at(),
            draft=found.draft,
            systolic=found.systolic,
            diastolic=found.diastolic,
            glucose=found.glucose,
            signs=found.signs,
            note=found.note.strip()[: limits.LONGEST],
            entries=dict(found.entries),
            because=because.strip()[: limits.REFUSAL],
        )
    measure(actor=actor, duty=duty, found=found, visit=visit)
    file_visit(visit)
    audit.record(action="duty.add_visit", target=duty, patient_id=duty.contract.patient_id)
    if warned := find_warning(duty, found):
        _plan_recheck(duty, warned, relapse=found.signs and duty.rule in MENTAL)
        outbox.announce(DutyWarned(duty_id=duty.pk))
    screen(duty, found)
    return visit


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


def _require_as_seen(duty: Duty, found: Findings) -> None:
    if found.seen and found.seen != duty.mark:
        sentence = _("This service was changed meanwhile; compare it with yours.")
        raise Conflict(sentence, path="status")


def _keep(duty: Duty, found: Findings) -> None:
    duty.systolic, duty.diastolic = found.systolic, found.diastolic
    duty.glucose, duty.signs = found.glucose, found.signs
    duty.entries = dict(found.entries)
    duty.note, duty.draft = found.note.strip()[: limits.LONGEST], found.draft
    duty.filed = True


def _warn(duty: Duty, warned: Warned) -> None:
    """It stays due; the recheck is there from now on, within two weeks (a relapse: a day)."""
    duty.warned_at = moments.now()
    note(duty, "duty.warn", DutyWarned)
    _plan_recheck(duty, warned, relapse=duty.signs and duty.rule in MENTAL)


def _plan_recheck(duty: Duty, warned: Warned, *, relapse: bool) -> None:
    due_on = timezone.localdate() + (calendar.RELAPSE if relapse else calendar.RECHECK)
    recheck, new = Duty.objects.get_or_create(
        contract=duty.contract,
        rule=Code.RECHECK,
        due_on=due_on,
        defaults={
            "closes_on": due_on + timedelta(days=calendar.QUARTER),
            "face": True,
            "status": Status.DUE,
            "asks": list(warned.asks),
            "recheck_of": None if hasattr(duty, "recheck") else duty,
        },
    )
    if new:
        clock_rows.start_window(recheck, new=True)
        publication.publish(recheck, new=True)
        audit.record(action="duty.plan", target=recheck, patient_id=duty.contract.patient_id)
    elif more := set(warned.asks) - set(recheck.asks):  # two warnings of one day
        recheck.asks = sorted({*recheck.asks, *more})
        recheck.save(update_fields=["asks"])


def _is_answered(duty: Duty, found: Findings) -> bool:
    return queries.is_referred(duty) or found.is_refused
