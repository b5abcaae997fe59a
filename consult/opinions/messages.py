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
    register(
        "opinion.withdrawn",
        _("The opinion on {no} was withdrawn; do not act on it {link}"),
        "U",
        resident="N",
        legal=True,
    )
    register("opinion.withdrawal_asked", _("{who} asks you to withdraw the opinion on {no}"), "U")
    register("opinion.withdrawal_dropped", _("{who}: the opinion on {no} is not withdrawn"), "N")
    register("opinion.amendment_asked", _("The medical office asks you to amend {no} {link}"), "U")
    register("opinion.unsigned", _("{no}: opinion ready but unsigned for {n} min"), "U")
    register("opinion.write_along", _("{who} asks you to write along on {no} {link}"), "N")
    register("mdt.statement", _("State your view on {no}: agree or dissent"), "N")
    register("mdt.unstated", _("{who} stated no view on {no} in time"), "N")
