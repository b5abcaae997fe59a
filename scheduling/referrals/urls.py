"""Addresses of referrals."""

from django.urls import path

from scheduling.referrals.views import making, reading, receiving, returning

app_name = "referrals"
one = "<uuid:referral_id>/"
urlpatterns = [
    path("", reading.board, name="list"),
    path("mine/", reading.mine, name="mine"),
    path("new/", making.new, name="new"),
    path("send/<uuid:patient_id>/", making.send, name="send"),
    path("down/", making.new_down, name="new_down"),
    path("down/<uuid:patient_id>/", making.send_down, name="send_down"),
    path(one, reading.referral, name="referral"),
    path(f"{one}again/", making.send_again, name="again"),
    path(f"{one}cancel/", making.cancel, name="cancel"),
    path(f"{one}undo/", making.undo_send, name="undo_send"),
    path(f"{one}undo-accept/", receiving.undo_accept, name="undo_accept"),
    path(f"{one}reply/", making.reply, name="reply"),
    path(f"{one}missed/", making.answer_missed, name="missed"),
    path(f"{one}accept/", receiving.accept, name="accept"),
    path(f"{one}decline/", receiving.decline, name="decline"),
    path(f"{one}ask/", receiving.ask, name="ask"),
    path(f"{one}arrive/", receiving.arrive, name="arrive"),
    path(f"{one}begin/", receiving.begin, name="begin"),
    path(f"{one}discharge/", receiving.discharge, name="discharge"),
    path(f"{one}hand-back/", receiving.hand_back, name="hand_back"),
    path(f"{one}take/", returning.take_plan, name="take"),
    path(f"{one}plan/<uuid:item_id>/done/", returning.finish, name="finish"),
]
