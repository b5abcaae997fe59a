"""Telling people, until they know."""

from telemed.notifications.services.phoning import note_call, record_call
from telemed.notifications.services.preferring import (
    confirm_code,
    forget_codes,
    mark_code_sent,
    note_wrong_code,
    set_reach,
    start_code,
)
from telemed.notifications.services.reading import (
    follow_link,
    hush,
    keep_open,
    mark_read,
    mark_unread,
    settle,
)
from telemed.notifications.services.replying import receive_receipt, receive_reply
from telemed.notifications.services.sending import (
    claim,
    give_up,
    give_up_silent,
    mark_sent,
    retry_later,
)
from telemed.notifications.services.telling import (
    list_again,
    notify,
    notify_person,
    ring_inbox,
    to_phone_list,
)
from telemed.notifications.services.waiting import (
    put_on_phone_list,
    release_held,
    send_second,
)

__all__ = [
    "claim",
    "confirm_code",
    "follow_link",
    "forget_codes",
    "give_up",
    "give_up_silent",
    "hush",
    "keep_open",
    "list_again",
    "mark_code_sent",
    "mark_read",
    "mark_sent",
    "mark_unread",
    "note_call",
    "note_wrong_code",
    "notify",
    "notify_person",
    "put_on_phone_list",
    "receive_receipt",
    "receive_reply",
    "record_call",
    "release_held",
    "retry_later",
    "ring_inbox",
    "send_second",
    "set_reach",
    "settle",
    "start_code",
    "to_phone_list",
]
