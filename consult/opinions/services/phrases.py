"""Keeping the phrases that opinions are written with."""

import re
from uuid import UUID

from django.utils.translation import gettext as _

from consult.opinions.models import PHRASE, Phrase
from consult.opinions.queries import MAX_PHRASES, get_phrase, own_specialty, phrases_of
from telemed.audit import services as audit
from telemed.core.errors import Conflict, Invalid, require
from telemed.core.intentions import refusing, require_intention
from telemed.people.models import Role, User

SHORT = re.compile(r"\w{1,20}")


def keep_phrase(
    *, actor: User, short: str, text: str, shared: bool = False, phrase_id: UUID | None = None
) -> Phrase:
    """
    A new phrase, or with `phrase_id` that one changed; `shared` gives it to the department.

    Raises Conflict where the short form is in use already.
    """
    require_intention()
    require(actor.role == Role.SPECIALIST, _("Only specialists keep phrases."))
    phrase = get_phrase(actor, phrase_id, lock=True) if phrase_id else _new(actor)
    phrase.short, phrase.text = _short(short), _text(text)
    phrase.shared, phrase.specialty = shared, own_specialty(actor)
    if shared and not phrase.specialty:
        raise Invalid(_("Your licence names no specialty to share it with."), path="shared")
    taken = Conflict(_("There is a phrase with this short form already."), path="short")
    with refusing(one_own_phrase_a_short=taken, one_department_phrase_a_short=taken):
        phrase.save()
    audit.record(action="phrase.keep", target=phrase)
    return phrase


def drop_phrase(*, actor: User, phrase_id: UUID) -> None:
    """It is offered no more; what was written with it stays. Dropping again changes nothing."""
    require_intention()
    phrase = get_phrase(actor, phrase_id, lock=True)
    audit.record(action="phrase.drop", target=phrase)
    phrase.delete()


def _new(actor: User) -> Phrase:
    if len(phrases_of(actor)) >= MAX_PHRASES:
        message = _("At most {n} phrases are kept; drop one first.").format(n=MAX_PHRASES)
        raise Conflict(message, path="short")
    return Phrase(writer=actor, organisation=actor.acting_organisation)


def _short(typed: str) -> str:
    short = typed.strip().lstrip(";；").lower()
    if not SHORT.fullmatch(short):
        message = _("A short form has 1 to {n} letters, figures or characters, no spaces.")
        raise Invalid(message.format(n=PHRASE["short"]), path="short")
    return short


def _text(typed: str) -> str:
    text = typed.replace("\r\n", "\n").strip()
    if not text or "\x00" in text or len(text) > PHRASE["text"]:
        message = _("Write 1 to {n} characters.").format(n=PHRASE["text"])
        raise Invalid(message, path="text")
    return text
