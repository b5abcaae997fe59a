"""Writes on teams, packages and contracts, by idea."""

from scheduling.registration.services.applying import apply, withdraw
from scheduling.registration.services.claiming import PanelFull
from scheduling.registration.services.dying import end_for_death
from scheduling.registration.services.ending import end, miss_hand_over, write_hand_over
from scheduling.registration.services.opening import open_contract, open_desk, open_text
from scheduling.registration.services.packages import Content, add_package, end_package
from scheduling.registration.services.renewing import renew
from scheduling.registration.services.reviewing import (
    agree,
    climb_review,
    open_review,
    reject,
    reopen,
)
from scheduling.registration.services.running import (
    ask_renewal,
    await_signature,
    begin,
    run_out,
)
from scheduling.registration.services.signers import signers_of
from scheduling.registration.services.signing import sign
from scheduling.registration.services.teams import (
    add_member,
    change_team,
    close_team,
    end_member,
    found_team,
)

__all__ = [
    "Content",
    "PanelFull",
    "add_member",
    "add_package",
    "agree",
    "apply",
    "ask_renewal",
    "await_signature",
    "begin",
    "change_team",
    "climb_review",
    "close_team",
    "end",
    "end_for_death",
    "end_member",
    "end_package",
    "found_team",
    "miss_hand_over",
    "open_contract",
    "open_desk",
    "open_review",
    "open_text",
    "reject",
    "renew",
    "reopen",
    "run_out",
    "sign",
    "signers_of",
    "withdraw",
    "write_hand_over",
]
