"""All addresses."""

from django.urls import URLPattern, include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("", include("telemed.web.health_urls")),
]
websocket_urlpatterns: list[URLPattern] = []
