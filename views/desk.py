"""The ledger of the chosen workspace: opened once, asked, and acted upon with the rights of the person."""

from collections.abc import Iterable
from datetime import datetime
from uuid import uuid4

import pandas as pd
import streamlit as st

from geo.errors import DataError
from geo.text import Text
from layers.catalog import FORMER_GRIDS
from layers.ledger.acting.acts import Act, Powers
from layers.ledger.lamps import lamps
from layers.ledger.store.files import has_ledger
from layers.ledger.store.ledger import Ledger, Outcome, people_names
from layers.ledger.store.pages import Wanted, lying_in
from reports.case_table import smallest_in
from views import cached, persons, state
from views.plain import plain
from views.state import t

NONE = Text(
    "本工作区还没有台账。建立后，每件问题都有责任人、期限和灯，所有改动留痕。",
    "This workspace has no ledger yet. With one, every issue has a person, a deadline and a lamp, and nothing is lost.",
)
START = Text("建立台账（记入图层中的问题）", "Begin the ledger (enter the issues of the layer)")
STARTING = Text("正在记入问题……", "Entering the issues…")
DONE = Text("已办理 {n} 件", "{n} done")
REFUSED = Text("{n} 件未能办理：", "{n} could not be done:")
_MOST = 8
"""Refusals that are told one by one."""


def ledger() -> Ledger | None:
    """The ledger of the chosen workspace, None where there is none."""
    ws = state.workspace()
    if not has_ledger(ws.folder, ws.manifest.ledger):
        return None
    kept = cached.ledger_of(ws.folder, ws.manifest.ledger)
    if _is_at_work():
        for one in cached.raised(ws.folder, ws.manifest.ledger):
            st.warning(plain(one.line(state.lang())))
    return kept


def _is_at_work() -> bool:
    """Tell whether something was done here after the day for which the data were prepared."""
    living = state.workspace().living
    return living is not None and living.is_at_work


def now() -> datetime:
    """The moment at which things are done: the present, naive local time."""
    return datetime.now().replace(microsecond=0)  # noqa: DTZ005 (workspaces keep naive local time)


def as_of() -> datetime:
    """The moment that is shown: the chosen day, else the present; a ledger that rests shows its last day."""
    chosen = state.day()
    if chosen is not None:
        return datetime.combine(chosen, datetime.max.time()).replace(microsecond=0)
    shown = state.workspace().manifest.as_of
    return max(now(), shown) if _is_at_work() else shown


def cases() -> pd.DataFrame:
    """Where all issues stand at the moment that is shown, each with its grid of the chosen level."""
    return cached.standing(state.volume().folder, state.mark(), state.level(), _moment())


def _moment() -> datetime | None:
    """The moment of a fold; None for a ledger at work, of which everything counts until something is written."""
    return None if _is_at_work() else as_of()


def names(kept: Ledger) -> dict[str, str]:
    """Names of people by id."""
    return people_names(kept)


def powers() -> Powers:
    """What the person of the session may do now; everything, on one's own computer while there are no accounts."""
    return persons.powers()


def do(kept: Ledger, acts: Iterable[Act]) -> list[Outcome]:
    """Do acts with the rights of the session, and tell what came of it."""
    done = list(acts)
    try:
        outcomes = kept.do(done, powers())
    except DataError as error:
        for one in error.problems:
            st.error(plain(one.line(state.lang())))
        return []
    well = [one for one in outcomes if one.event is not None]
    if well:
        st.toast(t(DONE).format(n=len(well)))
    refused = [
        f"{act.subject}: {one.refusal.message.in_(state.lang())}"
        for act, one in zip(done, outcomes, strict=True)
        if one.refusal is not None
    ]
    if refused:
        st.warning("\n\n".join([t(REFUSED).format(n=len(refused)), *map(plain, refused[:_MOST])]))
    return outcomes


def command() -> str:
    """Give a name for a command, so that sending it twice counts once."""
    return uuid4().hex


def none_yet() -> None:
    """Say kindly that there is no ledger, and offer to begin one."""
    st.info(t(NONE))
    if st.button(t(START), type="primary"):
        from layers import ISSUES  # noqa: PLC0415
        from layers.ledger.store.history import take_history  # noqa: PLC0415

        ws = state.workspace()
        with st.spinner(t(STARTING)):
            kept = cached.ledger_of(ws.folder, ws.manifest.ledger)
            if ISSUES in ws:
                take_history(kept, ws[ISSUES], ws.xy(ISSUES), ws.owner(ISSUES))
        st.rerun()


def grids_in(grid_id: str | None) -> tuple[str, ...]:
    """Give the smallest grids that a grid of the chosen level holds; none for none."""
    return () if grid_id is None else smallest_in(state.workspace(), grid_id)


def lying(wanted: Wanted) -> Wanted:
    """Ask for issues by the grids that they lie in now, if grids were ever redrawn."""
    if not wanted.grids or FORMER_GRIDS not in state.workspace():
        return wanted
    return lying_in(wanted, cached.standing(state.volume().folder, state.mark(), None, _moment()))


def lamp_of(kept: Ledger, cases: pd.DataFrame, issue: str) -> str:
    """Give the lamp of one issue at the moment that is shown."""
    one = cases.loc[[issue]]
    return str(lamps(one, as_of(), kept.rules.folder).iloc[0])
