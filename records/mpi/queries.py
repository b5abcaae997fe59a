"""Reads that need a name."""

import re
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from records.mpi.health_cards import is_health_card
from records.mpi.identity import parse_id_card
from records.mpi.models import (
    HEALTH_CARD,
    ID_CARD,
    Death,
    HealthCard,
    Member,
    Merge,
    Pair,
    Patient,
    Relation,
)
from telemed.core import secrecy
from telemed.core.errors import Invalid, NotFound
from telemed.core.models import Clock, ClockState
from telemed.organisations.models import Organisation
from telemed.people.models import PractitionerRole, Role, User
from telemed.staff.queries import administrators_of

QUEUE = 50


def by_id_cards(numbers: Iterable[str]) -> list[Patient]:
    """The people registered under these identity numbers, in the order of the index."""
    hashes = [secrecy.keyed_hash(number, purpose=ID_CARD) for number in numbers]
    return list(Patient.objects.filter(id_card_hash__in=hashes).order_by("pinyin", "pk"))


def find_by_hash(id_card_hash: str) -> Patient | None:
    """Whose number it is; of a merged record, the one that stays."""
    found = Patient.objects.select_related("merged_into").filter(id_card_hash=id_card_hash).first()
    return (found.merged_into or found) if found else None


def find_by_number(text: str) -> Patient | None:
    """
    Whose ID or health card number it is; of a merged record, the one that stays.

    Raises Invalid that says what is wrong with it.
    """
    number = re.sub(r"[\s-]", "", text)
    if is_health_card(number):
        found = secrecy.keyed_hash(number, purpose=HEALTH_CARD)
        held = HealthCard.objects.filter(number_hash=found, active=True)
        card = held.select_related("patient__merged_into").first()
        return (card.patient.merged_into or card.patient) if card else None
    return find_by_hash(secrecy.keyed_hash(parse_id_card(text).number, purpose=ID_CARD))


def get_by_number(text: str, *, path: str, missing: str = "") -> Patient:
    """find_by_number() for a field of a form: raises Invalid there, also where it is nobody's."""
    if not text.strip():
        raise Invalid(_("Please enter the ID or health card number."), path=path)
    try:
        found = find_by_number(text)
    except Invalid as error:
        error.path = path
        raise
    if found is None:
        raise Invalid(missing or _("Nobody is registered under this number."), path=path)
    return found


def relations_of(patient: Patient) -> list[Relation]:
    """Who acts or acted for this person; whoever does so now comes first."""
    rows = Relation.objects.filter(_either("subject", patient))
    found = list(rows.select_related("subject", "delegate__user", "organisation", "entered_by"))
    return sorted(found, key=lambda r: (not r.is_in_force, -r.starts_on.toordinal(), str(r.pk)))


def represented_by(patient: Patient) -> list[Relation]:
    """For whom this person acts now."""
    rows = Relation.objects.in_force().filter(_either("delegate", patient))
    return list(rows.select_related("subject", "delegate").order_by("subject__birth_date", "pk"))


def guardians_of(patient: Patient) -> list[Relation]:
    """Who may sign for this person now."""
    rows = Relation.objects.in_force().filter(_either("subject", patient))
    return list(rows.select_related("subject", "delegate__user").order_by("starts_on", "pk"))


def get_relation(patient: Patient, relation_id: UUID) -> Relation:
    rows = Relation.objects.filter(_either("subject", patient), pk=relation_id)
    relation = rows.select_related("subject", "delegate").first()
    if relation is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Relation/{relation_id}")
    return relation


def household_of(patient: Patient) -> list[Member]:
    """Everybody of the household in which this person lives now, the head first."""
    mine = Member.objects.filter(_either("person", patient), left_on=None)
    everybody = Member.objects.filter(household__in=mine.values("household"), left_on=None)
    rows = everybody.select_related("person", "household__division")
    return list(rows.order_by("-is_head", "person__birth_date", "pk"))


def death_of(patient: Patient) -> Death | None:
    """What was entered here about their death, and not taken back."""
    return Death.objects.filter(patient=patient, undone_at=None).first()


def newborns_of(patient: Patient) -> list[Patient]:
    rows = Patient.objects.filter(_either("mother", patient), merged_into=None)
    return list(rows.order_by("birth_date", "birth_order", "pk"))


def _either(column: str, patient: Patient) -> Q:
    """Of this record, or of one that was merged into it."""
    return Q(**{column: patient}) | Q(**{f"{column}__merged_into": patient})


def family_of_both(loser: Patient, survivor: Patient) -> list[str]:
    """What stands in the way of a merge: nobody is guardian, mother or housemate of themselves."""
    found = []
    both = [loser, survivor]
    relations = Relation.objects.filter(ended_at=None)
    if relations.filter(subject__in=both, delegate__in=both).exists():
        found.append(_("one of them acts for the other"))
    if loser.mother_id == survivor.pk or survivor.mother_id == loser.pk:
        found.append(_("one of them is the mother of the other"))
    if Member.objects.filter(person__in=both, left_on=None).count() > 1:
        found.append(_("both live in a household"))
    return found


def count_temporary(organisation_id: UUID | None) -> int:
    """The temporary numbers of an institution that still need an ID."""
    waiting = Patient.objects.filter(temporary_no__isnull=False, identified_at=None)
    return waiting.filter(merged_into=None, managing_organisation=organisation_id).count()


def keepers_of(patient: Patient) -> list[User]:
    """Who looks after a record of the index: who registered it, and the administrators there."""
    here = patient.managing_organisation
    people = [patient.registered_by] if patient.registered_by else []
    people += administrators_of(here) if here else []
    return list({user.pk: user for user in people if user.is_active}.values())


REVIEW = "match.review"


def reviewers_of(pair: Pair) -> list[User]:
    """Who decides about it at either institution, and the coordinators there, who see to it."""
    places = {pair.one.managing_organisation_id, pair.other.managing_organisation_id} - {None}
    roles = [Role.ADMINISTRATOR, Role.MEDICAL_OFFICE, Role.COORDINATOR]
    held = PractitionerRole.objects.filter(organisation__in=places, role__in=roles, ends_on=None)
    return list(User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk"))


def count_overdue(pair: Pair) -> int:
    """How many pairs of these institutions have waited for too long, this one among them."""
    places = {pair.one.managing_organisation_id, pair.other.managing_organisation_id} - {None}
    kept = Q(one__managing_organisation__in=places) | Q(other__managing_organisation__in=places)
    waiting = Pair.objects.filter(kept, state=Pair.State.SUGGESTED)
    late = Clock.objects.filter(kind=REVIEW, state=ClockState.FIRED, about=OuterRef("pk"))
    return waiting.filter(Exists(late)).count()


def overdue_among(pairs: list[Pair]) -> set[UUID]:
    late = Clock.objects.filter(
        kind=REVIEW, state=ClockState.FIRED, about__in=[pair.pk for pair in pairs]
    )
    return set(late.values_list("about", flat=True))


WAITING = Q(state=Pair.State.SUGGESTED) | Q(proposed_by__isnull=False)


def pairs_of(actor: User) -> list[Pair]:
    """The queue: what waits for a decision at this institution, the likeliest first."""
    pairs = _within(actor).filter(WAITING)
    return list(pairs.order_by("-score", "pk")[:QUEUE])


def count_waiting(actor: User) -> int:
    return _within(actor).filter(WAITING).count()


def decided_of(actor: User) -> list[Pair]:
    """What was decided lately and may be looked at again."""
    done = _within(actor).exclude(state=Pair.State.SUGGESTED).filter(proposed_by=None)
    return list(done.order_by("-decided_at", "pk")[:QUEUE])


def get_pair(actor: User, pair_id: UUID) -> Pair:
    pair = _within(actor).filter(pk=pair_id).first()
    if pair is None:
        raise NotFound(_("Not found, or not yours to know of."), path=f"Pair/{pair_id}")
    return pair


def merge_in_force(pair: Pair) -> Merge | None:
    return pair.merges.filter(undone_at=None).first()


def _within(actor: User) -> QuerySet[Pair]:
    """Either record is kept by the institution; the authority sees the whole province."""
    pairs = Pair.objects.select_related(
        "one__managing_organisation",
        "other__managing_organisation",
        "one__mother",
        "other__mother",
        "survivor",
        "proposed_by",
        "suggested_by",
        "decided_by",
    )
    here = actor.organisation
    if here and here.kind == Organisation.Kind.AUTHORITY:
        return pairs
    kept = Q(one__managing_organisation=here) | Q(other__managing_organisation=here)
    return pairs.filter(kept) if here else pairs.none()
