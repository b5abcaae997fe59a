"""Addresses of key images, and of the viewer of a case."""

from django.urls import path

from consult.keyimages import views

app_name = "keyimages"
urlpatterns = [
    path("<uuid:case_id>/images/", views.viewer, name="viewer"),
    path("<uuid:case_id>/images/keep/", views.keep, name="keep"),
    path("<uuid:case_id>/images/still/", views.still, name="still"),
    path("key-images/<uuid:key_image_id>/picture.jpg", views.picture, name="picture"),
    path("key-images/<uuid:key_image_id>/remove/", views.remove, name="remove"),
    path("key-images/<uuid:key_image_id>/place/", views.place, name="place"),
]
