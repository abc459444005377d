"""What was done: households signed and moved, murals, land put to use, the green of residential blocks."""

import numpy as np
import pandas as pd
import shapely

from geo.areal import shared_areas
from geo.measure import mu
from geo.text import Text
from layers import Workspace
from layers.catalog import BUILDINGS, HOUSEHOLDS, MURALS, PARKS, SERVICE_STATS, SITES
from layers.schema import Households, Murals, ServiceStats, Sites
from layers.standards import standard
from reports.health.check import PERCENT, Check, quotient
from reports.health.finding import Outcome, Values, both
from reports.health.kinds import of_kind
from reports.health.parks import PER_PERSON, SQUARE_METRES
from reports.health.reach import said_no_entry

SIGNED_HOMES = Text("已签约户数", "households signed")
MOVED_HOMES = Text("已搬迁户数", "households moved")
TOTAL = Text("应签约总户数", "households in all")
MURAL_AREA = Text("墙绘", "murals")
SITE_WORDS = Text("闲置地与其他地块", "idle land and other sites")
FIRST = Text("原用途", "use before")
QUALIFIED = {
    "approx": Text("约 {n}", "about {n}"),
    "gt": Text("{n} 多", "more than {n}"),
    "lt": Text("不足 {n}", "fewer than {n}"),
}
HA = 10_000.0


def moving(check: Check) -> Outcome:
    """Households moved in percent of those signed; signed in percent of all only where the total is known."""
    table = _by_household(check)
    if table is None:
        table = _by_statistics(check)
    if table is None:
        missing = Text("各片区的总户数、签约户数、搬迁户数", "households in all, signed and moved by area")
        return check.unavailable(missing, unit=PERCENT, denominator=SIGNED_HOMES)
    total, signed, moved, note, from_stats = table
    no_total = None if np.isfinite(total).any() else TOTAL
    by_grid = Text("按网格的签约与搬迁户数", "households signed and moved by grid") if from_stats else None
    return Outcome(
        quotient(moved, signed, per=100),
        "partial" if no_total or by_grid else "ready",
        PERCENT,
        SIGNED_HOMES,
        MOVED_HOMES,
        moved,
        signed,
        judged=False,
        missing=both(no_total, by_grid),
        note=note,
        beside={
            "signed_percent": (Text("签约率（%）", "signed, %"), quotient(signed, total, per=100)),
            "remaining": (Text("已签约未搬迁（户）", "signed and not yet moved"), signed - moved),
        },
        meta={"method": "moved / signed"},
    )


Told = tuple[Values, Values, Values, Text | None, bool]


def _by_household(check: Check) -> Told | None:
    """Count the table of households, if it says who signed and who moved."""
    if HOUSEHOLDS not in check.ws or BUILDINGS not in check.ws:
        return None
    table: pd.DataFrame = check.ws.tables[HOUSEHOLDS.key]
    days = [table[name] for name in (Households.signed_at, Households.moved_at)]
    if not any(one.notna().any() for one in days):
        return None
    row = check.ws[BUILDINGS].index.get_indexer(table[Households.building_id])
    codes = np.where(row >= 0, check.codes(BUILDINGS)[row], -1)
    signed, moved = ((one <= check.ws.manifest.as_of).to_numpy(dtype=bool) for one in days)
    moved = moved & signed
    return check.totals(codes), check.totals(codes[signed]), check.totals(codes[moved]), None, False


def _by_statistics(check: Check) -> Told | None:
    """Take the figures that the statistics of the community give, which know no grid; print what is known."""
    found = {key: statistic(check.ws, f"M-MOVE.{key}") for key in ("total", "signed", "moved")}
    if found["signed"] is None and found["moved"] is None:
        return None
    values = {}
    for key, one in found.items():
        values[key] = np.full(check.size, np.nan)
        values[key][-1] = np.nan if one is None else one[0]
    note: Text | None = None
    for words in [one[1] for one in found.values() if one is not None]:
        note = both(note, words)
    return values["total"], values["signed"], values["moved"], note, True


def statistic(ws: Workspace, answer: str) -> tuple[float, Text] | None:
    """Give the value of a statistic that answers, summed over its rows, with its words; None where there is none."""
    if SERVICE_STATS not in ws:
        return None
    names = standard("stat_names", ws.folder)
    names = names[names["answer"] == answer]
    table: pd.DataFrame = ws.tables[SERVICE_STATS.key]
    wanted = set(names["name"])
    rows = table[
        (table[ServiceStats.name].isin(wanted) | table[ServiceStats.name_en].isin(wanted))
        & table[ServiceStats.value].notna()
    ]
    if rows.empty:
        return None
    value = float(rows[ServiceStats.value].sum())
    word = Text(str(names["zh"].iloc[0]), str(names["en"].iloc[0]))
    rough = rows[ServiceStats.qualifier].dropna()
    rough = rough[rough != "eq"]
    number = QUALIFIED[str(rough.iloc[0])].format(n=f"{value:,.0f}") if len(rough) else Text.same(f"{value:,.0f}")
    return value, Text(f"{word.zh} {number.zh}", f"{word.en} {number.en}")


def murals(check: Check) -> Outcome:
    """Painted area, with the number of murals and their mean beside; a mural without an area adds none."""
    lacking = check.lacking(MURALS)
    if lacking:
        return check.unavailable(lacking, unit=SQUARE_METRES, denominator=MURAL_AREA)
    area, codes = check.ws[MURALS][Murals.area_m2].to_numpy(dtype=float, na_value=np.nan), check.codes(MURALS)
    known = ~np.isnan(area)
    total, sized, number = check.totals(codes, area), check.totals(codes[known]), check.totals(codes)
    gaps = Text(f"{(~known).sum():,} 幅的面积", f"areas of {(~known).sum():,} murals") if not known.all() else None
    found = Outcome(
        np.where((number > 0) & (sized == 0), np.nan, total),
        "partial" if gaps else "ready",
        SQUARE_METRES,
        MURAL_AREA,
        judged=False,
        missing=gaps,
        beside={
            "murals": (Text("幅数", "murals"), number),
            "mean_m2": (Text("平均面积（m²/幅）", "mean area, m²"), quotient(total, sized)),
        },
        meta={"method": "count, sum, mean of known areas"},
    )
    return check.where_known(found, MURALS)


def reuse(check: Check) -> Outcome:
    """Area of sites put to another use; by use before and after in words, in mu beside."""
    lacking = check.lacking(SITES)
    if lacking:
        return check.unavailable(lacking, unit=SQUARE_METRES, denominator=SITE_WORDS)
    table, codes = check.ws[SITES], check.codes(SITES)
    stated = table[Sites.stated_area_m2].to_numpy(dtype=float, na_value=np.nan)
    drawn = shapely.area(table.geometry.to_numpy())
    area = np.where(np.isnan(stated), np.where(drawn > 0, drawn, np.nan), stated)
    told = (table[Sites.use_before].notna() & table[Sites.use_after].notna()).to_numpy(dtype=bool)
    done = told & (table[Sites.status] == "done").to_numpy(dtype=bool, na_value=False)
    unsized, under_way = int((told & np.isnan(area)).sum()), int((told & ~done).sum())
    gaps = Text(f"{unsized:,} 处地块的面积", f"areas of {unsized:,} sites") if unsized else None
    later = (
        Text(f"另有 {under_way:,} 处未完成，未计入", f"{under_way:,} more are not done and do not count")
        if under_way
        else None
    )
    total, number = check.totals(codes[done], area[done]), check.totals(codes[done])
    found = Outcome(
        np.where(check.totals(codes[done & ~np.isnan(area)]) + (number == 0) > 0, total, np.nan),
        "partial" if gaps else "ready",
        SQUARE_METRES,
        SITE_WORDS,
        judged=False,
        missing=gaps,
        note=both(_uses(table[done], area[done]), later),
        beside={
            "mu": (Text("亩", "mu"), mu(total)),
            "sites": (Text("地块数", "sites"), number),
        },
        meta={"method": "area of finished sites with a use before and after; stated area first"},
    )
    return check.where_known(found, SITES)


def _uses(table: pd.DataFrame, area: Values) -> Text | None:
    """Say the area by use before and after."""
    if not len(table):
        return None
    change = table[Sites.use_before].astype(str) + " → " + table[Sites.use_after].astype(str)
    sums = pd.Series(area, index=change.to_numpy()).groupby(level=0, sort=True).sum()
    said = "；".join(f"{words} {size:,.0f} m²" for words, size in sums.items())
    return Text(said, said.replace("；", "; "))


def block_green(check: Check) -> Outcome:
    """Green of blocks that is wide enough, cut with the grids, by residents; the grid stands for the block."""
    lacking, people = check.lacking(PARKS), check.residents
    if lacking or people.status == "unavailable":
        return check.unavailable(lacking or people.missing or people.words, unit=PER_PERSON, denominator=people.words)
    table = check.ws[PARKS]
    shapes = table.geometry.to_numpy()[of_kind(check.ws, "P-BLK", PARKS.key) & ~said_no_entry(table)]
    green = shapes[shapely.area(shapes) > 0]
    width = 2 * shapely.length(shapely.maximum_inscribed_circle(green)) if len(green) else np.empty(0)
    wide = green[width >= check.policy["block_green_width_m"] - 1e-6]
    _, grid, area = shared_areas(wide, check.ws.grids(check.level).geometry.to_numpy())
    above = check.totals(grid, area)
    points = len(shapes) - len(green)
    gaps = Text(f"{points:,} 处以点登记的绿地面积与宽度", f"area and width of {points:,} parks given as points")
    inner = Text("居住街坊内部绿地与街坊范围", "green inside blocks and their outlines")
    return check.where_known(
        Outcome(
            quotient(above, people.by_place),
            "proxy",
            PER_PERSON,
            people.words,
            Text("宽度达标的集中绿地（m²）", "green that is wide enough, m²"),
            above,
            people.by_place,
            judged=False,
            missing=both(both(people.missing, inner), gaps if points else None),
            note=both(
                Text(
                    "以网格代替居住街坊，只计公园图层中的绿地",
                    "grids stand for blocks; only green of the layer of parks",
                ),
                people.note,
            ),
            meta={"method": "green wide enough / residents", "width": "diameter of the largest circle inside"},
        ),
        PARKS,
        per=1,
    )


COMPUTED = {"M-MOVE": moving, "M-MUR": murals, "M-REUSE": reuse, "P-BLK": block_green}
