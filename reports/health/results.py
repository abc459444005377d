"""The complete community and the fire lanes as results to take away, for all places at once."""

import pandas as pd

from geo.text import Text
from reports.health import complete_community as community
from reports.health import fire_map
from reports.health.complete_community import CompleteCommunity, community_table, place_words
from reports.health.fire_lane import Lanes
from reports.ranking_table import capital
from reports.result_files import Result

PLACE = Text("社区", "Community")
NO_FINDING = Text(
    "只反映登记的物体；净高、临时停车、门禁与绿化未知，不能据此判定达标。",
    "Only recorded things are seen; heights, cars left there, gates and trees are not known: no finding that lanes meet the standard.",
)


def community_result(name: str, found: CompleteCommunity, lang: str, *, note: Text) -> Result:
    """Give the items of all places, one row an item at a place.

    Args:
        name: of the workspace.
        found: see ``complete_community``.
        lang: of the words in the cells.
        note: how it was judged.
    """
    tables = [
        community_table(found, place, lang).assign(place=capital(place_words(found, place).in_(lang)))
        for place in found.places
    ]
    rows = pd.concat(tables, ignore_index=True)[["place", *community.TITLES]]
    heads = {"place": PLACE.in_(lang), **{key: words.in_(lang) for key, words in community.TITLES.items()}}
    return Result(f"{name}-community", community.TITLE, rows, heads, (note,))


def lanes_result(name: str, lanes: Lanes, lang: str, *, note: Text) -> Result:
    """Give what takes fire lanes, one row a stretch.

    Args:
        name: of the workspace.
        lanes: see ``fire_lanes``.
        lang: of the words in the cells.
        note: how it was tested.
    """
    heads = {key: words.in_(lang) for key, words in fire_map.TITLES.items()}
    return Result(f"{name}-fire-lanes", fire_map.TITLE, fire_map.lane_table(lanes, lang), heads, (note, NO_FINDING))
