"""The first page of each role: a slice registers its view in ready()."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

View = Callable[..., HttpResponse]
_homes: dict[str, View] = {}


def register(role: str, view: View) -> None:
    """Called in ready(). Two homes for one role are a mistake."""
    if _homes.setdefault(role, view) is not view:
        raise ValueError(f"{role} has a home already.")


def open_home(request: HttpRequest, role: str, default: View) -> HttpResponse:
    """The page of that role, or the default where no slice has one."""
    return _homes.get(role, default)(request)
