"""Texts that a specialist starts an opinion from: a template, filled with what is known."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from consult.opinions.facts import sources
from consult.opinions.skeletons import BY_SPECIALTY, GENERAL, LINES, TEMPLATES, Template
from telemed.organisations.models import Specialty

BLANK = "____"  # what a doctor fills in; no opinion is signed with one left
PIECE = 4  # characters from which a piece of a template is told from anybody's words


def offered_to(specialty: str) -> tuple[Template, ...]:
    """The templates of one specialty, best first."""
    return (*(BY_SPECIALTY.get(Specialty(specialty), ()) if specialty else ()), GENERAL)


def templates_for(specialty: str) -> list[dict[str, str]]:
    """The same in the active language, with a blank for every fact: what a page can do alone."""
    return [
        {"key": one.key, "name": _(one.name), **filled(one, {})} for one in offered_to(specialty)
    ]


def find_template(specialty: str, key: str) -> Template | None:
    return next((one for one in offered_to(specialty) if one.key == key), None)


def filled(template: Template, facts: Mapping[str, str]) -> dict[str, str]:
    """
    The texts of an opinion. `facts`: by the name of their line, as facts.of_case() says them; what
    is not known stays a blank, which has to be filled or taken out before anybody signs.
    """
    wanted = dict.fromkeys([*template.facts, *(name for name in template.kept if name in facts)])
    lines = [_(LINES[name]).format(facts.get(name) or BLANK) for name in wanted]
    return {
        "findings": "\n".join([*lines, _(template.findings)]),
        "conclusion": _(template.conclusion),
        "recommendations": _(template.recommendations),
    }


def own_words(text: str) -> str:
    """Without the lines that still are what was filled in: they say what the record says."""
    filled_in = _mark_at_the_end()
    return "\n".join(line for line in text.splitlines() if not filled_in.search(line))


@cache
def _mark_at_the_end() -> re.Pattern[str]:
    ends = _in_every_language(sources)
    return re.compile(rf"[〔\[](?:{'|'.join(map(re.escape, ends))})[〕\]]\s*$")


def fixed_pieces() -> list[str]:
    """What the templates say to everybody, in every language, between their blanks."""
    texts = set(_in_every_language(_skeletons))
    pieces = {piece.strip() for text in texts for piece in re.split(rf"{BLANK}|\{{\}}", text)}
    return sorted((piece for piece in pieces if len(piece) >= PIECE), key=len, reverse=True)


def _skeletons() -> Iterable[str]:
    yield from (_(line) for line in LINES.values())
    for template in TEMPLATES:
        yield from (_(template.findings), _(template.conclusion), _(template.recommendations))


def _in_every_language(say: Callable[[], Iterable[str]]) -> set[str]:
    found: set[str] = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            found |= set(say())
    return found
