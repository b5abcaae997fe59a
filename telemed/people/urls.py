"""Addresses of one's own account, beside those of django-allauth."""

from django.urls import path

from telemed.people import views

app_name = "people"
urlpatterns = [
    path("pin/", views.change_pin, name="pin"),
    path("pin/new/", views.new_pin, name="new_pin"),
]
