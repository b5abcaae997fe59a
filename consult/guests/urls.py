"""Addresses of guests. Those of the link are short: they stand in an SMS."""

from django.urls import path

from consult.guests import consumers, views

app_name = "guests"
urlpatterns = [
    path("g/room/<uuid:room_id>/", views.room, name="room"),
    path("g/room/<uuid:room_id>/waiting/", views.waiting, name="waiting"),
    path("g/room/<uuid:room_id>/state/", views.state, name="state"),
    path("g/<str:token>/", views.door, name="door"),
    path("guests/of/<uuid:room_id>/", views.listed, name="listed"),
    path("guests/of/<uuid:room_id>/invite/", views.invite, name="invite"),
    path("guests/of/<uuid:room_id>/renew/", views.renew, name="renew"),
    path("guests/of/<uuid:room_id>/end/", views.end, name="end"),
]
websocket_urlpatterns = [path("ws/guests/<uuid:room_id>/", consumers.GuestConsumer.as_asgi())]
