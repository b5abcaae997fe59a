"""Addresses of the rota."""

from django.urls import path

from telemed.rota.views import importing, mine, months

app_name = "rota"
urlpatterns = [
    path("", months.home, name="home"),
    path("import/", importing.bring, name="import"),
    path("import/template.csv", importing.template, name="template"),
    path("<int:year>/<int:number>/", months.month, name="month"),
    path("<int:year>/<int:number>/write/", months.write, name="write"),
    path("<uuid:rota_id>/copy/", months.copy, name="copy"),
    path("<uuid:rota_id>/publish/", months.publish, name="publish"),
    path("<uuid:rota_id>/discard/", months.discard, name="discard"),
    path("<uuid:rota_id>/print/", months.paper, name="print"),
    path("<uuid:rota_id>/<str:day>/<slug:key>/", months.cell, name="cell"),
    path("shifts/<uuid:shift_id>/remove/", months.remove, name="remove"),
    path("mine/", mine.mine, name="mine"),
    path("mine/<uuid:shift_id>/swap/", mine.swap, name="swap"),
    path("hand-overs/<uuid:hand_over_id>/", mine.hand_over, name="hand_over"),
    path("hand-overs/<uuid:hand_over_id>/done/", mine.acknowledge, name="acknowledge"),
    path("hand-overs/items/<uuid:item_id>/<slug:act>/", mine.decide, name="decide"),
    path("swaps/<uuid:swap_id>/<slug:answer>/", mine.answer, name="answer"),
]
