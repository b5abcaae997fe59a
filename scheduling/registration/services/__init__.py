"""Writes on teams, packages and contracts, by idea."""

from scheduling.registration.services.applying import apply, withdraw
from scheduling.registration.services.claiming import PanelFull
from scheduling.registration.services.closing import (
    begin_closing,
    hand_over_part,
    open_left,
    resume_team,
    settle_left,
)
from scheduling.registration.services.coming_of_age import (
    ask_own_signature,
    ask_those_in_force,
    sign_own,
)
from scheduling.registration.services.complaining import uphold_complaint
from scheduling.registration.services.doctors_leaving import (
    announce_gone,
    hand_on_part,
    name_successor,
)
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
    end_member,
    found_team,
)

__all__ = [
    "Content",
    "PanelFull",
    "add_member",
    "add_package",
    "agree",
    "announce_gone",
    "apply",
    "ask_own_signature",
    "ask_renewal",
    "ask_those_in_force",
    "await_signature",
    "begin",
    "begin_closing",
    "change_team",
    "climb_review",
    "end",
    "end_for_death",
    "end_member",
    "end_package",
    "found_team",
    "hand_on_part",
    "hand_over_part",
    "miss_hand_over",
    "name_successor",
    "open_contract",
    "open_desk",
    "open_left",
    "open_review",
    "open_text",
    "reject",
    "renew",
    "reopen",
    "resume_team",
    "run_out",
    "settle_left",
    "sign",
    "sign_own",
    "signers_of",
    "uphold_complaint",
    "withdraw",
    "write_hand_over",
]
