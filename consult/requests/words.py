"""What the parts of a request are called in a sentence."""

from django.utils.translation import gettext_noop

FIELD_NAMES = {
    "reason": gettext_noop("reason"),
    "aim": gettext_noop("aim"),
    "wanted_time": gettext_noop("time wanted"),
    "summary": gettext_noop("summary"),
    "specialty": gettext_noop("wanted specialty"),
}
