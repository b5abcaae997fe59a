"""Addresses of the inbox."""

from django.urls import path

from telemed.notifications import views

app_name = "notifications"
urlpatterns = [
    path("", views.inbox, name="inbox"),
    path("read/", views.read_all, name="read_all"),
    path("<uuid:pk>/", views.follow, name="follow"),
]
