"""Why somebody may see a record, in words. A slice that registers a relationship adds its own."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from records.consent.relationships import OPEN_CASE, OWN_RECORD, TREATED_HERE


@dataclass(frozen=True)
class Reason:
    """A short form for the banner and a sentence for "why may I see this?"."""

    short: str | Promise
    sentence: str | Promise


_reasons = {
    OWN_RECORD: Reason(
        gettext_lazy("it is your own record"),
        gettext_lazy("This is your own record: you may read all of it at any time."),
    ),
    TREATED_HERE: Reason(
        gettext_lazy("treated at your institution"),
        gettext_lazy("This patient is registered for treatment at the institution you act for."),
    ),
    OPEN_CASE: Reason(
        gettext_lazy("an open consult"),
        gettext_lazy("A consult about this patient is open, and you take part in it."),
    ),
}


def register(code: str, short: str | Promise, sentence: str | Promise) -> None:
    """Called in ready(), beside access.register()."""
    _reasons[code] = Reason(short, sentence)


def in_words(code: str) -> Reason:
    """That reason; its bare code where its slice gave no words."""
    return _reasons.get(code) or Reason(code, _("A rule with the name {}.").format(code))
