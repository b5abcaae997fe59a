"""Addresses of rooms."""

from django.urls import path

from consult.rooms import consumers
from consult.rooms.views import checking, engine, guests, recounting, rooms, seeing, watching

app_name = "rooms"
urlpatterns = [
    path("", watching.board, name="board"),
    path("engine/", engine.receive, name="engine"),
    path("<uuid:matter_id>/", rooms.room, name="room"),
    path("<uuid:matter_id>/open/", rooms.reopen, name="reopen"),
    path("of/<uuid:room_id>/state/", rooms.state, name="state"),
    path("of/<uuid:room_id>/record/", recounting.record, name="record"),
    path("of/<uuid:room_id>/relays/", checking.relays, name="relays"),
    path("of/<uuid:room_id>/measure/", checking.measure, name="measure"),
    path("of/<uuid:room_id>/call/", watching.call, name="call"),
    path("of/<uuid:room_id>/end/", rooms.end, name="end"),
    path("of/<uuid:room_id>/remove/", rooms.remove, name="remove"),
    path("of/<uuid:room_id>/allow/", rooms.allow, name="allow"),
    path("of/<uuid:room_id>/waiting/", guests.waiting, name="waiting"),
    path("of/<uuid:room_id>/people/", guests.people, name="people"),
    path("of/<uuid:room_id>/invite/", guests.invite, name="invite"),
    path("of/<uuid:room_id>/admit/", guests.admit, name="admit"),
    path("of/<uuid:room_id>/refuse/", guests.refuse, name="refuse"),
    path("of/<uuid:room_id>/hold/", guests.hold, name="hold"),
    path("of/<uuid:room_id>/resume/", guests.resume, name="resume"),
    path("of/<uuid:room_id>/shown/", seeing.shown, name="shown"),
    path(
        "of/<uuid:room_id>/shown/<uuid:instance_id>/<int:index>/pixels",
        seeing.pixels,
        name="shown_pixels",
    ),
    path(
        "of/<uuid:room_id>/shown/<uuid:instance_id>/<int:index>/preview.jpg",
        seeing.preview,
        name="shown_preview",
    ),
    path(
        "of/<uuid:room_id>/shown/<uuid:instance_id>/samples", seeing.samples, name="shown_samples"
    ),
    path(
        "of/<uuid:room_id>/shown/key-images/<uuid:key_image_id>.jpg",
        seeing.key_image,
        name="shown_key_image",
    ),
]
websocket_urlpatterns = [path("ws/rooms/<uuid:room_id>/", consumers.RoomConsumer.as_asgi())]
