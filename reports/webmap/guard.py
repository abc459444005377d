"""People's text is data, never code: the one way for text into a page, and a brake on branca.

branca compiles what it has rendered once more as a template, so that a resident's ``{{ ... }}``
would run on the server. ``keep_text_literal`` stops that for every folium map of the process.
"""

import json
from typing import Any

from branca.element import Element

ESCAPED = str.maketrans({sign: f"&#{ord(sign)};" for sign in "<>&\"'`{}$\\%#=\u2028\u2029"})
SIGNS = "<>&%#$`\u2028\u2029"
"""Signs of HTML, JavaScript and templates; JSON itself uses none of them, so they only occur in strings."""
OBJECT = (b'"', b"}")
"""What stands behind a brace that opens an object; any other stands in a string, and there it could open a template."""
_compiles_text = Element.__init__


def esc(text: str) -> str:
    """Write each sign that HTML, JavaScript or a template could read as code as a numeric entity."""
    return text.translate(ESCAPED)


def json_block(value: Any) -> str:  # noqa: ANN401 (whatever JSON can hold)
    """Write JSON for a ``<script type="application/json">`` block; signs of code in strings are escaped."""
    plain = json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()
    for sign in SIGNS:  # among bytes, where looking for a sign takes a quarter of the time
        plain = plain.replace(sign.encode(), b"\\u%04x" % ord(sign))
    head, *rest = plain.split(b"{")
    return (head + b"".join((b"{" if part.startswith(OBJECT) else b"\\u007b") + part for part in rest)).decode()


class Verbatim:
    """Stands where branca expects a template, and renders to the text it was given."""

    def __init__(self, text: str) -> None:
        self.text = text

    def render(self, **_: object) -> str:
        """Give the text."""
        return self.text


def keep_text_literal() -> None:
    """Make ``branca.element.Element(text)`` keep its text as it is; calling it again changes nothing."""

    def literal(self: Element, template: str | None = None, template_name: str | None = None) -> None:
        _compiles_text(self, None, template_name)
        if template is not None:
            self._template_str = template
            self._template = Verbatim(template)  # type: ignore[assignment]

    Element.__init__ = literal  # type: ignore[method-assign]
