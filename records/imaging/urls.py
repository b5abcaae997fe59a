"""Addresses under /images/."""

from django.urls import path

from records.imaging.views import pieces, shipments, upload, viewer

app_name = "imaging"
urlpatterns = [
    path("upload/<uuid:patient_id>/", upload.upload, name="upload"),
    path("upload/<uuid:patient_id>/pieces/", pieces.begin, name="begin"),
    path("upload/<uuid:patient_id>/announce/", shipments.announce, name="announce"),
    path("upload/pieces/<uuid:upload_id>/", pieces.piece, name="piece"),
    path("patients/<uuid:patient_id>/", viewer.studies, name="studies"),
    path("patients/<uuid:patient_id>/news.json", viewer.news, name="news"),
    path("studies/<uuid:study_id>/", viewer.study, name="study"),
    path("studies/<uuid:study_id>/series.json", viewer.series, name="series"),
    path("frames/<uuid:instance_id>/<int:index>/pixels", viewer.pixels, name="pixels"),
    path("frames/<uuid:instance_id>/<int:index>/preview.jpg", viewer.preview, name="preview"),
    path("recordings/<uuid:instance_id>/samples", viewer.waveform, name="waveform"),
    path("documents/<uuid:instance_id>/", viewer.document, name="document"),
]
