"""Teams with their panels, packages, contracts and what follows from them."""

from scheduling.registration.models.contracts import (
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
    Rejection,
    Status,
    Step,
)
from scheduling.registration.models.packages import Group, Package
from scheduling.registration.models.teams import DOCTORS, Function, Member, Panel, Team

__all__ = [
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
    "Contract",
    "Episode",
    "Function",
    "Group",
    "Member",
    "Package",
    "Panel",
    "Rejection",
    "Status",
    "Step",
    "Team",
]
