"""Addresses under /images/."""

from django.urls import path

from records.imaging import views

app_name = "imaging"
urlpatterns = [
    path("upload/<uuid:patient_id>/", views.upload, name="upload"),
    path("patients/<uuid:patient_id>/", views.studies, name="studies"),
    path("studies/<uuid:study_id>/", views.study, name="study"),
    path("studies/<uuid:study_id>/series.json", views.series, name="series"),
    path("frames/<uuid:instance_id>/<int:index>/pixels", views.pixels, name="pixels"),
    path("frames/<uuid:instance_id>/<int:index>/preview.jpg", views.preview, name="preview"),
]
