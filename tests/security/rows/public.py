"""What visitors see, out of the apps below."""

from ..matrix import Line

TABLE: dict[str, list[Line]] = {
    "Public site": [
        ("everybody", 200, 405, "health search search-suggestions site-map sitemap sitemap-section robots"),
        ("everybody", 200, 405, "security-txt rendition"),
        ("everybody", 200, 405, "territories:suggest territories:detail"),
        ("everybody", 200, 422, "territories:choose"),
        ("everybody", 405, 302, "territories:forget"),
        ("everybody", 200, 200, "wagtail_serve"),
        # The file of a document that anyone may read, and addresses that lead to none.
        ("everybody", (200, 404), (200, 404), "wagtaildocs_serve"),
        ("everybody", 200, 200, "wagtaildocs_authenticate_with_password wagtailcore_authenticate_with_password"),
    ],
    "Files": [
        # Its purpose says who reads it; the antivirus may hold it back (409).
        ("owner-or-superuser", 200, 405, "files:download"),
    ],
}
