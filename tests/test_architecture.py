"""The import arrows of docs/architecture.md, read off the source."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
CONTENT_APPS = {"pages", "events", "newsletters", "resources", "dossiers"}
# These sit on top of the content apps; everything else under portal/ is beneath them.
ON_TOP = {"portal.api", "portal.dashboard", "portal.demo", "portal.search"}
LAYERS = ["enums", "text", "validators", "rules", "models", "selectors", "services", "forms", "views", "wagtail_hooks"]
# A Wagtail page is a model and its screen at once: it may name the form and the selectors its screen is made with.
SCREENS = {"selectors", "forms"}


def modules() -> list[Path]:
    found = [*ROOT.glob("portal/**/*.py"), *(p for app in CONTENT_APPS for p in ROOT.glob(f"{app}/**/*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def imports_of(path: Path) -> set[str]:
    """Absolute names of the modules that ``path`` imports, wherever in the file."""
    package = name_of(path).split(".") if path.name == "__init__.py" else name_of(path).split(".")[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            target = ".".join([*base, *([node.module] if node.module else [])])
            found |= {target, *(f"{target}.{alias.name}" for alias in node.names)}
    return found


def app_of(module: str) -> str:
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "portal" else parts[0]


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_import_arrows(path):
    app = app_of(name_of(path))
    if app in {"portal.urls", "portal.settings"}:
        return
    others = {app_of(name) for name in imports_of(path)} - {app}
    if app.startswith("portal."):
        if app not in ON_TOP:
            assert not others & CONTENT_APPS, f"{name_of(path)} imports a content app"
            assert not others & ON_TOP, f"{name_of(path)} imports what sits on top of it"
    else:
        assert not others & CONTENT_APPS, f"{name_of(path)} imports another content app"
        assert not others & ON_TOP, f"{name_of(path)} imports what sits on top of it"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_nothing_imports_upwards_inside_an_app(path):
    parts = name_of(path).split(".")
    app = app_of(name_of(path))
    layer = next((part for part in parts[len(app.split(".")) :] if part in LAYERS), None)
    if layer is None:
        return
    allowed = SCREENS if layer == "models" else set()
    above = {f"{app}.{name}" for name in LAYERS[LAYERS.index(layer) + 1 :] if name not in allowed}
    upwards = {name for name in imports_of(path) if any(name == a or name.startswith(a + ".") for a in above)}
    assert not upwards


def test_the_arrows_are_read_off_something():
    assert "portal.territories.models" in imports_of(ROOT / "portal/core/models.py")
    assert "portal.territories.models" in imports_of(ROOT / "portal/territories/selectors.py")
