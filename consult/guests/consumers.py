"""The socket of a guest who came by a link: the room's own, under another key."""

from consult.guests import queries
from consult.guests.secrets import KIND
from consult.rooms.consumers import LinkConsumer


class GuestConsumer(LinkConsumer):
    """/ws/guests/<room>/"""

    kind = KIND
    links = queries
