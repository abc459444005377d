"""Text of people, shown as it is: nothing in it is read as Markdown."""

MARKS = {ord(sign): f"\\{sign}" for sign in r"\`*_{}[]()<>#+!|~$:-."}
"""Signs that mean something in Markdown, in Streamlit's :colour[] or in $ formulas $."""
LINES = {ord(sign): " " for sign in "\r\n\t\v\f"}


def plain(text: object) -> str:
    """Escape every sign of Markdown; line ends become spaces."""
    return "" if text is None or text != text else str(text).translate(MARKS | LINES)  # noqa: PLR0124 (NaN)
