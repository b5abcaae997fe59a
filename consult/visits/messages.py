"""What is said about a visit by video; the patient is never named."""

from uuid import UUID

from django.utils.translation import gettext_noop as _

from consult.visits.secrets import path_of
from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""

    def door(about: UUID) -> str:
        return path_of(about)

    register("visit.link", _("Video visit {time}, {org}: {link}"), "N", address=door)
    register("visit.soon", _("Your video visit is at {time}. Enter: {link}"), "N", address=door)
    register("visit.waiting", _("Your patient of {time} waits in the video room"), "N")
