"""Making a month count."""

from uuid import UUID

from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import outbox
from telemed.core.errors import Conflict
from telemed.core.intentions import refusing, require_intention
from telemed.core.models import Clock
from telemed.people.models import User
from telemed.rota import staffing
from telemed.rota.clock_rows import start_clocks
from telemed.rota.coverage import Span, next_month
from telemed.rota.events import RotaMissing, RotaPublished
from telemed.rota.grid import gaps_of
from telemed.rota.models import Rota, Shift, Swap
from telemed.rota.services.drafting import lock_draft


def publish_rota(*, actor: User, rota_id: UUID, gap_reason: str = "") -> Rota:
    """The draft becomes the next version, and what was published before steps back."""
    require_intention()
    draft = lock_draft(actor, rota_id)
    versions = Rota.objects.filter(organisation=draft.organisation_id, month=draft.month)
    list(versions.select_for_update(no_key=True).order_by("pk"))
    _require_able(draft)
    _require_reason(draft, gap_reason)

    old = versions.filter(state=Rota.State.PUBLISHED).first()
    if old:
        _step_back(old)
    draft.version = (versions.aggregate(last=Max("version"))["last"] or 0) + 1
    draft.state, draft.gap_reason = Rota.State.PUBLISHED, gap_reason.strip()
    draft.published_at, draft.published_by = timezone.now(), actor
    draft.save()
    clash = Conflict(_("Somebody on this rota was put on duty elsewhere just now; look again."))
    with refusing(nobody_is_on_duty_twice=clash):
        draft.shifts.update(in_force=True)

    audit.record(action="rota.publish", target=draft, reason=draft.gap_reason)
    start_clocks(rota=draft, before=old)
    outbox.announce(RotaPublished(rota_id=draft.pk))
    return draft


def look_for_next_month(*, clock: Clock) -> None:
    """The 25th has come: when the next month is not out, its keepers hear of it."""
    require_intention()
    rota = Rota.objects.get(pk=clock.about)
    ahead = Rota.objects.filter(organisation=rota.organisation_id, state=Rota.State.PUBLISHED)
    if not ahead.filter(month=next_month(rota.month)).exists():
        outbox.announce(RotaMissing(rota_id=rota.pk))


def _step_back(old: Rota) -> None:
    """Its swaps that wait for an answer lapse: the shifts they speak of are gone."""
    old.state = Rota.State.REPLACED
    old.save(update_fields=["state"])
    old.shifts.update(in_force=False)
    waiting = Swap.objects.filter(shift__rota=old, state=Swap.State.ASKED)
    waiting.update(state=Swap.State.LAPSED, decided_at=timezone.now())


def _require_able(draft: Rota) -> None:
    """Licences end, people leave: everybody is looked at again on the day they are on."""
    shifts = draft.shifts.select_related("user__practitioner").prefetch_related("user__roles")
    draft_shifts = list(shifts.order_by("during"))
    for shift in draft_shifts:
        staffing.require_able(shift.user, draft, shift.kind, shift.specialty, shift.starts_at)
    others = _elsewhere(draft, draft_shifts)
    for shift in draft_shifts:
        for other in others.get(shift.user_id, []):
            if other.starts_at < shift.ends_at and shift.starts_at < other.ends_at:
                raise Conflict(staffing.clash_words(other), path="user")


def _elsewhere(draft: Rota, shifts: list[Shift]) -> dict[UUID, list[Shift]]:
    """What these people have in force outside this month of this institution."""
    if not shifts:
        return {}
    span: Span = (shifts[0].starts_at, max(shift.ends_at for shift in shifts))
    found = Shift.objects.filter(
        user__in={shift.user_id for shift in shifts}, in_force=True, during__overlap=span
    ).exclude(rota__organisation=draft.organisation_id, rota__month=draft.month)
    others: dict[UUID, list[Shift]] = {}
    for other in found.select_related("user", "rota__organisation"):
        others.setdefault(other.user_id, []).append(other)
    return others


def _require_reason(draft: Rota, gap_reason: str) -> None:
    gap = next(iter(gaps_of(draft)), None)
    if gap is None:
        return
    if len(gap_reason.strip()) < 4:
        sentence = _("Nobody is on at {time} ({what}); give a reason.")
        time = staffing.span_words(gap.span)
        raise Conflict(sentence.format(time=time, what=gap.label), path="gap_reason")
