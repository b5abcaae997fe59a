"""Addresses of the shared desk, beside those of one's own account."""

from django.urls import path

from telemed.desks import views

app_name = "desks"
urlpatterns = [
    path("", views.desk, name="desk"),
    path("join/", views.join, name="join"),
    path("leave/", views.leave, name="leave"),
    path("seats/<uuid:seat_id>/end/", views.end, name="end"),
]
