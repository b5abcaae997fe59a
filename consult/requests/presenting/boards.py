"""The first page of each role."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from consult.requests import queries
from consult.requests.models import ANSWERED, HELD, UNANSWERED, Status
from consult.requests.presenting.rows import Row, row
from telemed.people.models import Role, User

OVERSEEING = (Role.COORDINATOR, Role.DIRECTOR, Role.MEDICAL_OFFICE)


@dataclass(frozen=True)
class Column:
    """One stage of the board. On a phone only the one that `stands` is shown."""

    key: str
    title: str
    rows: list[Row]
    stands: bool


def board(actor: User, column: str = "") -> dict[str, Any]:
    """The first page's content; `column` is the stage that a phone shows of the board."""
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
        "columns": _columns(role, needs, waiting, column) if oversees else [],
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


def _columns(role: Role, needs: list[Row], waiting: list[Row], wanted: str) -> list[Column]:
    """The wanted one stands, else the first in which there is anything."""
    above = needs if role != Role.COORDINATOR else []
    told = {row.case.pk for row in above}
    rest = [row for row in [*needs, *waiting] if row.case.pk not in told]

    def having(*states: Status, waits: bool = False) -> list[Row]:
        return [r for r in rest if r.case.status in states and r.waits == waits]

    stages = {
        **({"above": (_("Came up to you"), above)} if role != Role.COORDINATOR else {}),
        "assign": (_("To assign"), having(Status.SUBMITTED)),
        "answer": (_("Waiting for an answer"), having(Status.ROUTED)),
        "details": (_("Waiting for details"), having(*UNANSWERED, *HELD, waits=True)),
        "progress": (_("In progress"), having(*HELD)),
        "receipt": (_("Waiting for receipt"), having(*ANSWERED)),
    }
    first = next((key for key, (_title, rows) in stages.items() if rows), next(iter(stages)))
    stands = wanted if wanted in stages else first
    return [Column(key, title, rows, key == stands) for key, (title, rows) in stages.items()]


def _on_duty(actor: User) -> list[queries.Candidate]:
    return queries.on_duty_for(actor.acting_organisation)
