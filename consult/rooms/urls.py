"""Addresses of rooms."""

from django.urls import path

from consult.rooms import consumers, views

app_name = "rooms"
urlpatterns = [
    path("<uuid:case_id>/", views.room, name="room"),
    path("<uuid:case_id>/open/", views.reopen, name="reopen"),
    path("of/<uuid:room_id>/state/", views.state, name="state"),
    path("of/<uuid:room_id>/end/", views.end, name="end"),
    path("of/<uuid:room_id>/remove/", views.remove, name="remove"),
    path("of/<uuid:room_id>/allow/", views.allow, name="allow"),
]
websocket_urlpatterns = [path("ws/rooms/<uuid:room_id>/", consumers.RoomConsumer.as_asgi())]
