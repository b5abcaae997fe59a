"""Addresses of recordings."""

from django.urls import path

from consult.recordings.views import making, watching

app_name = "recordings"
urlpatterns = [
    path("of/<uuid:room_id>/", making.state, name="state"),
    path("of/<uuid:room_id>/ask/", making.ask, name="ask"),
    path("<uuid:recording_id>/", watching.page, name="page"),
    path("<uuid:recording_id>/media/", watching.media, name="media"),
    path("<uuid:recording_id>/answer/", making.answer, name="answer"),
    path("<uuid:recording_id>/stop/", making.stop, name="stop"),
    path("<uuid:recording_id>/pieces/<int:number>/", making.piece, name="piece"),
    path("<uuid:recording_id>/finish/", making.finish, name="finish"),
]
