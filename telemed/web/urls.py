"""Addresses of the shell."""

from django.urls import path

from telemed.web import views

app_name = "web"
urlpatterns = [
    path("", views.home, name="home"),
    path("preferences/", views.prefer, name="preferences"),
    path("worker.js", views.worker, name="worker"),
    path("looks/", views.looks, name="looks"),
    path("acting/<uuid:role_id>/", views.act, name="act"),
]
