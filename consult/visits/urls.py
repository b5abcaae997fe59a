"""Addresses of visits by video. Those of the link are short: they stand in an SMS."""

from django.urls import path

from consult.visits import consumers, views

app_name = "visits"
urlpatterns = [
    *views.LINKED.urls("v"),
    path("visits/<uuid:visit_id>/enter/", views.enter, name="enter"),
    path("visits/<uuid:visit_id>/link/", views.link, name="link"),
    path("visits/<uuid:visit_id>/finish/", views.finish, name="finish"),
]
websocket_urlpatterns = [path("ws/visits/<uuid:room_id>/", consumers.VisitConsumer.as_asgi())]
