"""AHP: what matters more, two by two; how consistent it is; what a group says; published weights; sets side by side."""

import streamlit as st

from geo.text import Text
from reports.priority import Ranking
from views import ahp_group, ahp_matrix, ahp_sets, frame, state
from views.state import t

TITLE = Text("判断矩阵（AHP）", "Pairwise weights (AHP)")
ABOUT = Text(
    "两两比较哪项更重要，得到权重。先比较五个方面，再比较每个方面里的指标。3 表示左边的一项比上边的重要 3 倍，1/3 表示相反；改一格，对称的一格自动取倒数。",
    "Compare two by two what matters more; weights follow. First the aspects, then the measures of each. 3 says that the "
    "row matters three times as much as the column, 1/3 the reverse; the cell across the diagonal follows by itself.",
)
TABS = (
    Text("我的判断", "My judgements"),
    Text("多人汇总", "Group"),
    Text("已公布的权重", "Published weights"),
    Text("并列比较", "Side by side"),
)


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    if not ws.levels:
        st.info(t(frame.NO_GRIDS))
        return
    st.markdown(t(ABOUT))
    ranking = state.default_ranking()
    mine, group, published, side = st.tabs([t(one) for one in TABS])
    with mine:
        _mine(ranking)
    with group:
        ahp_group.show(ranking)
    with published:
        ahp_sets.published(ranking)
    with side:
        ahp_sets.side_by_side()


@st.fragment
def _mine(ranking: Ranking) -> None:
    """Show the matrix; an edit runs only this part of the page again."""
    with frame.guarded():
        ahp_matrix.show(ranking)
