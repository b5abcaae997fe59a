"""Writes on rotas and shifts, by idea."""

from telemed.rota.services.drafting import (
    Copied,
    add_shift,
    copy_last_month,
    discard_draft,
    open_draft,
    remove_shift,
)
from telemed.rota.services.handing_over import (
    acknowledge,
    keep_item,
    list_what_is_open,
    miss_incoming,
    take_item,
)
from telemed.rota.services.importing import Brought, import_shifts
from telemed.rota.services.publishing import look_for_next_month, publish_rota
from telemed.rota.services.swapping import accept_swap, ask_swap, decline_swap, withdraw_swap

__all__ = [
    "Brought",
    "Copied",
    "accept_swap",
    "acknowledge",
    "add_shift",
    "ask_swap",
    "copy_last_month",
    "decline_swap",
    "discard_draft",
    "import_shifts",
    "keep_item",
    "list_what_is_open",
    "look_for_next_month",
    "miss_incoming",
    "open_draft",
    "publish_rota",
    "remove_shift",
    "take_item",
    "withdraw_swap",
]
