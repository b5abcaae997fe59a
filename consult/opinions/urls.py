"""Addresses of opinions, and of the public check."""

from django.urls import path

from consult.opinions.views import opinions as views
from consult.opinions.views import phrases as phrase_views
from consult.opinions.views import referring, together

app_name = "opinions"
urlpatterns = [
    path("opinions/<uuid:case_id>/draft/", views.draft, name="draft"),
    path("opinions/<uuid:case_id>/fill/", together.fill, name="fill"),
    path("opinions/<uuid:case_id>/text/", together.text, name="text"),
    path("opinions/<uuid:case_id>/section/", together.save_section, name="save_section"),
    path("opinions/<uuid:case_id>/section/take/", together.take_section, name="take_section"),
    path("opinions/<uuid:case_id>/section/leave/", together.leave_section, name="leave_section"),
    path("opinions/<uuid:case_id>/writers/", together.writers, name="writers"),
    path(
        "opinions/<uuid:case_id>/writers/<uuid:user_id>/drop/",
        together.drop_writer,
        name="drop_writer",
    ),
    path("opinions/<uuid:case_id>/sign/", views.sign, name="sign"),
    path("opinions/<uuid:case_id>/state/", views.state, name="state"),
    path("opinions/<uuid:case_id>/ready/", views.ready, name="ready"),
    path("opinions/<uuid:case_id>/amend/", views.amend, name="amend"),
    path("opinions/<uuid:case_id>/amend/drop/", views.drop_amendment, name="drop_amendment"),
    path("opinions/<uuid:case_id>/withdraw/", views.withdraw, name="withdraw"),
    path("opinions/<uuid:case_id>/withdraw/confirm/", views.confirm, name="confirm_withdrawal"),
    path("opinions/<uuid:case_id>/withdraw/drop/", views.keep, name="drop_withdrawal"),
    path("opinions/<uuid:case_id>/amend/ask/", views.ask_amendment, name="ask_amendment"),
    path("opinions/<uuid:case_id>/<int:version>/", views.paper, name="paper"),
    path("opinions/<uuid:case_id>/refer/", referring.refer, name="refer"),
    path("opinions/<uuid:case_id>/refer/send/", referring.send, name="refer_send"),
    path("opinions/<uuid:case_id>/similar/", views.similar, name="similar"),
    path("opinions/phrases/", phrase_views.phrases, name="phrases"),
    path("opinions/phrases/<uuid:phrase_id>/drop/", phrase_views.drop, name="drop_phrase"),
    path("check/", views.check, name="check"),
    path("check/<str:code>/", views.check, name="check_code"),
]
