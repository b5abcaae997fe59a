"""Addresses of copies, below those of their case."""

from django.urls import path

from consult.archive import views

app_name = "archive"
urlpatterns = [
    path("<uuid:case_id>/archive/<int:version>/", views.page, name="page"),
    path("<uuid:case_id>/archive/<int:version>/bundle/", views.bundle, name="bundle"),
]
