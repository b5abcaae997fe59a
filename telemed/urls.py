"""All addresses."""

from django.urls import URLPattern, include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("images/", include("records.imaging.urls")),
]
websocket_urlpatterns: list[URLPattern] = []
