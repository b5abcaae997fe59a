"""Addresses of the platform's work."""

from django.urls import path

from telemed.upkeep import views

app_name = "upkeep"
urlpatterns = [
    path("", views.work, name="work"),
    path("events/<int:event_id>/replay/", views.replay_event, name="replay_event"),
    path("events/<int:event_id>/discard/", views.discard_event, name="discard_event"),
    path("clocks/<uuid:clock_id>/replay/", views.replay_clock, name="replay_clock"),
    path("clocks/<uuid:clock_id>/discard/", views.discard_clock, name="discard_clock"),
]
