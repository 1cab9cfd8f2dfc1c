"""Texts of pages; on SQLite the full-text tables of ``portal.search.backends.sqlite``."""

import django.db.models.deletion
from django.db import migrations, models

# Columns hold stems, not words (portal.search.text.analyse). A page's rowid is its id.
CREATE = """
CREATE VIRTUAL TABLE search_fts USING fts5(title, head, body, tokenize = "unicode61 remove_diacritics 0");
CREATE VIRTUAL TABLE search_prefix USING fts5(words, prefix = '2 3', tokenize = "unicode61 remove_diacritics 0");
CREATE TRIGGER search_page_forgotten AFTER DELETE ON search_pagetext BEGIN
    DELETE FROM search_fts WHERE rowid = OLD.page_id;
    DELETE FROM search_prefix WHERE rowid = OLD.page_id;
END;
"""
DROP = """
DROP TRIGGER IF EXISTS search_page_forgotten;
DROP TABLE IF EXISTS search_prefix;
DROP TABLE IF EXISTS search_fts;
"""


def _run(script):
    def run(apps, schema_editor):
        if schema_editor.connection.vendor == "sqlite":
            statements, statement = [], ""
            for line in script.strip().splitlines():
                statement += line + "\n"
                if line == "END;" or (line.endswith(";") and not line.startswith(" ")):
                    statements.append(statement.strip().rstrip(";") if line != "END;" else statement)
                    statement = ""
            for statement in statements:
                schema_editor.execute(statement, params=None)

    return run


class Migration(migrations.Migration):
    initial = True

    dependencies = [("wagtailcore", "0098_apitoken")]

    operations = [
        migrations.CreateModel(
            name="PageText",
            fields=[
                (
                    "page",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="search_text",
                        serialize=False,
                        to="wagtailcore.page",
                    ),
                ),
                ("text", models.TextField(blank=True)),
            ],
        ),
        migrations.RunPython(_run(CREATE), _run(DROP), elidable=False),
    ]
