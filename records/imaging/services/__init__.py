"""Keeping pictures, whole or in pieces, and opening them."""

from records.imaging.services.attaching import cover_for
from records.imaging.services.keeping import (
    Kept,
    require_upload,
    settle_studies,
    store_pictures,
    store_pictures_for,
)
from records.imaging.services.looking import (
    open_shown_study,
    open_study,
    take_document,
    take_frame,
    take_shown_frame,
)
from records.imaging.services.pieces import (
    WrongOffset,
    add_piece,
    begin_upload,
    finish_upload,
    forget_unfinished,
)
from records.imaging.services.shipping import (
    Coming,
    announce_files,
    forget_shipments,
    give_up_shipments,
    note_file,
    note_piece,
)

__all__ = [
    "Coming",
    "Kept",
    "WrongOffset",
    "add_piece",
    "announce_files",
    "begin_upload",
    "cover_for",
    "finish_upload",
    "forget_shipments",
    "forget_unfinished",
    "give_up_shipments",
    "note_file",
    "note_piece",
    "open_shown_study",
    "open_study",
    "require_upload",
    "settle_studies",
    "store_pictures",
    "store_pictures_for",
    "take_document",
    "take_frame",
    "take_shown_frame",
]
