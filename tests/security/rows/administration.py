"""The administration at large and the site's settings."""

from ..matrix import HOME, SIGN_IN, Line

TABLE: dict[str, list[Line]] = {
    "Administration at large": [
        ("admin", 200, 405, "wagtailadmin_home admin/test404/ wagtailadmin_dismissibles admin_presence"),
        ("everybody", 200, 200, "wagtailadmin_sprite"),
        ("everybody", 200, 405, "wagtailadmin_javascript_catalog"),
        ("admin", 200, 405, "wagtail_modeladmin:javascript_catalog"),
        ("admin", 200, 200, "wagtailadmin_account"),
        ("admin", 200, 200, "wagtailadmin_tag_autocomplete wagtailadmin_tag_model_autocomplete"),
        ("everybody", 405, SIGN_IN, "admin_logout wagtailadmin_logout"),
        # Breaks on purpose: whether errors are reported.
        ("admin", 500, 500, "wagtailadmin_error_test"),
        ("admin", 404, 404, "admin/^.*/$"),
        ("admin", 404, 405, "wagtailadmin_block_preview"),
        # Each list shows its reader's own territory: tests/test_admin_leaks.py.
        ("admin", 200, 405, "wagtailadmin_reports:site_history wagtailadmin_reports:site_history_results"),
        ("admin", 405, 200, "wagtailadmin_editing_sessions:release"),
        ("pages", 405, 200, "wagtailadmin_editing_sessions:ping"),
    ],
    "Spaces and territories": [
        ("national", 200, 200, "spaces_admin spaces_admin_open"),
        ("national", 200, 302, "spaces_admin_close"),
        ("national", 200, 405, "territories_territory_modeladmin_index territories_territory_modeladmin_inspect"),
        ("national", 200, 405, "territories_territoryimport_modeladmin_index"),
        ("national", 200, 405, "territories_territoryimport_modeladmin_inspect"),
        # The import alone writes territories.
        ("nobody", HOME, HOME, "territories_territory_modeladmin_create territories_territory_modeladmin_edit"),
        ("nobody", HOME, HOME, "territories_territory_modeladmin_delete territories_territoryimport_modeladmin_create"),
        ("nobody", HOME, HOME, "territories_territoryimport_modeladmin_edit"),
        ("nobody", HOME, HOME, "territories_territoryimport_modeladmin_delete"),
    ],
    "Vocabularies and the site's settings": [
        *(
            line
            for each in ("core_theme", "core_audience")
            for line in (
                ("national", 200, 405, f"wagtailsnippets_{each}:list wagtailsnippets_{each}:list_results"),
                ("national", 200, 405, f"wagtailsnippets_{each}:usage wagtailsnippets_{each}:history"),
                ("national", 200, 405, f"wagtailsnippets_{each}:history_results"),
                ("national", 200, 200, f"wagtailsnippets_{each}:add wagtailsnippets_{each}:edit"),
                ("national", 200, 200, f"wagtailsnippets_{each}:copy"),
                ("national", 200, 302, f"wagtailsnippets_{each}:delete"),
                ("national", 200, 500, f"wagtailsnippetchoosers_{each}:create"),
            )
        ),
        *(
            (
                "admin",
                200,
                405,
                " ".join(
                    f"wagtailsnippetchoosers_{each}:{name}"
                    for name in ("choose", "choose_results", "chosen", "chosen_multiple")
                ),
            )
            for each in ("core_theme", "core_audience")
        ),
        ("national", 200, 405, "wagtailsnippets:index wagtailredirects:index wagtailredirects:index_results"),
        ("national", 200, 200, "wagtailredirects:add wagtailredirects:edit wagtailredirects:start_import"),
        ("national", 200, 302, "wagtailredirects:delete"),
        ("national", 405, 500, "wagtailredirects:process_import"),
        ("national", (200, 302), (200, 302), "wagtailsettings:edit"),
        ("nobody", 404, 404, "wagtailsettings:preview_on_edit"),
    ],
    "Sites, users and groups, by hand": [
        ("superuser", 200, 405, "wagtailsites:index wagtailsites:index_results wagtailsites:usage"),
        ("superuser", 200, 405, "wagtailsites:history wagtailsites:history_results"),
        ("superuser", 200, 200, "wagtailsites:add wagtailsites:edit wagtailsites:copy"),
        ("superuser", 200, 302, "wagtailsites:delete"),
        ("superuser", 200, 405, "wagtailusers_users:index wagtailusers_users:index_results wagtailusers_users:usage"),
        ("superuser", 200, 405, "wagtailusers_users:history wagtailusers_users:history_results"),
        ("superuser", 200, 200, "wagtailusers_users:add wagtailusers_users:edit wagtailusers_users:copy"),
        # A person with a history is protected by the database; Wagtail's screen does not say so: accounts are disabled.
        # People are disabled, or erased at their demand: the screen says so.
        ("superuser", 302, 302, "wagtailusers_users:delete"),
        ("superuser", 200, 405, "wagtailusers_groups:index wagtailusers_groups:index_results"),
        ("superuser", 200, 405, "wagtailusers_groups:usage wagtailusers_groups:history"),
        ("superuser", 200, 405, "wagtailusers_groups:history_results"),
        ("superuser", 200, 200, "wagtailusers_groups:add wagtailusers_groups:edit"),
        ("superuser", 200, 302, "wagtailusers_groups:delete"),
    ],
}
