"""Who signed, moved and was rehoused when: made up so that exactly as many have signed and moved as was published."""

from datetime import datetime

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.random import Generator
from numpy.typing import NDArray

from data.wanxiu.houses import ZONES
from layers.schema import Buildings, Households

Floats = NDArray[np.float64]
Dates = NDArray[np.datetime64]
AS_OF = datetime(2021, 8, 20, 18)  # noqa: DTZ001 (workspaces keep naive local time)
SIGNED, MOVED = 10_221, 9_269
"""Published; 90.69 % and 952 follow from them."""
FIRST_DAYS = 32.0
"""Days before the start of a zone on which its first households sign."""
SLOPE, MIDDLE = 0.075, 30.0
"""Of the Gompertz curve of signing, by day from the first signature of a zone."""
HOUSE_DAYS, OWN_DAYS = 13.0, 5.0
"""Spread of the houses, whose neighbours go together, and of the households in one."""
LAG = (2.2, 6.5)
"""Shape and scale in days of the gamma law between signing and moving."""
PACK_DAYS, HALVINGS, NOW = 1.2, 40, -0.2
"""Nobody moves sooner after signing; how often the lag is halved until the published number has moved by now."""
PULLED = (3, 15)
REHOUSED_SHARE, HANDED_OVER = 0.46, ("2021-07-10", "2021-07-31", "2021-08-14")
SIGN_BLOCKERS = {
    "PRICE": 0.34,
    "AREA": 0.16,
    "TITLE": 0.14,
    "HEIRS": 0.13,
    "COURT": 0.09,
    "ABSENT": 0.11,
    "OTHER": 0.03,
}
MOVE_BLOCKERS = {
    "HOME": 0.38,
    "CARE": 0.17,
    "SCHOOL": 0.12,
    "TENANT": 0.18,
    "ABSENT": 0.08,
    "COURT": 0.04,
    "OTHER": 0.03,
}
TOLD = 0.62
"""Share of the households that signed and have not moved whose reason is on record."""


def households_table(houses: gpd.GeoDataFrame, rng: Generator) -> pd.DataFrame:
    """Give the register: one row a household, by house, with days and coded reasons and nothing personal."""
    house = np.repeat(np.arange(len(houses)), houses[Buildings.households].to_numpy(dtype=int))
    zone = houses["zone"].to_numpy(dtype=object)[house]
    flat = np.concatenate([np.arange(1, many + 1) for many in houses[Buildings.households]])
    sign, move = _days(house, zone, rng)
    signed, moved = _first(sign, SIGNED), np.zeros(len(house), dtype=bool)
    rows = np.flatnonzero(signed)
    moved[rows[_first(move[rows], MOVED)]] = True
    share = (
        houses[Buildings.floor_area_m2].to_numpy(dtype=float)[house]
        / houses[Buildings.households].to_numpy(dtype=float)[house]
    )
    ids = [f"{houses.index[at]}-{number:02d}" for at, number in zip(house, flat, strict=True)]
    moved_at = _dates(move, moved)
    return pd.DataFrame(
        {
            Households.building_id: houses.index.to_numpy()[house],
            Households.floor_area_m2: np.round(share * rng.uniform(0.85, 1.15, len(house)), 1),
            Households.zone: zone,
            Households.signed_at: _dates(sign, signed),
            Households.moved_at: moved_at,
            Households.rehoused_at: _rehoused(moved_at, rng),
            Households.blocker: _reasons(signed, moved, rng),
        },
        index=pd.Index(ids, name=Households.household_id),
    )


def _days(house: NDArray[np.int64], zone: NDArray[np.object_], rng: Generator) -> tuple[Floats, Floats]:
    """Draw the days of signing and moving, counted back from the date of the data, so that the last counted is today."""
    starts = {key: (pd.Timestamp(one.starts) - pd.Timestamp(AS_OF)).days - FIRST_DAYS for key, one in ZONES.items()}
    first = np.array([starts[str(key)] for key in zone])
    curve = MIDDLE - np.log(-np.log(rng.uniform(0.02, 0.999, len(house)))) / SLOPE
    whole = rng.normal(0, HOUSE_DAYS, int(house.max()) + 1)[house]
    sign = first + 0.35 * curve + 0.65 * MIDDLE + whole + rng.exponential(OWN_DAYS, len(house))
    sign += -0.5 - np.sort(sign)[SIGNED - 1]
    slow = rng.gamma(1.2, 4.0, int(house.max()) + 1)[house]
    lag = rng.gamma(*LAG, len(house)) + slow
    least, most = 0.0, 4.0
    for _ in range(HALVINGS):
        middle = (least + most) / 2
        late = np.sort((sign + PACK_DAYS + middle * lag)[_first(sign, SIGNED)])[MOVED - 1] > NOW
        least, most = (least, middle) if late else (middle, most)
    return sign, sign + PACK_DAYS + least * lag


def _first(days: Floats, many: int) -> NDArray[np.bool_]:
    """Mark the many earliest, equal days in the order of the rows."""
    marked = np.zeros(len(days), dtype=bool)
    marked[np.argsort(days, kind="stable")[:many]] = True
    return marked


def _dates(days: Floats, done: NDArray[np.bool_]) -> Dates:
    """Give days before the date of the data as dates; nothing for what is not done."""
    today = np.datetime64(AS_OF.date().isoformat())
    dates = today + np.floor(np.minimum(days, 0.0)).astype("timedelta64[D]")
    found: Dates = np.where(done, dates, np.datetime64("NaT")).astype("datetime64[s]")
    return found


def _rehoused(moved_at: Dates, rng: Generator) -> Dates:
    """Hand new homes over on three days, to part of those who moved at least two weeks before."""
    drawn = rng.uniform(0, 1, len(moved_at))
    found: Dates = np.full(len(moved_at), np.datetime64("NaT"), dtype="datetime64[s]")
    for day in HANDED_OVER:
        latest = np.datetime64(day, "s") - np.timedelta64(14, "D")
        found[np.isnat(found) & (moved_at <= latest) & (drawn < REHOUSED_SHARE)] = np.datetime64(day, "s")
    return found


def _reasons(signed: NDArray[np.bool_], moved: NDArray[np.bool_], rng: Generator) -> NDArray[np.object_]:
    """Draw a coded reason for each who has not signed, and for part of those who signed and have not moved."""
    found = np.full(len(signed), None, dtype=object)
    for rows, odds in (
        (np.flatnonzero(~signed), SIGN_BLOCKERS),
        (np.flatnonzero(signed & ~moved & (rng.uniform(0, 1, len(signed)) < TOLD)), MOVE_BLOCKERS),
    ):
        found[rows] = rng.choice(list(odds), len(rows), p=list(odds.values()))
    return found


def demolished(houses: gpd.GeoDataFrame, households: pd.DataFrame, rng: Generator) -> gpd.GeoDataFrame:
    """Pull houses down some days after their last household has left."""
    by_house = households.groupby(Households.building_id)[Households.moved_at]
    last = by_house.max().where(by_house.count() == by_house.size()).reindex(houses.index)
    day = last + pd.to_timedelta(rng.integers(*PULLED, len(houses)), unit="D")
    return houses.assign(**{Buildings.demolished_at: day.where(day <= AS_OF)})
