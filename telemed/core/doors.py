"""What a door says about itself."""

from collections.abc import Callable
from typing import TypeVar

from django.http import HttpResponse

View = TypeVar("View", bound=Callable[..., HttpResponse])


def form_at(name: str) -> Callable[[View], View]:
    """
    The page that holds this door's form, by the name of its address; its arguments are the same.

    A refused form goes back there with what was typed. Without it: to the page it was sent from.
    """

    def mark(view: View) -> View:
        view.form_page = name  # type: ignore[attr-defined]
        return view

    return mark
