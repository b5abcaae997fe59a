"""
Break-glass: a doctor without a relation opens one record in an emergency, and others review it.

The door asks for the PIN or the password first. What ends the access is the time in CareAccess
itself, which decide() and its list form read; the clocks only say so in the books.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from records.consent import access
from records.consent import breakglass_queries as queries
from records.consent.events import BreakGlassEnded, BreakGlassOpened, BreakGlassReviewed
from records.consent.models import Basis, BreakGlass, BreakGlassReview
from records.consent.relationships import BREAK_GLASS
from records.consent.services import end_care, open_care
from records.mpi.models import Patient
from records.mpi.queries import get_by_number, relations_of
from telemed.audit import services as audit
from telemed.core import outbox, publication
from telemed.core.clocks import Start, start_clocks, stop_clocks
from telemed.core.errors import Conflict, Forbidden, Invalid, NotFound, require
from telemed.core.intentions import refusing, require_intention
from telemed.core.models import Calendar, Clock
from telemed.core.reasons import LONGEST, checked_reason
from telemed.notifications.services import mark_read, notify
from telemed.people import licences
from telemed.people.models import User

Status = BreakGlass.Status
SESSION, REVIEW = "breakglass.session", "breakglass.review"
REMIND, OVERDUE = 0, 1  # rungs of the review
REMIND_AFTER = timedelta(hours=12)
SHORTEST = 10  # characters, of a reason and of a finding
LOOKED = "/my/who-looked/"
MINE = "/emergency-access/"


def find_in_emergency(*, actor: User, number: str) -> Patient:
    """By a whole number that stands on a card; never by a name. The look is traced."""
    require_intention()
    check_right(actor)
    said = _("Nobody is registered under this number; register them first.")
    found = get_by_number(number, path="number", missing=said)
    audit.record(action="person.look", target=found, patient_id=found.pk)
    return found


def get_looked_up(*, actor: User, patient_id: UUID) -> Patient:
    """Whom this doctor looked up just now, and may open."""
    require_intention()
    check_right(actor)
    return queries.looked_up(actor, patient_id)


def open_record(*, actor: User, patient_id: UUID, code: str, text: str) -> BreakGlass:
    """
    Let this doctor see this record for an hour; somebody reviews it. Asked twice it is one session.
    """
    require_intention()
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)  # three a day are counted
    patient = get_looked_up(actor=actor, patient_id=patient_id)
    if glass := queries.find_open(actor, patient):
        return glass
    code, text = _checked(code, text)
    if access.decide(actor, "read", patient).allowed:
        raise Conflict(_("You may see this record already; nothing needs opening."), path="patient")
    _end_past(actor, patient)
    if queries.opened_today(actor) >= queries.A_DAY:
        said = _("{n} emergency accesses today. Another one needs the auditor to review one first.")
        raise Conflict(said.format(n=queries.A_DAY), path="patient")
    glass = _open(actor, patient, code, text)
    open_care(
        organisation=glass.organisation,
        patient=patient,
        basis=Basis.BREAK_GLASS,
        about=glass.pk,
        person=actor.pk,
        until=glass.until,
    )
    _start_clocks(glass)
    _keep(glass, "breakglass.open")
    outbox.announce(BreakGlassOpened(break_glass_id=glass.pk))
    _tell_resident(glass)
    _tell_reviewers(glass, turn=REMIND)
    return glass


def end_session(*, actor: User, break_glass_id: UUID) -> BreakGlass:
    """The doctor is done. Ended already, nothing changes."""
    require_intention()
    glass = _lock(break_glass_id)
    if glass is None or glass.actor_id != actor.pk:
        path = f"BreakGlass/{break_glass_id}"
        raise NotFound(_("Not found, or not yours to know of."), path=path)
    if glass.status == Status.ACTIVE:
        _end(glass, min(timezone.now(), glass.until))
    return glass


def review(*, actor: User, break_glass_id: UUID, finding: str, text: str) -> BreakGlass:
    """
    Say whether it was proper, with the reason. Found otherwise by a second person it changes once
    more; a misuse suspends the right of who opened the record.
    """
    require_intention()
    glass = queries.get_to_review(actor, break_glass_id, lock=True)
    if queries.is_near(actor, glass):
        raise Forbidden(_("You cannot review your own or your department's access."))
    if finding not in (Status.JUSTIFIED, Status.MISUSE):
        raise Invalid(_("Please choose what you found."), path="finding")
    text = checked_reason(text, shortest=SHORTEST, path="text")
    before = queries.reviews_of(glass)
    if before and _is_said(before[-1], actor, finding, text):
        return glass
    _check_turn(glass, before, actor, finding)
    if glass.status == Status.ACTIVE:
        _end(glass, glass.until)
    glass.become(Status(finding))
    twice = Conflict(_("Somebody reviewed it a moment ago."), path="finding")
    with refusing(one_review_a_turn=twice, nobody_reviews_twice=twice):
        BreakGlassReview.objects.create(
            break_glass=glass,
            turn=len(before) + 1,
            actor=glass.actor,
            reviewer=actor,
            organisation=actor.acting_organisation,
            finding=finding,
            text=text,
        )
    glass.save(update_fields=["status"])
    stop_clocks(about=glass.pk, kind=REVIEW)
    mark_read(actor=actor, about=glass.pk)
    _keep(glass, "breakglass.review", reason="")
    outbox.announce(BreakGlassReviewed(break_glass_id=glass.pk))
    _tell_result(glass, turn=len(before))
    return glass


def open_review(*, actor: User, break_glass_id: UUID) -> BreakGlass:
    """The page of one: looking at it leaves a trace of its own."""
    require_intention()
    glass = queries.get_to_review(actor, break_glass_id)
    audit.record(action="breakglass.read", target=glass)
    return glass


def list_reviews(*, actor: User, before: str) -> tuple[list[BreakGlass], list[BreakGlass], str]:
    """What waits, what was decided, and the cursor of the next page."""
    require_intention()
    require(actor.role in queries.REVIEWERS, _("Auditors and the medical office review this."))
    audit.record(action="breakglass.list", target=f"Organization/{actor.organisation_id}")
    return queries.to_review(actor), *queries.reviewed(actor, before)


def check_right(actor: User) -> None:
    """Raises Forbidden: not a doctor, no licence here, or the right is suspended."""
    require_intention()
    require(actor.is_clinical, _("Emergency access is for licensed doctors."))
    require(not licences.is_village_doctor(actor), _("Emergency access is for licensed doctors."))
    licence = queries.licence_of(actor)
    scope, here = licence.specialty if licence else "", actor.acting_organisation
    against = licences.why_not(licence, scope, here, timezone.localdate(), answering=False)
    against = against or queries.why_suspended(actor)
    require(not against, against or "")


def end_by_clock(clock: Clock) -> None:
    """The hour is over: the access ended by itself, and so does the session."""
    require_intention()
    glass = _lock(clock.about)
    if glass and glass.status == Status.ACTIVE:
        _end(glass, glass.until)


def press_for_review(clock: Clock) -> None:
    """After 12 hours the reviewers once more; after 24 the right is suspended and others hear."""
    require_intention()
    glass = _lock(clock.about)
    if glass is None or glass.is_reviewed:
        return
    if clock.rung == REMIND:
        _tell_reviewers(glass, turn=OVERDUE)
        return
    glass.overdue_at = timezone.now()
    glass.save(update_fields=["overdue_at"])
    audit.record(action="breakglass.overdue", target=glass, patient_id=glass.patient_id)
    n = queries.count_overdue(glass.reviewing_id)
    for person in queries.told_when_overdue(glass):
        _notify(person, glass, "breakglass.overdue", f"{MINE}reviews/", n=max(n, 1))


def _checked(code: str, text: str) -> tuple[str, str]:
    if code not in BreakGlass.Code.values:
        raise Invalid(_("Please choose what kind of emergency it is."), path="code")
    text = text.strip()
    if len(text) < SHORTEST:
        raise Invalid(_("Describe the emergency (10+ characters)."), path="text")
    if len(text) > LONGEST:
        raise Invalid(_("At most {n} characters.").format(n=LONGEST), path="text")
    return code, text


def _open(actor: User, patient: Patient, code: str, text: str) -> BreakGlass:
    now = timezone.now()
    here = actor.acting_organisation
    open_already = Conflict(_("This record was opened a moment ago."), path="patient")
    with refusing(one_break_glass_a_person=open_already):
        return BreakGlass.objects.create(
            patient=patient,
            actor=actor,
            organisation=here,
            department=actor.acting_as.department if actor.acting_as else None,
            reviewing=queries.who_reviews(here),
            code=code,
            text=text,
            opened_at=now,
            until=now + BreakGlass.LASTS,
        )


def _start_clocks(glass: BreakGlass) -> None:
    rungs = [
        Start(SESSION, 0, BreakGlass.LASTS, Calendar.WALL),
        Start(REVIEW, REMIND, REMIND_AFTER, Calendar.WALL),
        Start(REVIEW, OVERDUE, BreakGlass.REVIEWED_WITHIN, Calendar.WALL),
    ]
    start_clocks(about=glass.pk, rungs=rungs, new=True)


def _end_past(actor: User, patient: Patient) -> None:
    """A session that ran out and that no clock has ended yet."""
    mine = BreakGlass.objects.select_for_update(no_key=True).filter(actor=actor, patient=patient)
    for glass in mine.filter(status=Status.ACTIVE):
        _end(glass, glass.until)


def _end(glass: BreakGlass, at: datetime) -> None:
    glass.become(Status.ENDED)
    glass.ended_at = at
    glass.save(update_fields=["status", "ended_at"])
    end_care(about=glass.pk)
    stop_clocks(about=glass.pk, kind=SESSION)
    _keep(glass, "breakglass.end")
    outbox.announce(BreakGlassEnded(break_glass_id=glass.pk))


def _keep(glass: BreakGlass, action: str, reason: str = BREAK_GLASS) -> None:
    """The trace of a transition, and what the world reads of it."""
    audit.record(action=action, target=glass, patient_id=glass.patient_id, reason=reason)
    publication.publish(glass)


def _lock(break_glass_id: UUID) -> BreakGlass | None:
    rows = BreakGlass.objects.select_related("actor", "organisation", "reviewing", "patient__user")
    return rows.select_for_update(of=("self",), no_key=True).filter(pk=break_glass_id).first()


def _is_said(last: BreakGlassReview, actor: User, finding: str, text: str) -> bool:
    return (last.reviewer_id, last.finding, last.text) == (actor.pk, finding, text)


def _check_turn(
    glass: BreakGlass, before: list[BreakGlassReview], actor: User, finding: str
) -> None:
    if glass.is_open:
        said = _("It is still open until {time}; review it then.")
        time = f"{timezone.localtime(glass.until):%H:%M}"
        raise Conflict(said.format(time=time), path="finding")
    if any(one.reviewer_id == actor.pk for one in before):
        said = _("You have reviewed it; only a second person may find otherwise.")
        raise Conflict(said, path="finding")
    if len(before) >= BreakGlassReview.TURNS:
        raise Conflict(_("Two people have reviewed it; that stands."), path="finding")
    if before and before[-1].finding == finding:
        said = _("{who} found the same before you; a second review is for who finds otherwise.")
        raise Conflict(said.format(who=before[-1].reviewer.name), path="finding")


def _tell_resident(glass: BreakGlass) -> None:
    """The person, and whoever acts for them; in their own words."""
    for person, own in _residents(glass):
        with translation.override(person.language or None):
            kin = pgettext("whose record", "you") if own else _("one of your family")
        who, org = glass.actor.name, glass.organisation.name
        _notify(person, glass, "breakglass.opened", LOOKED, who=who, org=org, kin=kin)


def _tell_reviewers(glass: BreakGlass, *, turn: int) -> None:
    facts = {
        "who": glass.actor.name,
        "org": glass.organisation.name,
        "time": queries.deadline_words(glass.review_by),
    }
    for person in queries.reviewers_of(glass):
        url = f"{MINE}reviews/{glass.pk}/"
        _notify(person, glass, "breakglass.review", url, turn=turn, **facts)


def _tell_result(glass: BreakGlass, *, turn: int) -> None:
    told = [(person, LOOKED) for person, _own in _residents(glass)]
    for person, url in [*told, (glass.actor, MINE)]:
        with translation.override(person.language or None):
            state = str(glass.get_status_display())
        _notify(person, glass, "breakglass.reviewed", url, turn=turn, state=state)


def _residents(glass: BreakGlass) -> list[tuple[User, bool]]:
    patient = glass.patient
    own = [(patient.user, True)] if patient.user else []
    acting = [row.delegate.user for row in relations_of(patient) if row.is_in_force]
    return own + [(user, False) for user in acting if user and user != patient.user]


def _notify(
    person: User, glass: BreakGlass, template: str, url: str, turn: int = 0, **facts: Any
) -> None:
    notify(
        recipient=person,
        template=template,
        about=glass.pk,
        url=url,
        turn=turn,
        desk=glass.organisation_id,
        **facts,
    )
