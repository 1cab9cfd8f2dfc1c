"""An undefined variable in a template of ours fails the test that rendered it; packages' templates are left alone."""

import sys
from pathlib import Path

OURS = str(Path(__file__).resolve().parents[1] / "templates")


class UndefinedFails(str):
    """Django's ``string_if_invalid``: asked whether it is set, it looks at which template is being rendered."""

    def __new__(cls) -> "UndefinedFails":
        return super().__new__(cls, "")

    def __bool__(self) -> bool:
        frame = sys._getframe(1)
        context, expression = frame.f_locals.get("context"), frame.f_locals.get("self")
        template = context and context.render_context.template
        origin = str(template.origin.name) if template else ""
        if origin.startswith(OURS) and expression is not None:
            raise AssertionError(f"Undefined variable {expression.var} in {origin}")
        return False
