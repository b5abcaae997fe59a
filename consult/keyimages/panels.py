"""What the page of a case, the room and an opinion show of key images."""

from typing import Any

from django.urls import reverse

from consult.keyimages import naming, permissions, queries
from consult.keyimages.models import KeyImage
from consult.requests.models import Case
from consult.requests.panels import Panel
from records.imaging.presenting import as_choice, news_of
from records.imaging.queries import studies_of
from telemed.people.models import User

Json = dict[str, Any]
STUDIES = 20  # to choose from: those of the case first, then the person's newest


def panel(actor: User, case: Case) -> Json | None:
    """The strip on the page of a case, for who may read the images; None where there is none."""
    kept = queries.visible_of(actor, case)
    may_open = permissions.may_keep(actor, case) and bool(case.studies.count())
    if not kept and not may_open:
        return None
    return {
        "case": case,
        "me": actor,
        "key_images": kept,
        "may_place": permissions.may_place(actor, case),
        "may_open": may_open,
    }


def of_opinion(sealed: list[Json]) -> list[KeyImage]:
    """Those that an opinion was signed with, in their order, as they were then."""
    found = queries.by_ids(one["id"] for one in sealed)
    return [found[one["id"]] for one in sealed if one["id"] in found]


def desk(actor: User, case: Case) -> Json:
    """What the desk (imaging/desk.js) opens with: studies, key images, and where to keep them."""
    attached = {study.pk for study in case.studies.all()}
    theirs = list(studies_of(actor, case.patient)[:STUDIES])
    theirs.sort(key=lambda study: study.pk not in attached)
    may_keep = permissions.may_keep(actor, case)
    return {
        "studies": [as_choice(study) for study in theirs],
        "keyImages": [as_data(one) for one in queries.visible_of(actor, case)],
        "keep": reverse("keyimages:keep", args=[case.pk]) if may_keep else "",
        "me": str(actor.pk),
        "news": news_of(case.patient),
    }


def as_data(key_image: KeyImage) -> Json:
    """For the viewer's strip."""
    view, marks = naming.with_name(key_image)
    return {
        "id": str(key_image.pk),
        "study": str(key_image.study_id),
        "series": key_image.series,
        "slice": key_image.slice,
        "view": view,
        "marks": marks,
        "caption": key_image.caption,
        "by": str(key_image.made_by_id),
        "picture": reverse("keyimages:picture", args=[key_image.pk]),
        "remove": reverse("keyimages:remove", args=[key_image.pk]),
    }


KEY_IMAGES = Panel(template="keyimages/_strip.html", context=panel, below=True)
