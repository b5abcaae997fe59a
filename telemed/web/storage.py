"""How static files are named."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Collected(CompressedManifestStaticFilesStorage):
    """With their hash once they are collected (`up` does, and a release), plainly before."""

    support_js_module_import_aggregation = True  # modules import each other by hashed names too

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if self.hashed_files else name
