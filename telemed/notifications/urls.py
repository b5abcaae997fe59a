"""Addresses of messages."""

from django.urls import path

from telemed.notifications.views import gateway, inbox, phone, reach, sent

app_name = "notifications"
urlpatterns = [
    path("", inbox.inbox, name="inbox"),
    path("read/", inbox.read_all, name="read_all"),
    path("unread/", inbox.take_back, name="take_back"),
    path("about/<uuid:about>/read/", inbox.read, name="read"),
    path("<uuid:pk>/", inbox.follow, name="follow"),
    path("reach/", reach.reach, name="reach"),
    path("reach/code/", reach.ask_code, name="ask_code"),
    path("reach/confirm/", reach.confirm, name="confirm"),
    path("phone/", phone.phone_list, name="phone"),
    path("phone/paper/", phone.paper, name="phone_paper"),
    path("phone/<uuid:pk>/", phone.call, name="call"),
    path("sent/", sent.sent, name="sent"),
    path("gateway/", gateway.receive, name="gateway"),
]
