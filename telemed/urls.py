"""All addresses."""

from django.urls import URLPattern, include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("patients/", include("records.chart.urls")),
]
websocket_urlpatterns: list[URLPattern] = []
