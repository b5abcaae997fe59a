"""Addresses of the record of one person."""

from django.urls import path

from records.chart import views

app_name = "chart"
urlpatterns = [
    path("<uuid:patient_id>/", views.patient, name="patient"),
    path("<uuid:patient_id>/results/", views.results, name="results"),
    path("<uuid:patient_id>/timeline/", views.timeline, name="timeline"),
    path("<uuid:patient_id>/why/", views.why, name="why"),
]
