"""
The tables of a new database in one piece: what the migrations, one after another, would make.

Django renders every model again for each step, so that way takes ten times as long. The piece is
written by `manage.py snapshot`; a test holds it equal to the migrations. A later version's own
migrations follow it as they follow any database.
"""

from pathlib import Path

from django.db.backends.base.base import BaseDatabaseWrapper

PIECE = Path(__file__).parent / "snapshot.sql"
NAMES_WHAT_FOLLOWS = "SET LOCAL check_function_bodies = false;\n"  # a function, its tables


def lay(connection: BaseDatabaseWrapper) -> None:
    """Run as the owner; a database that has any table is left to its migrations."""
    if connection.introspection.table_names():
        return
    with connection.cursor() as cursor:  # one execute is one transaction
        cursor.execute(NAMES_WHAT_FOLLOWS + PIECE.read_text())
