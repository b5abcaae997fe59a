"""The few words of a screen, in both languages at once: nobody in the waiting room switches it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext

from scheduling.appointments.screens import LANGUAGES


@dataclass(frozen=True)
class Both:
    zh: str
    en: str


def both(say: Callable[[], str]) -> Both:
    said = []
    for language in LANGUAGES:
        with override(language):
            said.append(say())
    return Both(*said)


def words() -> dict[str, Both]:
    return {
        "title": both(lambda: _("Now calling")),
        "call": both(lambda: pgettext("board", "Please come in")),
        "inside": both(lambda: pgettext("board", "With the doctor")),
        "next": both(lambda: pgettext("board", "Next")),
        "nobody": both(lambda: pgettext("board", "Nobody is called")),
        "stopped": both(lambda: pgettext("board", "No clinic today: ask at the desk")),
        "empty": both(lambda: pgettext("board", "No clinic just now")),
        "as_of": both(lambda: pgettext("board", "As of")),
        "lost": both(lambda: pgettext("board", "No connection: please listen for your number")),
        "ended": both(lambda: _("The desk has ended this screen.")),
    }


def late(minutes: int) -> Both:
    def say() -> str:
        sentence = ngettext("About {n} minute late", "About {n} minutes late", minutes)
        return sentence.format(n=minutes)

    return both(say)
