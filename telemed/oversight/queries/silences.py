"""Silent institutions, for those who may look."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.core.errors import Invalid, NotFound
from telemed.organisations.models import Agreement, Division, Organisation
from telemed.oversight.models import Silence, SilenceEntry
from telemed.oversight.permissions import ANSWERING, oversees
from telemed.oversight.places import prefix_of
from telemed.people.models import Role, User

PAGE = 25


def visible_to(actor: User) -> QuerySet[Silence]:
    """
    Officials and an authority's coordinators: their place. A hospital's coordinators: who may ask
    it. Those who run an institution: their own.
    """
    silences = Silence.objects.filter(ended_at=None)
    here = actor.organisation
    if here is None:
        return silences.none()
    coordinates = actor.role == Role.COORDINATOR
    if oversees(actor) or (coordinates and here.kind == Organisation.Kind.AUTHORITY):
        return silences.filter(organisation__division__code__startswith=prefix_of(here.division))
    if coordinates:
        agreed = Agreement.objects.in_force(timezone.localdate()).filter(asked=here)
        return silences.filter(organisation__in=agreed.values("asking"))
    if actor.role in ANSWERING:
        return silences.filter(organisation=here)
    return silences.none()


def get_silence(actor: User, silence_id: UUID, *, lock: bool = False) -> Silence:
    """One that the actor may see. Hidden, over and absent look the same."""
    silences = visible_to(actor).select_related("organisation__division")
    if lock:
        silences = silences.select_for_update(of=("self",), no_key=True)
    found = silences.filter(pk=silence_id).first()
    if found is None:
        message = _("This institution is not silent, or it is not yours to look at.")
        raise NotFound(message, path="silence")
    return found


@dataclass(frozen=True)
class Counts:
    """How many have given a reason, and how many not."""

    without: int
    reasons: int

    @property
    def all(self) -> int:
        return self.without + self.reasons


@dataclass(frozen=True)
class Line:
    silence: Silence
    days: int
    place: str  # the county of a clinic, the place of any other


@dataclass(frozen=True)
class Page:
    lines: list[Line]
    counts: Counts
    after: str


def list_silences(actor: User, *, place: str, reason: str, after: str) -> Page:
    """The longest silence first, a page at a time. `reason` is "", "none" or "given"."""
    inside = visible_to(actor)
    if place:
        inside = inside.filter(organisation__division__code__startswith=place)
    counts = count_silences(inside)
    rows = inside
    if reason:
        rows = rows.filter(reason="") if reason == "none" else rows.exclude(reason="")
    if after:
        since, last = _mark(after)
        rows = rows.filter(Q(quiet_since__gt=since) | Q(quiet_since=since, pk__gt=last))
    ordered = rows.select_related("organisation__division__parent").order_by("quiet_since", "pk")
    found = list(ordered[: PAGE + 1])
    page, rest = found[:PAGE], found[PAGE:]
    lines = [Line(one, days_of(one), _place_of(one)) for one in page]
    return Page(lines, counts, str(page[-1].pk) if rest else "")


def count_silences(silences: QuerySet[Silence]) -> Counts:
    found = silences.aggregate(
        without=Count("pk", filter=Q(reason="")), reasons=Count("pk", filter=~Q(reason=""))
    )
    return Counts(**found)


def _place_of(silence: Silence) -> str:
    division = silence.organisation.division
    below = division.level == Division.Level.TOWNSHIP and division.parent
    return division.parent.name if below and division.parent else division.name


def days_of(silence: Silence) -> int:
    return (timezone.now() - silence.quiet_since) // timedelta(days=1)


def entries_of(silence: Silence) -> list[SilenceEntry]:
    """All that was said and done, in this stretch and the ones before; the newest first."""
    mine = SilenceEntry.objects.filter(silence__organisation=silence.organisation_id)
    return list(mine.select_related("organisation").order_by("-pk")[:50])


def own_silence(actor: User) -> Silence | None:
    """That of the institution one runs, where its reason is awaited."""
    if actor.role not in ANSWERING:
        return None
    return visible_to(actor).filter(reason="").first()


def _mark(after: str) -> tuple[object, UUID]:
    try:
        last = UUID(after)
    except ValueError:
        raise Invalid(_("This page of the list does not exist."), path="after") from None
    silence = Silence.objects.filter(pk=last).first()
    if silence is None:
        raise Invalid(_("This page of the list does not exist."), path="after")
    return silence.quiet_since, last
