"""How fast an exact frame goes out."""

from unittest.mock import patch

import pytest
from django.test import AsyncRequestFactory

from records.imaging import answers


@pytest.mark.asyncio
@pytest.mark.parametrize(("pace", "bites"), [("8000", [2000, 1000]), ("1", [250] * 12)])
async def test_beside_a_call_a_frame_trickles(pace, bites):
    body = bytes(range(250)) * 12
    request = AsyncRequestFactory().get("/", headers={"X-Pace": pace})
    with patch("records.imaging.answers.asyncio.sleep") as slept:
        came = [bite async for bite in answers.paced(request, body)]
    assert [len(bite) for bite in came] == bites
    assert b"".join(came) == body
    assert slept.await_count == len(bites)


@pytest.mark.parametrize("pace", ["", "fast", "-1", "²"])
def test_a_pace_that_is_none_is_passed_over(pace):
    request = AsyncRequestFactory().get("/", headers={"X-Pace": pace})
    assert answers.paced(request, b"123").content == b"123"
