"""Where probes ask."""

from django.urls import path

from telemed.web import health

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
]
