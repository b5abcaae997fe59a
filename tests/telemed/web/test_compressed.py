"""What goes over the line: text is compressed, pictures are left as they are."""

import gzip

import pytest
from django.http import HttpResponse
from django.urls import path

from telemed import urls
from tests.factories.people import StaffFactory

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
PICTURE = b"\xff\xd8" + b"picture" * 100


def picture(request):
    return HttpResponse(PICTURE, content_type="image/jpeg")


urlpatterns = [*urls.urlpatterns, path("picture/", picture)]
handler404, handler500 = urls.handler404, urls.handler500


def test_a_page_goes_compressed_to_who_understands_it(client):
    client.force_login(StaffFactory(language="en"))
    plain = client.get("/cases/")
    small = client.get("/cases/", headers={"Accept-Encoding": "gzip, br"})

    assert "Content-Encoding" not in plain.headers
    assert small.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in small.headers["Vary"]
    assert gzip.decompress(small.content).count(b"<li") == plain.content.count(b"<li")
    assert len(small.content) < len(plain.content) / 2


def test_a_picture_goes_as_it_is(client):
    answer = client.get("/picture/", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
    assert answer.content == PICTURE
