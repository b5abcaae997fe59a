"""The desk's screens: showing one, and ending it."""

from uuid import UUID

from django.utils.translation import gettext as _

from scheduling.appointments.boards import digest_of, group_of, token_of
from scheduling.appointments.models import Board
from scheduling.appointments.permissions import CLERKS
from scheduling.appointments.screens import get_own_board, running_boards
from telemed.audit import services as audit
from telemed.core import moments
from telemed.core.doorbells import ring_group
from telemed.core.errors import NotFound, require
from telemed.core.ids import new_id
from telemed.core.intentions import require_intention
from telemed.organisations.models import Department, Organisation
from telemed.people.models import User


def open_boards(*, actor: User) -> list[Board]:
    """Those of the own hospital; whoever sees them sees their links."""
    return running_boards(_own(actor))


def open_board(*, actor: User, department_id: UUID | None) -> Board:
    """One for a place, whoever asks how often. Without a department, of the whole hospital."""
    hospital = _own(actor)
    department = None
    if department_id:
        department = Department.objects.filter(pk=department_id, organisation=hospital).first()
        if department is None:
            raise NotFound(_("Please choose a department of your hospital."), path="department")
    board = Board(pk=new_id(), organisation=hospital, department=department, made_by=actor)
    board.digest = digest_of(token_of(board.pk))
    # Of two desks at once the second finds the first's: one_running_board_of_a_place.
    Board.objects.bulk_create([board], ignore_conflicts=True)
    kept = Board.objects.get(organisation=hospital, department=department, ended_at=None)
    if kept.pk == board.pk:
        audit.record(action="board.open", target=board)
    return kept


def end_board(*, actor: User, board_id: UUID) -> None:
    """Its link opens nothing any more, and the screen says so."""
    hospital = _own(actor)
    board = get_own_board(hospital, board_id)
    if board.ended_at is not None:
        return
    board.ended_at, board.ended_by = moments.now(), actor
    board.save(update_fields=["ended_at", "ended_by"])
    audit.record(action="board.end", target=board)
    ring_group(group_of(board.department_id or hospital.pk), type="board.rang")


def _own(actor: User) -> Organisation:
    require_intention()
    require(actor.role in CLERKS, _("The desk sets up the screens of its hospital."))
    return actor.acting_organisation
