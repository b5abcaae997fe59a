"""What is said about an opinion."""

from django.utils.translation import gettext_noop as _

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("opinion.signed", _("The opinion on {no} is signed {link}"), "U", resident="N")
    register(
        "opinion.amended",
        _("{no} has a new version; please read {link}"),
        "U",
        resident="N",
        legal=True,
    )
    register("opinion.unsigned", _("{no}: opinion ready but unsigned for {n} min"), "U")
    register("mdt.statement", _("State your view on {no}: agree or dissent"), "N")
