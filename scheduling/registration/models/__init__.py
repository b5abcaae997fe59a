"""Teams with their panels, packages, contracts and what follows from them."""

from scheduling.registration.models.closings import Closing, Left, Share
from scheduling.registration.models.contracts import (
    CHOOSES,
    IN_CARE,
    LIVE,
    OPEN,
    REFUSED,
    SIGNED,
    TRANSITIONS,
    Assignment,
    Because,
    Channel,
    Contract,
    Episode,
    OwnSignature,
    Rejection,
    Status,
    Step,
    years_after,
)
from scheduling.registration.models.packages import Group, Package
from scheduling.registration.models.teams import DOCTORS, Function, Member, Panel, Team

__all__ = [
    "CHOOSES",
    "DOCTORS",
    "IN_CARE",
    "LIVE",
    "OPEN",
    "REFUSED",
    "SIGNED",
    "TRANSITIONS",
    "Assignment",
    "Because",
    "Channel",
    "Closing",
    "Contract",
    "Episode",
    "Function",
    "Group",
    "Left",
    "Member",
    "OwnSignature",
    "Package",
    "Panel",
    "Rejection",
    "Share",
    "Status",
    "Step",
    "Team",
    "years_after",
]
