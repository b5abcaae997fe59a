"""
The whole application, and of each answer what the database had to do for it; beside it the least
that its Django can be asked: a view that answers nothing, through the same middleware.

Server-Timing of an answer: the statements of its request and the milliseconds they took. Every
statement counts, the session's and each intention's own too; BEGIN and COMMIT are none.
"""

import time
from collections.abc import Callable
from typing import Any

from channels.routing import ProtocolTypeRouter
from django.conf import settings
from django.core.asgi import get_asgi_application
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path

from records.fhir.door import FhirDoor
from telemed import urls
from telemed.asgi import application as product


class Counted:
    """The outermost middleware: whatever asks the database does so inside it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        taken: list[float] = []

        def count(execute: Callable[..., Any], *arguments: Any) -> Any:
            began = time.perf_counter()
            try:
                return execute(*arguments)
            finally:
                taken.append(time.perf_counter() - began)

        with connection.execute_wrapper(count):
            response = self.get_response(request)
        response["Server-Timing"] = f'db;dur={sum(taken) * 1000:.3f};desc="{len(taken)}"'
        return response


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


urlpatterns: list[URLPattern | URLResolver] = [path("empty/", empty), *urls.urlpatterns]
settings.ROOT_URLCONF = __name__
settings.MIDDLEWARE = [f"{__name__}.Counted", *settings.MIDDLEWARE]
door = FhirDoor(get_asgi_application())
application = ProtocolTypeRouter({**product.application_mapping, "http": door, "lifespan": door})
