"""The socket of who came to a visit by a link: the room's own, under another key."""

from consult.rooms.consumers import LinkConsumer
from consult.visits import queries
from consult.visits.secrets import KIND


class VisitConsumer(LinkConsumer):
    """/ws/visits/<room>/"""

    kind = KIND
    links = queries
