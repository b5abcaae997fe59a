"""The pages as a reader sees them."""

import csv
import re
from html import unescape

from django.utils import translation

from telemed.oversight.presenting.signals import make_lines


def page_of(client, account, path="/oversight/", status=200, **query):
    """The text of a page in English, spaces folded."""
    client.force_login(account)
    client.cookies["language"] = "en"
    with translation.override("en"):
        answer = client.get(path, query)
    assert answer.status_code == status, text_of(answer)[:2000]
    return text_of(answer)


def text_of(answer):
    bare = re.sub(r"<(script|style|svg).*?</\1>|<[^>]+>", " ", answer.content.decode(), flags=re.S)
    return re.sub(r"\s+", " ", unescape(bare))


def rows_of(client, account, path="/oversight/", **query):
    """The table of the page: {name: [(value, n), …]}, the whole first."""
    client.force_login(account)
    client.cookies["language"] = "en"
    html = client.get(path, query).content.decode()
    table = re.search(r'<table class="tbl figs">.*?</table>', html, re.S)[0]
    found = {}
    for row in re.findall(r"<tr.*?</tr>", table.split("<tbody>")[1], re.S):
        cells = [
            re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", cell))).strip()
            for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.S)
        ]
        name, *figures = cells
        if not figures:
            continue  # nothing lies below
        found[name] = [tuple(figure.rsplit(" n ", 1)) for figure in figures]
    return found


def file_of(client, account, **query):
    """The CSV: heading, rows."""
    client.force_login(account)
    client.cookies["language"] = "en"
    answer = client.get("/oversight/figures.csv", query)
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    heading, *rows = csv.reader(content.decode("utf-8-sig").splitlines())
    return heading, rows


def says(client, account, signal):
    """Its name and its sentence, on the page in each language."""
    client.force_login(account)
    for language in ("en", "zh-hans"):
        client.cookies["language"] = language
        page = text_of(client.get("/oversight/signals/"))
        with translation.override(language):
            [line] = make_lines([signal], account)
            assert line.why
            assert line.why in page
            assert str(line.name) in page
