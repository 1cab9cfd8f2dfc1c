"""On PostgreSQL: an index of the groups of three letters that the lists' search looks for. Nothing elsewhere."""

from django.db import DatabaseError, migrations, transaction

INDEX = (
    "CREATE INDEX IF NOT EXISTS dossier_search_trigrams ON dossiers_dossier USING gin (search_text gin_trgm_ops) "
    "WHERE binned_at IS NULL"
)


def set_up(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
        except DatabaseError:
            # No right to it, or not installed: the search reads the rows of the desk, as on SQLite.
            return
        cursor.execute(INDEX)


def undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS dossier_search_trigrams")


class Migration(migrations.Migration):
    dependencies = [("dossiers", "0013_desk_indexes")]

    operations = [migrations.RunPython(set_up, undo)]
