"""Many weekly templates at once, from a file."""

from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from scheduling.availability import sheet
from scheduling.availability.models import Template
from scheduling.availability.permissions import may_keep
from scheduling.availability.services.offering import Offer
from scheduling.availability.services.stopping import not_yours
from scheduling.availability.services.weekly import keep_template, replan
from telemed.audit import services as audit
from telemed.core import bringing, tables
from telemed.core.errors import Conflict, DomainError, require
from telemed.core.intentions import require_intention
from telemed.people.models import User

KEPT = ("capacity", "period_minutes", "kind", "service", "room")


def import_templates(*, actor: User, content: bytes, only_good: bool = False) -> bringing.Brought:
    """All rows or none; or the good ones when that was chosen. Twice is once."""
    require_intention()
    require(may_keep(actor), not_yours())
    rows = tables.read(tables.decode(content), sheet.COLUMNS)
    organisation = actor.acting_organisation
    departments = dict(organisation.departments.values_list("name", "pk"))
    names = {row.values["username"].lower() for row in rows}
    people = dict(User.objects.filter(username__in=names).values_list("username", "pk"))
    brought = bringing.Brought()
    for row in rows:
        sent, mistakes = sheet.shape(row)
        try:
            if not mistakes:
                _store(actor, sent, departments, people, brought)
        except DomainError as error:
            mistakes = [sheet.mistake(row, error.path, error.message)]
        brought.mistakes += mistakes
    brought.settle(only_good=only_good)
    audit.record(action="template.import", target=f"Template/{len(rows)} rows")
    replan(organisation)
    return brought


def _store(
    actor: User,
    sent: dict[str, Any],
    departments: dict[str, UUID],
    people: dict[str, UUID],
    brought: bringing.Brought,
) -> None:
    if sent["department"] not in departments:
        raise Conflict(_("There is no department of this name."), path="department")
    username = sent["username"].lower()
    if username and username not in people:
        raise Conflict(_("There is no account of this name."), path="username")
    offer = Offer(
        department_id=departments[sent["department"]],
        clinician_id=people.get(username),
        **{name: sent[name] for name in KEPT},
    )
    when = {name: sent[name] for name in ("weekday", "starts", "ends")}
    there = Template.objects.filter(
        **when, department=offer.department_id, clinician=offer.clinician_id, room=offer.room
    )
    if there.exclude(until__lt=timezone.localdate()).exists():
        brought.known += 1
        return
    since = sent["since"] or timezone.localdate()
    keep_template(actor=actor, offer=offer, since=since, **when)
    brought.stored += 1
