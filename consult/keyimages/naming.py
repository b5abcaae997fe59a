"""The name of the picture of a key image that was kept by its number alone (ADR 0057)."""

from typing import Any

from consult.keyimages.models import KeyImage
from records.imaging.manifest import stacks_of
from records.imaging.queries import find_series

Json = dict[str, Any]
PICTURE = "picture"


def with_name(key_image: KeyImage) -> tuple[Json, list[Json]]:
    """
    Its view and its marks, with the picture where that is known without doubt; else as kept.

    What was signed with it is the row, which stays as it is.
    """
    view, marks = key_image.view, key_image.marks
    if PICTURE in view or not (name := _name(key_image)):
        return view, marks
    return view | {PICTURE: name}, [{PICTURE: name} | mark for mark in marks]


def _name(key_image: KeyImage) -> str:
    """
    No page on which it was kept is older than its case: when nothing came to the series between
    that beginning and the keeping, the number was the place in what had come before.
    """
    begun, kept = key_image.case.created_at, key_image.created_at
    uid, _hash, _place = key_image.series.partition("#")
    series = find_series(key_image.study_id, uid, still=(begun, kept))
    if series is None:
        return ""
    stacks = {stack["uid"]: stack for stack in stacks_of(series, series.study)}
    stack = stacks.get(key_image.series)
    if stack is None or key_image.slice >= len(stack["slices"]):
        return ""
    one = stack["common"] | stack["slices"][key_image.slice]
    return f"{one['instance']}/{one['frame']}"
