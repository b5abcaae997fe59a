"""Writes on guests without an account, by idea."""

from consult.guests.services.entering import enter, knock
from consult.guests.services.following import follow_room
from consult.guests.services.inviting import invite, renew, take_back

__all__ = ["enter", "follow_room", "invite", "knock", "renew", "take_back"]
