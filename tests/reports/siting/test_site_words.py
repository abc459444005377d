"""Tables, map and words of a choice of sites: what is shown is what was found."""

import pytest

from geo.text import Lang
from layers import Workspace
from reports.siting import site
from reports.siting.parking import centres, parking_around
from reports.siting.site_map import ground_layers, plan_layers, with_plan, with_sites
from reports.siting.site_table import (
    chosen_shown,
    gainers_shown,
    grids_shown,
    models_shown,
    plan_shown,
    site_facts,
    spots_shown,
    table_csv,
)
from reports.siting.words import result_words
from reports.webmap.payload import payload


@pytest.mark.parametrize("lang", list(Lang))
def test_tables_hold_what_was_found(huolong: Workspace, lang: Lang) -> None:
    found = site(huolong, "toilets", count=1, walk=True)
    assert [one.value for one in site_facts(found)] == ["0", "1,990", "2,208", "218"]
    assert chosen_shown(found, lang)["adds"].tolist() == [218]
    assert grids_shown(huolong, found, 1)["gained"].sum() == 218
    assert gainers_shown(huolong, found, 2)["households"].sum() == 218
    several = [found, site(huolong, "toilets", model="lscp", walk=True)]
    assert models_shown(several, lang)["new"].tolist() == [1, 2]
    assert table_csv(chosen_shown(found, lang), lang).startswith(b"\xef\xbb\xbf")


def test_what_is_not_proven_is_called_heuristic(huolong: Workspace) -> None:
    found = site(huolong, "toilets", count=1, walk=True)
    assert "proven best" in result_words(found)[-1].en
    late = type(found)(**{**found.__dict__, "status": "heuristic", "gap": 0.0123})
    assert "heuristic, not proven, gap 1.23%" in result_words(late)[-1].en
    assert "启发式" in result_words(late)[-1].zh


def test_maps_show_choice_and_plan(huolong: Workspace) -> None:
    found = site(huolong, "toilets", count=1, walk=True)
    drawn = with_sites(payload(huolong, layers=ground_layers(huolong, found)), huolong, found)
    counts = {one["key"]: one["count"] for one in drawn["layers"]}
    assert (counts["site_chosen"], counts["site_candidates"], counts["site_new"]) == (1, 43, 5)
    plan = parking_around(huolong, centres(huolong).index[0])
    drawn = with_plan(payload(huolong, layers=plan_layers(huolong)), huolong, plan)
    assert {one["key"] for one in drawn["layers"]} >= {"site_bays", "site_start", "site_homes"}
    assert plan_shown(plan, Lang.EN)["addable"].tolist() == [165, 165]
    assert spots_shown(plan, Lang.ZH)["bays"].sum() == 165
