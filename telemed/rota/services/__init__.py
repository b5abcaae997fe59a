"""Writes on rotas and shifts, by idea."""

from telemed.rota.services.drafting import (
    Copied,
    add_shift,
    copy_last_month,
    discard_draft,
    open_draft,
    remove_shift,
)
from telemed.rota.services.publishing import look_for_next_month, publish_rota
from telemed.rota.services.swapping import accept_swap, ask_swap, decline_swap, withdraw_swap

__all__ = [
    "Copied",
    "accept_swap",
    "add_shift",
    "ask_swap",
    "copy_last_month",
    "decline_swap",
    "discard_draft",
    "look_for_next_month",
    "open_draft",
    "publish_rota",
    "remove_shift",
    "withdraw_swap",
]
