"""Addresses of pairs of records."""

from django.urls import path

from records.mpi.views import pairs

app_name = "pairs"
urlpatterns = [
    path("", pairs.queue, name="queue"),
    path("<uuid:pair_id>/", pairs.pair, name="pair"),
    path("<uuid:pair_id>/<slug:act>/", pairs.decide, name="decide"),
]
