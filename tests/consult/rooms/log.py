"""What a room's log holds."""


def kinds(room):
    return list(room.events.order_by("seq").values_list("kind", flat=True))
