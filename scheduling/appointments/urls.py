"""Addresses of booking."""

from django.urls import path

from scheduling.appointments import views

app_name = "booking"
urlpatterns = [
    path("", views.find, name="find"),
    path("mine/", views.mine, name="mine"),
    path("day/", views.day, name="day"),
    path("day/person/", views.person, name="person"),
    path("held/", views.held, name="held"),
    path("hold/", views.hold, name="hold"),
    path("held/<uuid:appointment_id>/confirm/", views.confirm, name="confirm"),
    path("held/<uuid:appointment_id>/give-back/", views.give_back, name="give_back"),
    path("departments/<uuid:department_id>/", views.times, name="times"),
    path("<uuid:appointment_id>/", views.ticket, name="ticket"),
    path("<uuid:appointment_id>/calendar.ics", views.calendar, name="calendar"),
    path("<uuid:appointment_id>/cancel/", views.cancel, name="cancel"),
    path("<uuid:appointment_id>/undo/", views.undo, name="undo"),
    path("<uuid:appointment_id>/act/<str:act>/", views.act, name="act"),
]
