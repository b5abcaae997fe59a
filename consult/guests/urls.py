"""Addresses of guests. Those of the link are short: they stand in an SMS."""

from django.urls import path

from consult.guests import consumers, views

app_name = "guests"
urlpatterns = [
    *views.LINKED.urls("g"),
    path("guests/of/<uuid:room_id>/", views.listed, name="listed"),
    path("guests/of/<uuid:room_id>/invite/", views.invite, name="invite"),
    path("guests/of/<uuid:room_id>/renew/", views.renew, name="renew"),
    path("guests/of/<uuid:room_id>/end/", views.end, name="end"),
]
websocket_urlpatterns = [path("ws/guests/<uuid:room_id>/", consumers.GuestConsumer.as_asgi())]
