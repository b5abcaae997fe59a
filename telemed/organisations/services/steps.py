"""What every change of an agreement does: save, remember, audit, publish."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from telemed.audit import services as audit
from telemed.core import clocks, policies, publication
from telemed.core.intentions import Actor, require_intention
from telemed.core.models import Calendar, Clock
from telemed.organisations import rules
from telemed.organisations.models import Agreement, AgreementService, AgreementStep
from telemed.organisations.models.agreements import day_range

START, END = "agreement.start", "agreement.end"


def take_step(
    *, actor: Actor, agreement: Agreement, action: str, reason: str = "", fields: tuple[str, ...]
) -> None:
    """`fields` are saved with the state; a draft stays unpublished."""
    require_intention()
    agreement.save(update_fields=["state", *fields])
    AgreementStep.objects.create(
        agreement=agreement,
        action=action,
        organisation_id=actor.organisation_id,
        actor_id=actor.actor_id,
        actor_name=getattr(actor, "name", "") if actor.actor_id.startswith("user:") else "",
        reason=reason,
    )
    audit.record(action=f"agreement.{action}", target=agreement)
    if agreement.state != Agreement.State.DRAFT:
        publication.publish(agreement)


def hold(agreement: Agreement, *, in_force: bool) -> None:
    """The lines repeat whether and how long the agreement holds, for their constraint."""
    during = day_range(agreement.starts_on, agreement.last_day)
    AgreementService.objects.filter(agreement=agreement).update(in_force=in_force, during=during)


def start_end_clock(agreement: Agreement) -> None:
    """Warns as the rule says, then ends it. What is past is left out."""
    require_intention()
    clocks.stop_clocks(about=agreement.pk, kind=END)
    now = timezone.now()
    for rung, due_at in end_rungs(agreement):
        clocks.start_clock(
            kind=END,
            about=agreement.pk,
            allowance=max(due_at - now, timedelta()),
            calendar=Calendar.WALL,
            rung=rung,
        )


def end_rungs(agreement: Agreement) -> list[tuple[int, datetime]]:
    """(rung, when), the future ones; the end itself always."""
    now = timezone.now()
    over = agreement.last_day + timedelta(days=1)
    told = warnings()
    moments = [midnight(over - timedelta(days=days)) for days in (*told, 0)]
    rungs = enumerate(moments)
    return [(rung, due_at) for rung, due_at in rungs if due_at > now or rung == len(told)]


def warnings(at: datetime | None = None) -> tuple[int, ...]:
    """Days before the end, by the rule of that moment; the end itself is the rung after them."""
    days: tuple[int, ...] = policies.value(rules.WARNINGS, at=at)
    return days


def midnight(day: date) -> datetime:
    """In China."""
    return timezone.make_aware(datetime.combine(day, time()))


def end_clocks(agreement: Agreement) -> list[Clock]:
    """The same as rows, for who writes many agreements at once."""
    return [
        Clock(kind=END, about=agreement.pk, rung=rung, calendar=Calendar.WALL, due_at=due_at)
        for rung, due_at in end_rungs(agreement)
    ]


def start_begin_clock(agreement: Agreement) -> None:
    require_intention()
    clocks.start_clock(
        kind=START,
        about=agreement.pk,
        allowance=max(midnight(agreement.starts_on) - timezone.now(), timedelta()),
        calendar=Calendar.WALL,
    )


def lock_version(agreement_id: UUID) -> Agreement | None:
    """For clocks, which see everything."""
    versions = Agreement.objects.select_for_update(of=("self",), no_key=True).select_related(
        "asking", "asked"
    )
    return versions.prefetch_related("services").filter(pk=agreement_id).first()
