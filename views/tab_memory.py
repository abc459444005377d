"""What a tab of the browser remembers over a reload: the token of the session, in the tab's own storage.

No cookie: the browser sends it nowhere by itself, another tab or site does not see it, and it goes with the tab.
"""

from functools import cache
from typing import Any

import streamlit as st

from views import state

LOADER = """
export default function ({ data, setTriggerValue }) {
  const name = `guatu token ${data.place}`;
  if (data.token) sessionStorage.setItem(name, data.token);
  else if (data.token === "") sessionStorage.removeItem(name);
  else if (sessionStorage.getItem(name)) setTriggerValue("found", sessionStorage.getItem(name));
}
"""


@cache
def _component() -> Any:  # noqa: ANN401 (Streamlit's own type is private)
    """Register the component with Streamlit, once a process."""
    return st.components.v2.component("guatu_token", html="<span></span>", js=LOADER)


def remembered(token: str | None) -> str | None:
    """Let the tab remember a token, or forget it ("").

    Args:
        token: None if the session knows none yet: then the tab is asked.

    Returns:
        What the tab remembers, in the one run after it was asked; else None.
    """
    data = {"token": token, "place": state.volume().key}
    result = _component()(key=state.own("token"), data=data, on_found_change=lambda: None, height=1)
    found = result.found
    return found if isinstance(found, str) and token is None else None
