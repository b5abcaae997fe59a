import re

from django.core.management import call_command

from telemed.web.storage import Collected


def test_collected_files_and_what_they_import_are_named_by_their_hash(tmp_path):
    (tmp_path / "page.js").write_text('import { ring } from "./bell.js";\nring();\n' * 200)
    (tmp_path / "bell.js").write_text("export function ring() {}\n")
    names = ["page.js", "bell.js"]
    files = Collected(location=tmp_path, base_url="/static/")
    assert files.url("page.js") == "/static/page.js", "before anything is collected"

    list(files.post_process({name: (files, name) for name in names}))

    url = files.url("page.js")
    assert re.fullmatch(r"/static/page\.[0-9a-f]{12}\.js", url)
    stored = tmp_path / url.removeprefix("/static/")
    assert re.search(r'from "\./bell\.[0-9a-f]{12}\.js"', stored.read_text())
    assert stored.with_name(stored.name + ".gz").exists()


def test_everything_we_serve_can_be_collected(settings, tmp_path):
    """An import in a circle fails here, even one that only a comment names."""
    settings.STATIC_ROOT = tmp_path
    call_command("collectstatic", interactive=False, verbosity=0)
    assert (tmp_path / "staticfiles.json").exists()
