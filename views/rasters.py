"""Rasters: one raster on the map and by grid, hollows against water issues, how it was made, files to take away."""

from typing import Any

import streamlit as st

from geo.text import Text
from layers import Workspace
from reports.rasters.figures import RasterFigures
from reports.rasters.kinds import Held
from reports.rasters.overlay import with_overlay
from reports.rasters.tables import (
    PONDING_TITLES,
    csv_bytes,
    figure_title,
    grid_table,
    grid_titles,
    held_words,
    ponding_table,
    raster_bytes,
    status_line,
)
from views import findings_cached, following, frame, state
from views.map_component import map_view
from views.plain import plain
from views.state import t
from views.tables import DATE, pick_row

TITLE = Text("栅格", "Rasters")
NONE = Text(
    "这个工作区还没有栅格。有了它们，这里能按网格给出人口、地面高程与坡度、易积水的洼地、绿地和地表温度。",
    "This workspace has no rasters yet. With them, this page gives residents, heights and slopes, hollows where water "
    "may stand, green and surface heat for every grid.",
)
WHAT_TO_DO = Text(
    "在“导入”页上传 GeoTIFF，或用命令 `guatu add WORKSPACE rasters FILE.tif --name elevation`。名称说明用途："
    "`population` 人口、`elevation` 高程、`bands` 卫星影像、`land_cover` 地表覆盖、`temperature` 地表温度；"
    "其他名称可在工作区的 standards/rasters.csv 中说明。",
    "Hand a GeoTIFF in on the Import page, or use `guatu add WORKSPACE rasters FILE.tif --name elevation`. The name says what "
    "it holds: `population`, `elevation`, `bands` (satellite image), `land_cover`, `temperature`; other names can be "
    "explained in the workspace's standards/rasters.csv.",
)
RASTER, FIGURE = Text("栅格", "Raster"), Text("指标", "Figure")
SHOW = Text("地图显示", "On the map")
PICTURE, GRIDS = Text("栅格", "the raster"), Text("按网格着色", "grids shaded")
HEIGHT = 560
READING = Text("正在统计栅格……", "Adding the raster up…")
COMPARING = Text("正在比较洼地与问题……", "Comparing hollows and issues…")
BY_GRID = Text("按网格", "By grid")
PONDING = Text("洼地与积水、下水道问题", "Hollows, standing water and blocked sewers")
IN_HOLLOWS = Text("落在洼地里的问题", "Issues in hollows")
METHOD = Text("怎样算出来的", "How it was computed")
HOW = Text(
    "每个像元按落在网格内的面积计入：一半在内就算一半，不按中心点归属，所以各网格相加等于全区，边界不会重复或遗漏。"
    "计数（如人口）求和，密度和高程求平均。没有值的像元不计入，也不当作零；无值面积占比列在表中。"
    "像元保持原样，是把网格换算到栅格的坐标系。",
    "Each cell counts with the part of it that lies in the grid: half inside counts half, and none is assigned by its middle. "
    "So grids add up to the whole, nothing counts twice and nothing is lost at borders. Counts such as residents are added "
    "up, densities and heights averaged. Cells without a value are left out and are not zero; the share of ground without a "
    "value stands in the table. Cells stay as they are: the grids are converted to the system of the raster.",
)
TERRAIN_HOW = Text(
    "坡度按 Horn（1981）由八个邻元计算，最外一圈不算；洼地用 Priority-Flood 填到溢出为止，填充的深度就是可积水深度，"
    "水可从边缘和没有值的地方流出。高程先换算成米制坐标。",
    "Slope follows Horn (1981) from eight neighbours, the outermost cells have none; hollows are filled until they spill "
    "(Priority-Flood), and the depth of the fill is what they can hold; water may leave over the edge and where nothing is "
    "known. Heights are first carried to coordinates in metres.",
)
CSV, COG = (
    Text("下载表格（CSV）", "Download the table (CSV)"),
    Text("下载栅格（GeoTIFF）", "Download the raster (GeoTIFF)"),
)
MAKE = Text(
    "坡度、洼地和汇水也可存为栅格：命令 `guatu terrain WORKSPACE {name}`。",
    "Slope, hollows and flow can be stored as rasters too: `guatu terrain WORKSPACE {name}`.",
)
ORIGIN = Text("由栅格计算得出，来源记录在文件内：{origin}", "Computed from another raster; the file notes: {origin}")


def page() -> None:
    """Show the page."""
    ws = frame.head(TITLE)
    held = findings_cached.rasters_in(ws.folder, state.mark())
    if not held:
        st.info(t(NONE))
        st.markdown(t(WHAT_TO_DO))
        return
    if not ws.levels:
        st.info(t(frame.NO_GRIDS))
        return
    left, middle, right = st.columns([4, 5, 3], gap="medium")
    with left:
        chosen = _chosen_raster(held)
    with st.spinner(t(READING)):
        found = findings_cached.raster_figures(ws.folder, state.mark(), state.level(), chosen.name)
    with middle:
        figure = _chosen_figure(found)
    with right:
        as_picture = _chosen_look()
    _map(ws, found, figure, as_picture=as_picture)
    st.caption("\n".join(f"- {plain(t(one))}" for one in (status_line(found), *found.notes)))
    _by_grid(ws, found, figure)
    if chosen.kind == "elevation":
        _ponding(ws, chosen)
    _method(chosen)
    _downloads(ws, found)
    frame.foot(ws)


def _chosen_raster(held: tuple[Held, ...]) -> Held:
    names = {one.name: state.label(held_words(one)) for one in held}
    first = next((number for number, one in enumerate(held) if one.kind == "elevation"), 0)
    picked = st.selectbox(
        t(RASTER),
        list(names),
        index=first,
        format_func=names.__getitem__,
        key=state.own("raster"),
        persist_state="session",
    )
    return next(one for one in held if one.name == picked)


def _chosen_figure(found: RasterFigures) -> str:
    words = {one.key: state.label(figure_title(one)) for one in found.figures}
    key = state.own(f"raster figure {found.held.name}")
    picked: str = st.selectbox(t(FIGURE), list(words), format_func=words.__getitem__, key=key, persist_state="session")
    return picked


def _chosen_look() -> bool:
    choices = {"raster": t(PICTURE), "grids": t(GRIDS)}
    key = state.own("raster shown")
    shown = st.segmented_control(
        t(SHOW), list(choices), default="raster", format_func=choices.__getitem__, required=True, key=key
    )
    return bool(shown == "raster")


def _map(ws: Workspace, found: RasterFigures, figure: str, *, as_picture: bool) -> None:
    payload = findings_cached.raster_map(
        ws.folder, state.mark(), found.level, name=found.held.name, figure=figure, lang=state.lang()
    )
    if as_picture:
        payload = with_overlay(payload, findings_cached.raster_picture(ws.folder, state.mark(), found.held.name))
    picked = map_view(payload, key="map_rasters", selected=state.selected(), height=HEIGHT)
    following.follow_map(picked)


def _by_grid(ws: Workspace, found: RasterFigures, figure: str) -> None:
    st.subheader(t(BY_GRID), anchor=False)
    table = grid_table(ws, found, first=figure).head(frame.MOST_ROWS)
    heads = {key: st.column_config.Column(state.label(words)) for key, words in grid_titles(found).items()}
    key = state.key("raster grids", (found.held.name, figure, *table.index))
    following.follow("grids", pick_row(table, heads, key=key), key=key)


def _ponding(ws: Workspace, held: Held) -> None:
    st.subheader(t(PONDING), anchor=False)
    with st.spinner(t(COMPARING)):
        finding = findings_cached.ponding(ws.folder, state.mark(), held.name)
    st.info(plain(t(finding.sentence)))
    if finding.in_hollows:
        st.markdown(f"**{t(IN_HOLLOWS)}**")
        heads: dict[str, Any] = {key: st.column_config.Column(t(words)) for key, words in PONDING_TITLES.items()}
        heads["reported_at"] = st.column_config.DateColumn(t(PONDING_TITLES["reported_at"]), format=DATE)
        st.dataframe(ponding_table(ws, finding, state.lang()), column_config=heads, hide_index=True, height="auto")
    st.caption(t(MAKE.format(name=held.name)))


def _method(held: Held) -> None:
    with st.expander(t(METHOD)):
        st.markdown(t(HOW))
        if held.kind in {"elevation", "slope", "ponding", "flow"}:
            st.markdown(t(TERRAIN_HOW))
        if held.is_computed:
            st.caption(plain(t(ORIGIN.format(origin=held.notes["made_from"]))))


def _downloads(ws: Workspace, found: RasterFigures) -> None:
    left, right = st.columns(2)
    name = f"{ws.name}-{found.held.name}"
    left.download_button(
        t(CSV), csv_bytes(ws, found, state.lang()), f"{name}.csv", "text/csv", key=state.own("raster csv")
    )
    right.download_button(
        t(COG),
        lambda: raster_bytes(found.held),
        f"{name}.tif",
        "image/tiff",
        key=state.own("raster cog"),
        on_click="ignore",
    )
