"""Addresses of devices."""

from django.urls import path

from telemed.devices import views

app_name = "devices"
urlpatterns = [
    path("", views.home, name="home"),
    path("new/", views.new, name="new"),
    path("import/", views.bring, name="import"),
    path("import/template.csv", views.template, name="template"),
    path("link/", views.link, name="link"),
    path("link/sample/", views.sample, name="sample"),
    path("of/<uuid:organisation_id>/", views.clinic, name="clinic"),
    path("of/<uuid:organisation_id>/ticket/", views.ticket, name="ticket"),
    path("<uuid:device_id>/used/", views.used, name="used"),
    path("<uuid:device_id>/reason/", views.reason, name="reason"),
    path("<uuid:device_id>/retire/", views.retire, name="retire"),
    path("tickets/<uuid:ticket_id>/done/", views.done, name="done"),
]
