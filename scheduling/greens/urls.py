"""Addresses of the green channel."""

from django.urls import path

from scheduling.greens import views

app_name = "greens"
one = "<uuid:green_id>/"
urlpatterns = [
    path("", views.board, name="board"),
    path("new/", views.new, name="new"),
    path("open/", views.open_green, name="open"),
    path(one, views.green, name="green"),
    path(f"{one}acknowledge/", views.acknowledge, name="acknowledge"),
    path(f"{one}stamp/", views.stamp, name="stamp"),
    path(f"{one}correct/", views.correct, name="correct"),
    path(f"{one}vitals/", views.vitals, name="vitals"),
    path(f"{one}end/", views.end, name="end"),
    path(f"{one}take-back/", views.take_back, name="take_back"),
    path(f"{one}report/", views.report, name="report"),
    path(f"{one}report.csv", views.report_csv, name="report_csv"),
]
