"""Tables as files, sent line by line."""

import csv
import io
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

from django.core.handlers.asgi import ASGIRequest
from django.http import HttpRequest, StreamingHttpResponse

from telemed.core.tables import BOM, harmless


def stream_csv(
    request: HttpRequest, name: str, rows: Iterable[Sequence[str]]
) -> StreamingHttpResponse:
    """
    UTF-8 with its mark, so that spreadsheets read it; no cell of it is run as a formula.

    The rows are said here and now, in the language of the page.
    """
    said = [list(row) for row in rows]
    lines = _later(said) if isinstance(request, ASGIRequest) else _lines(said)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _lines(rows: list[list[str]]) -> Iterator[bytes]:
    yield BOM.encode()
    for row in rows:
        line = io.StringIO(newline="")
        csv.writer(line).writerow([harmless(cell) for cell in row])
        yield line.getvalue().encode()


async def _later(rows: list[list[str]]) -> AsyncIterator[bytes]:
    for line in _lines(rows):
        yield line
