"""Templates that a specialist starts an opinion from, by specialty."""

from dataclasses import dataclass

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from telemed.organisations.models import Specialty

BLANK = "____"  # what a doctor fills in; no opinion is signed with one left
PIECE = 4  # characters from which a piece of a template is told from anybody's words


@dataclass(frozen=True)
class Template:
    """Msgids of a text skeleton with blanks."""

    key: str
    name: str
    findings: str
    conclusion: str
    recommendations: str


GENERAL = Template(
    key="general",
    name=gettext_noop("General consult"),
    findings=gettext_noop("History and findings as sent by the asking side; seen live: ____"),
    conclusion=gettext_noop("Considered: ____"),
    recommendations=gettext_noop(
        "1. Treatment: ____\n2. Further tests: ____\n3. Watch for: ____; call again if it occurs."
    ),
)
STROKE = Template(
    key="head_ct",
    name=gettext_noop("Head CT, acute symptoms"),
    findings=gettext_noop(
        "Head CT without contrast: no / a hyperdense area in ____; midline ____; "
        "ventricles and cisterns ____."
    ),
    conclusion=gettext_noop("Considered: ____; haemorrhage is / is not shown on the CT."),
    recommendations=gettext_noop(
        "1. Blood pressure target ____\n2. Transfer: now / not needed; by ____\n"
        "3. Repeat CT after ____ hours, at once if consciousness gets worse."
    ),
)
CHEST = Template(
    key="chest",
    name=gettext_noop("Chest CT"),
    findings=gettext_noop("Chest CT: ____ in the ____ lobe, size ____ mm, density ____ HU."),
    conclusion=gettext_noop("Considered: ____"),
    recommendations=gettext_noop("1. Treatment: ____\n2. Repeat CT after ____ months."),
)
BY_SPECIALTY = {
    Specialty.NEUROLOGY: (STROKE, GENERAL),
    Specialty.NEUROSURGERY: (STROKE, GENERAL),
    Specialty.RESPIRATORY: (CHEST, GENERAL),
}


def templates_for(specialty: str) -> list[dict[str, str]]:
    """The skeletons of one specialty in the active language, best first."""
    chosen = BY_SPECIALTY.get(Specialty(specialty), (GENERAL,)) if specialty else (GENERAL,)
    return [
        {
            "key": t.key,
            "name": _(t.name),
            "findings": _(t.findings),
            "conclusion": _(t.conclusion),
            "recommendations": _(t.recommendations),
        }
        for t in chosen
    ]


def fixed_pieces() -> list[str]:
    """What the templates say to everybody, in every language, between their blanks."""
    texts = set()
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            for template in (GENERAL, STROKE, CHEST):
                texts |= {_(template.findings), _(template.conclusion), _(template.recommendations)}
    pieces = {piece.strip() for text in texts for piece in text.split(BLANK)}
    return sorted((piece for piece in pieces if len(piece) >= PIECE), key=len, reverse=True)
