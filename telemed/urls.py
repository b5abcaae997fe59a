"""All addresses."""

from django.urls import URLPattern, include, path

from consult.rooms import urls as rooms
from telemed.notifications.consumers import InboxConsumer

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("rooms/", include("consult.rooms.urls")),
]
websocket_urlpatterns: list[URLPattern] = [
    *rooms.websocket_urlpatterns,
    path("ws/inbox/", InboxConsumer.as_asgi()),
]
