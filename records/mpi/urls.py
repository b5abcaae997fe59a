"""Addresses of pairs of records."""

from django.urls import path

from records.mpi import views

app_name = "pairs"
urlpatterns = [
    path("", views.queue, name="queue"),
    path("<uuid:pair_id>/", views.pair, name="pair"),
    path("<uuid:pair_id>/<slug:act>/", views.decide, name="decide"),
]
