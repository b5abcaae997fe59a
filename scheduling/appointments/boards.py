"""The address of a screen, and the groups in which its socket hears."""

from uuid import UUID

from telemed.core.secrecy import keyed_hash

TOKEN = 22  # characters of 6 bits: nothing to guess


def token_of(board_id: UUID) -> str:
    """Made anew whenever it is shown, so that no backup holds one."""
    return keyed_hash(str(board_id), purpose="booking.board")[:TOKEN]


def digest_of(token: str) -> str:
    return keyed_hash(token, purpose="booking.board.kept")


def group_of(place_id: UUID) -> str:
    """Of a department's boards, or of those of a whole hospital."""
    return f"board.{place_id}"
