"""Guardians and proxies: who may act for somebody, on what papers, from when to when."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from records.mpi.models import OF_AGE, Kin, Patient, Relation
from records.mpi.permissions import may_relate
from telemed.audit import services as audit
from telemed.core import publication
from telemed.core.clocks import start_clock, stop_clocks
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.core.models import Calendar, Clock
from telemed.notifications.services import notify
from telemed.people.models import User

ENDS = "guardian.ends"
REMIND, END = 0, 1  # the rungs
BEFORE = timedelta(days=60)
Basis, Papers, Because = Relation.Basis, Relation.Papers, Relation.Because
BY_HAND = (Because.DEATH, Because.CUSTODY, Because.WITHDRAWN, Because.MISTAKE)


def add_relation(
    *,
    actor: User,
    subject: Patient,
    delegate: Patient,
    basis: str,
    kin: str,
    papers: str,
    papers_no: str = "",
    starts_on: date | None = None,
    ends_on: date | None = None,
) -> Relation:
    """
    From now on `delegate` acts for `subject`; a guardian until the eighteenth birthday at most.

    Both people are locked, in one order for everybody, so that two who would act for each other
    take turns.
    """
    require_intention()
    require(may_relate(actor), _("Guardians and proxies are entered by a township doctor."))
    if subject.pk == delegate.pk:
        raise Invalid(_("Nobody acts for themselves; enter another person."), path="delegate")
    subject, delegate = _locked(subject, delegate)
    _check_words(basis, kin, papers)
    starts_on = starts_on or timezone.localdate()
    _check_people(subject, delegate, basis)
    ends_on = _end_of(subject, basis, starts_on, ends_on)
    if acts_for(subject, delegate):
        said = _("{who} is acted for by this very person; the two cannot act for each other.")
        raise Conflict(said.format(who=delegate.masked), path="delegate")
    there = _("This person acts for them in that time already; end that first.")
    with refusing(one_relation_of_two_at_a_time=Conflict(there, path="delegate")):
        relation = Relation.objects.create(
            subject=subject,
            delegate=delegate,
            basis=basis,
            kin=kin,
            papers=papers,
            papers_no=" ".join(papers_no.split())[:40],
            starts_on=starts_on,
            ends_on=ends_on,
            organisation=actor.acting_organisation,
            entered_by=actor,
        )
    _start_clocks(relation)
    audit.record(action="relation.add", target=relation, patient_id=subject.pk)
    publication.publish(relation)
    return relation


def end_relation(*, actor: User, relation: Relation, because: str) -> Relation:
    """By hand: custody changed, an authorisation was withdrawn, one of the two died."""
    require_intention()
    require(may_relate(actor), _("Guardians and proxies are entered by a township doctor."))
    if because not in BY_HAND:
        raise Invalid(_("Please choose why it ends."), path="because")
    relation = Relation.objects.select_for_update(of=("self",), no_key=True).get(pk=relation.pk)
    if relation.ended_at:
        said = _("This has ended already, on {date}.")
        raise Conflict(said.format(date=relation.ends_on), path="because")
    _end(relation, because, by=actor)
    stop_clocks(about=relation.pk, kind=ENDS)
    return relation


def end_for_death(*, patient: Patient) -> int:
    """Somebody died: nobody acts for them, nor they for anybody."""
    require_intention()
    open_still = Relation.objects.select_for_update(of=("self",), no_key=True).filter(ended_at=None)
    ended = [*open_still.filter(subject=patient), *open_still.filter(delegate=patient)]
    for relation in ended:
        _end(relation, Because.DEATH)
        stop_clocks(about=relation.pk, kind=ENDS)
    return len(ended)


def come_to_age(*, clock: Clock) -> None:
    """Sixty days before, both are told; on the day it is over, and both are told again."""
    require_intention()
    relations = Relation.objects.select_for_update(of=("self",), no_key=True)
    relation = relations.filter(pk=clock.about).first()
    if relation is None or relation.ended_at:
        return
    if clock.rung == END:
        _end(relation, Because.AGE if _ends_with_age(relation) else Because.PERIOD)
    _tell(relation, "guardian.ended" if clock.rung == END else "guardian.ending")


def comes_of_age_on(born: date) -> date:
    """The eighteenth birthday; of who was born on a 29 February, the day after the 28th."""
    try:
        return born.replace(year=born.year + OF_AGE)
    except ValueError:
        return date(born.year + OF_AGE, 3, 1)


def acts_for(person: Patient, other: Patient) -> bool:
    """Whether somebody acts for another now, themselves or through others."""
    reached, found = {person.pk}, {person.pk}
    while found:
        rows = Relation.objects.in_force().filter(delegate__in=found)
        found = set(rows.values_list("subject", flat=True)) - reached
        reached |= found
    return other.pk in reached


def _locked(subject: Patient, delegate: Patient) -> tuple[Patient, Patient]:
    people = Patient.objects.select_for_update(no_key=True).filter(pk__in=[subject.pk, delegate.pk])
    found = {person.pk: person for person in people.order_by("pk")}
    return found[subject.pk], found[delegate.pk]


def _check_words(basis: str, kin: str, papers: str) -> None:
    if basis not in Basis.values:
        raise Invalid(_("Please choose on what basis."), path="basis")
    if kin not in Kin.values:
        raise Invalid(_("Please choose what they are to each other."), path="kin")
    if papers not in Papers.values:
        raise Invalid(_("Please choose which papers you have seen."), path="papers")
    if (basis == Basis.PROXY) != (papers == Papers.AUTHORISATION):
        if basis == Basis.PROXY:
            said = _("A proxy needs a written authorisation.")
        else:
            said = _("A written authorisation makes no guardian; enter a proxy instead.")
        raise Invalid(said, path="papers")
    if basis == Basis.BIRTH and kin not in (Kin.MOTHER, Kin.FATHER):
        raise Invalid(_("By birth a mother or a father is guardian."), path="kin")


def _check_people(subject: Patient, delegate: Patient, basis: str) -> None:
    for person, path in ((subject, "subject"), (delegate, "delegate")):
        if person.deceased_on:
            raise Conflict(_("{who} has died.").format(who=person.masked), path=path)
    age = delegate.age_on()
    if age is None or age < OF_AGE:
        said = _("Who acts for somebody is at least {n} years old.")
        raise Invalid(said.format(n=OF_AGE), path="delegate")
    if basis == Basis.PROXY:
        if _is_child(subject):
            said = _("A child authorises nobody; enter a guardian instead.")
            raise Invalid(said, path="basis")
        return
    if subject.birth_date is None:
        said = _("The birth date of the child is not known; add it first.")
        raise Invalid(said, path="basis")
    if comes_of_age_on(subject.birth_date) <= timezone.localdate():
        raise Invalid(_("Over 18: the person must do this."), path="basis")
    if delegate.birth_date and delegate.birth_date >= subject.birth_date:
        raise Invalid(_("A guardian is older than the child."), path="delegate")


def _is_child(person: Patient) -> bool:
    age = person.age_on()
    return age is not None and age < OF_AGE


def _end_of(subject: Patient, basis: str, starts_on: date, ends_on: date | None) -> date | None:
    today = timezone.localdate()
    if starts_on > today:
        raise Invalid(_("It starts today or earlier."), path="starts_on")
    if subject.birth_date and starts_on < subject.birth_date:
        raise Invalid(_("It cannot start before the birth."), path="starts_on")
    if ends_on and ends_on <= starts_on:
        raise Invalid(_("The end is before the start."), path="ends_on")
    if ends_on and ends_on <= today:
        raise Invalid(_("That end is past; nothing would hold."), path="ends_on")
    if basis == Basis.PROXY or subject.birth_date is None:
        return ends_on
    latest = comes_of_age_on(subject.birth_date)
    if ends_on and ends_on > latest:
        said = _("A guardianship ends with the eighteenth birthday, {date}.")
        raise Invalid(said.format(date=latest), path="ends_on")
    return ends_on or latest


def _ends_with_age(relation: Relation) -> bool:
    born = relation.subject.birth_date
    return bool(relation.is_guardian and born and relation.ends_on == comes_of_age_on(born))


def _start_clocks(relation: Relation) -> None:
    if relation.ends_on is None:
        return
    left = timezone.make_aware(datetime.combine(relation.ends_on, time())) - timezone.now()
    for rung, allowance in ((REMIND, left - BEFORE), (END, left)):
        if allowance > timedelta():
            start_clock(
                kind=ENDS, about=relation.pk, allowance=allowance, calendar=Calendar.WALL, rung=rung
            )


def _end(relation: Relation, because: str, by: User | None = None) -> None:
    today = timezone.localdate()
    relation.ends_on = min(relation.ends_on or today, max(today, relation.starts_on))
    relation.ended_at, relation.ended_because, relation.ended_by = timezone.now(), because, by
    relation.save()
    audit.record(
        action="relation.end", target=relation, patient_id=relation.subject_id, reason=because
    )
    publication.publish(relation)


def _tell(relation: Relation, template: str) -> None:
    for person in (relation.subject, relation.delegate):
        if person.user:
            notify(
                recipient=person.user,
                template=template,
                about=relation.pk,
                url="/my/cases/",
                date=f"{relation.ends_on:%Y-%m-%d}",
            )
