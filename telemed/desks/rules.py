"""Whether an institution lets its doctors change over with a PIN."""

from django.utils.translation import gettext_lazy as _

from telemed.core import policies

SHARED = "desks.shared"


def define() -> None:
    """Called in ready()."""
    policies.define(
        SHARED,
        label=_("Doctors may share a desk"),
        kind=policies.Switch(),
        default=True,
        group=_("Accounts"),
        help=_(
            "On one browser, doctors who signed in there today change over with their PIN. Never "
            "administrators or auditors."
        ),
    )
