"""Addresses of opinions, and of the public check."""

from django.urls import path

from consult.opinions import views

app_name = "opinions"
urlpatterns = [
    path("opinions/<uuid:case_id>/draft/", views.draft, name="draft"),
    path("opinions/<uuid:case_id>/sign/", views.sign, name="sign"),
    path("opinions/<uuid:case_id>/amend/", views.amend, name="amend"),
    path("opinions/<uuid:case_id>/amend/drop/", views.drop_amendment, name="drop_amendment"),
    path("opinions/<uuid:case_id>/<int:version>/", views.paper, name="paper"),
    path("check/", views.check, name="check"),
    path("check/<str:code>/", views.check, name="check_code"),
]
