"""Many shifts at once, into the drafts of their months."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from telemed.audit import services as audit
from telemed.core import bringing, tables
from telemed.core.errors import Conflict, DomainError, require
from telemed.core.intentions import require_intention
from telemed.people.models import User
from telemed.rota import sheet
from telemed.rota.models import Rota
from telemed.rota.permissions import may_keep
from telemed.rota.services.drafting import add_shift, open_draft


@dataclass
class Brought(bringing.Brought):
    """And the months whose drafts it went into."""

    months: dict[date, Rota] = field(default_factory=dict)


def import_shifts(*, actor: User, content: bytes, only_good: bool = False) -> Brought:
    """All rows or none; or the good ones when that was chosen. Twice is once."""
    require_intention()
    require(may_keep(actor), _("Coordinators and duty directors keep the rota."))
    rows = tables.read(tables.decode(content), sheet.COLUMNS)
    people = {user.username: user for user in _people(rows)}
    brought = Brought()
    for row in rows:
        sent, mistakes = sheet.shape(row)
        try:
            if not mistakes:
                _store(actor, sent, people, brought)
        except DomainError as error:
            mistakes = [sheet.mistake(row, error.path, error.message)]
        brought.mistakes += mistakes
    brought.settle(only_good=only_good)
    audit.record(action="rota.import", target=f"Rota/{len(rows)} rows")
    return brought


def _people(rows: list[tables.Row]) -> list[User]:
    names = {row.values["username"].lower() for row in rows}
    return list(User.objects.filter(username__in=names))


def _store(actor: User, sent: dict[str, Any], people: dict[str, User], brought: Brought) -> None:
    person = people.get(sent["username"].lower())
    if person is None:
        raise Conflict(_("There is no account of this name."), path="username")
    month = sent["day"].replace(day=1)
    if month not in brought.months:
        brought.months[month] = open_draft(actor=actor, month=month)
    draft = brought.months[month]
    starts_at, ends_at = sent["span"]
    there = draft.shifts.filter(user=person, kind=sent["kind"], specialty=sent["specialty"])
    if there.filter(during=(starts_at, ends_at)).exists():
        brought.known += 1
        return
    add_shift(
        actor=actor,
        rota_id=draft.pk,
        user_id=person.pk,
        kind=sent["kind"],
        specialty=sent["specialty"],
        starts_at=starts_at,
        ends_at=ends_at,
        phone=sent["phone"],
    )
    brought.stored += 1
