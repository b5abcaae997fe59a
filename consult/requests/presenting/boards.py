"""The first page of each role."""

from typing import Any

from django.utils.translation import gettext as _

from consult.requests import queries
from consult.requests.models import HELD, Status
from consult.requests.presenting.rows import Row, row
from telemed.people.models import Role, User

OVERSEEING = (Role.COORDINATOR, Role.DIRECTOR, Role.MEDICAL_OFFICE)


def board(actor: User) -> dict[str, Any]:
    """The first page's content."""
    needs = [row(actor, case) for case in queries.needs_me(actor)]
    waiting = [row(actor, case) for case in queries.under_way(actor)]
    role = Role(actor.role)
    oversees = role in OVERSEEING
    return {
        "needs": needs,
        "waiting": waiting,
        "soonest": next((r for r in needs if r.due_at), None),
        "asks": role == Role.TOWNSHIP_DOCTOR,
        "answers": role == Role.SPECIALIST,
        "coordinates": oversees,
        "title": _title(role, len(needs)) if oversees else "",
        "columns": _columns(role, needs, waiting) if oversees else [],
        "on_duty": _on_duty(actor) if role == Role.TOWNSHIP_DOCTOR else [],
    }


def _title(role: Role, n: int) -> str:
    match role:
        case Role.COORDINATOR:
            return (
                _("{n} requests wait for you").format(n=n) if n else _("Every request is answered")
            )
        case Role.DIRECTOR:
            return (
                _("{n} consults came up to you").format(n=n)
                if n
                else _("Nothing has come up to you")
            )
        case _:
            return (
                _("{n} consults came up to the medical office").format(n=n)
                if n
                else _("Nothing has come up to the medical office")
            )


def _columns(role: Role, needs: list[Row], waiting: list[Row]) -> list[tuple[str, list[Row]]]:
    rows = [*needs, *waiting]
    told = {r.case.pk for r in needs} if role != Role.COORDINATOR else set()

    def having(*states: Status, waits: bool = False) -> list[Row]:
        rest = [r for r in rows if r.case.pk not in told]
        return [r for r in rest if r.case.status in states and r.waits == waits]

    columns = [
        (_("To assign"), having(Status.SUBMITTED)),
        (_("Waiting for an answer"), having(Status.ROUTED)),
        (
            _("Waiting for details"),
            having(Status.SUBMITTED, Status.ROUTED, *HELD, waits=True),
        ),
        (_("In progress"), having(*HELD)),
        (_("Waiting for receipt"), having(Status.SIGNED, Status.RECEIPTED)),
    ]
    return columns if role == Role.COORDINATOR else [(_("Came up to you"), needs), *columns]


def _on_duty(actor: User) -> list[queries.Candidate]:
    return queries.on_duty_for(actor.acting_organisation)
