"""What is said about an opinion."""

from django.utils.translation import gettext_noop as text

from telemed.notifications.messages import register


def register_all() -> None:
    """Called in ready()."""
    register("opinion.signed", text("The opinion on {no} is signed {link}"), "U", resident="N")
    register(
        "opinion.amended",
        text("{no} has a new version; please read {link}"),
        "U",
        resident="N",
        legal=True,
    )
    register("opinion.unsigned", text("{no}: opinion ready but unsigned for {n} min"), "U")
    register("mdt.statement", text("State your view on {no}: agree or dissent"), "N")
