"""On PostgreSQL: the French configuration without accents, and the index of what searches filter on."""

from django.db import ProgrammingError, migrations, transaction

INDEX = "CREATE INDEX IF NOT EXISTS search_title_body ON wagtailsearch_indexentry USING gin ((title || body))"


def set_up(apps, schema_editor):
    connection = schema_editor.connection
    if connection.vendor != "postgresql":
        return
    unaccent = False
    with connection.cursor() as cursor:
        try:
            with transaction.atomic(using=connection.alias):
                cursor.execute("CREATE EXTENSION IF NOT EXISTS unaccent")
            unaccent = True
        except ProgrammingError:
            # No right to it, or not installed: searches on named fields heed accents, the search page never does.
            pass
        cursor.execute("DROP TEXT SEARCH CONFIGURATION IF EXISTS search_french")
        cursor.execute("CREATE TEXT SEARCH CONFIGURATION search_french (COPY = french)")
        if unaccent:
            cursor.execute(
                "ALTER TEXT SEARCH CONFIGURATION search_french "
                "ALTER MAPPING FOR hword, hword_part, word WITH unaccent, french_stem"
            )
        cursor.execute(INDEX)


def undo(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        with schema_editor.connection.cursor() as cursor:
            cursor.execute("DROP INDEX IF EXISTS search_title_body")
            cursor.execute("DROP TEXT SEARCH CONFIGURATION IF EXISTS search_french")


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial"), ("wagtailsearch", "0010_add_text_fields")]

    operations = [migrations.RunPython(set_up, undo)]
