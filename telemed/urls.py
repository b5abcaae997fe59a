"""All addresses."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("organisations/", include("telemed.organisations.urls")),
    path("patients/", include("records.consent.urls")),
]
if settings.DEMO:
    urlpatterns += [path("demo/", include("telemed.demo.urls"))]
websocket_urlpatterns: list[URLPattern] = []
