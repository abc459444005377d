"""Change: what changed between two days or states, how long issues take, how many will come, and who does not speak."""

from collections.abc import Callable, Mapping

import streamlit as st

from geo.text import Text
from layers import ISSUES, Workspace
from views import change_layers, change_ledger, change_need, change_time, frame, state
from views.state import t

TITLE = Text("变化", "Change")
PART = Text("内容", "Part")
PARTS: Mapping[str, Text] = {
    "change": Text("两日之间", "Between two days"),
    "layers": Text("图层的变化", "Layers"),
    "closing": Text("多久办结", "Time to close"),
    "inflow": Text("上报预测", "Forecast of reports"),
    "need": Text("诉求与客观需求", "Voiced and objective need"),
}
SHOWN: Mapping[str, Callable[[Workspace], None]] = {
    "change": change_ledger.between_days,
    "layers": change_layers.between_states,
    "closing": change_time.closing,
    "inflow": change_time.forecast,
    "need": change_need.needs,
}
WITHOUT_ISSUES = frozenset({"layers"})
"""Parts that need no issues."""
NO_ISSUES = Text(
    "这里要用问题或台账。在“导入”页收入问题后，即可比较两日、计算办结时间、预测上报、对照需求。",
    "This needs issues or a ledger. Bring issues in on the Import page; then two days can be compared, times to close computed, "
    "reports forecast and needs held against each other.",
)


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    words = {key: t(one) for key, one in PARTS.items()}
    part = st.segmented_control(
        t(PART), list(words), format_func=words.__getitem__, default="change", required=True,
        key=state.own("change part"), persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if part not in WITHOUT_ISSUES and ISSUES not in ws:
        st.info(t(NO_ISSUES))
    elif not ws.levels:
        st.info(t(frame.NO_GRIDS))
    else:
        SHOWN[part](ws)
    frame.foot(ws)
