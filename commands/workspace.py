"""The verbs on a workspace as such: make one, check one."""

import argparse
import re
from datetime import datetime
from pathlib import Path

from commands.options import WORKSPACE, refused
from commands.rasters import listed, listed_answer, listed_lines
from commands.verb import Done, Option, Say, UsageError, Verb
from geo.crs import middle, require_metric
from geo.errors import CriteriaError, CrsError, DataError, Problem
from geo.files import geometries, layer_names, read_layer
from geo.text import Text
from geo.zone import metric_zone
from layers.intake.damage import changes, confirm
from layers.manifest import FILE, checked_manifest
from layers.reading import require_metric_manifest
from layers.workspace import Workspace, open_workspace, save_workspace, workspace_folder
from reports import read_criteria
from reports.answers import check_answer, check_lines

AUTO = "auto"
DEFAULT = "EPSG:4546"
AS_SAID = Text("按 --crs 指定", "as --crs says")
BY_DEFAULT = Text(
    "缺省值，因为没有说明社区在哪里；只适用于东经 109.5° 至 112.5°，其他地方请删去重建，并用 --near 或 --data 说明位置",
    "the default, since nothing says where the community lies; right for 109.5° to 112.5° E only: elsewhere delete it and "
    "make it again with --near or --data",
)
Place = tuple[float, float]


def near(word: str) -> Place:
    """Read "LON,LAT" in degrees; a full-width comma will do."""
    parts = word.replace("，", ",").split(",")
    try:
        lon, lat = (float(part) for part in parts)
        metric_zone(lon, lat)
    except CrsError as error:
        raise argparse.ArgumentTypeError(str(error.message)) from error
    except ValueError as error:
        words = Text("{word} 不是经度和纬度，应如 111.61,26.43", "{word} is no LON,LAT such as 111.61,26.43")
        raise refused(words, word=word) from error
    return lon, lat


def new(options: argparse.Namespace, say: Say) -> Done:
    """Make an empty workspace."""
    folder = Path(options.folder)
    if (folder / FILE).exists():
        found = Text("此处已有工作区", "a workspace that is there already")
        expected = Text("尚无工作区的文件夹", "a folder without a workspace")
        remedy = Text("换一个文件夹", "take another folder")
        raise DataError([Problem("exists", "error", f"{folder}/{FILE}", None, None, found, expected, remedy)])
    crs, why = _chosen(options)
    now = datetime.now().replace(microsecond=0)  # noqa: DTZ005 (workspaces keep naive local time)
    title = {"zh": options.name, "en": options.name}
    manifest = checked_manifest({"name": options.name, "title": title, "crs": crs, "as_of": now}, folder / FILE)
    problems = require_metric_manifest(manifest)
    if problems:
        raise DataError(problems)
    save_workspace(folder, manifest, {})
    words = Text("{crs}：{why}", "{crs}: {why}").format(crs=crs, why=why)
    lines = [str(folder)]
    if assumed := why == BY_DEFAULT:  # part of the outcome: nobody said where the community lies
        lines.append(words.in_(options.lang))
    else:
        say(words)
    answer = {"name": options.name, "folder": str(folder), "crs": crs, "why": why._asdict(), "assumed": assumed}
    return Done(answer, lines)


def _chosen(options: argparse.Namespace) -> tuple[str, Text]:
    """Give the CRS of a new workspace, and why it is this one."""
    shown = options.near is not None or options.data is not None
    if options.crs not in (None, AUTO):
        if shown:
            raise UsageError(
                Text(
                    "--near、--data 用于选择坐标系，不能与 --crs EPSG:n 同用；二者取一",
                    "--near and --data choose the coordinate system, --crs EPSG:n states it: give one or the other",
                )
            )
        return options.crs, AS_SAID
    if options.near is not None:
        zone = metric_zone(*options.near)
        return zone.crs, zone.why
    if options.data is not None:
        return _chosen_for(options.data)
    if options.crs == AUTO:
        raise UsageError(
            Text(
                "--crs auto 需要知道社区在哪里：加上 --near LON,LAT（经纬度，如 --near 111.61,26.43），"
                "或 --data 文件（带坐标系的图层，如网格）",
                "--crs auto has to know where the community lies: add --near LON,LAT (such as --near 111.61,26.43) "
                "or --data FILE (a layer with a coordinate system, such as the grids)",
            )
        )
    return DEFAULT, BY_DEFAULT


def _chosen_for(path: Path) -> tuple[str, Text]:
    """Choose by a file, and tell if the file is in metres already, though in another system."""
    place, crs = place_of(path)
    zone = metric_zone(*place)
    if crs == zone.crs or not re.fullmatch(r"EPSG:\d{4,6}", crs) or not _is_metric(crs):
        return zone.crs, zone.why
    words = Text(
        "{why}；文件为 {crs}，也以米为单位，若不想转换，请用 --crs {crs}",
        "{why}; the file is in {crs}, in metres too: say --crs {crs} to use it without converting it",
    )
    return zone.crs, words.format(why=zone.why, crs=crs)


def _is_metric(crs: str) -> bool:
    try:
        require_metric(crs)
    except CrsError:
        return False
    return True


def place_of(path: Path) -> tuple[Place, str]:
    """Say where a vector file lies: degrees east and north of its first layer with geometry, and the CRS of that.

    Raises:
        DataError: the file cannot be read or has nothing with a place.
        CrsError: its layer has no CRS, or coordinates that do not fit it.
    """
    for name in layer_names(path):
        _, wkb, crs = read_layer(path, name)
        shapes, _ = geometries(wkb)
        if any(one is not None and not one.is_empty for one in shapes):
            return middle(shapes, crs), str(crs)
    found = Text("没有图形", "no geometry")
    expected = Text("有图形的图层，如网格", "a layer with geometry, such as the grids")
    remedy = Text("换一个文件，或用 --near LON,LAT", "take another file, or say --near LON,LAT")
    raise DataError([Problem("no_geometry", "error", path.name, None, None, found, expected, remedy)])


def check(options: argparse.Namespace, say: Say) -> Done:  # noqa: ARG001 (verbs are called alike)
    """List all problems of a workspace."""
    ws: Workspace | None = None
    folder = workspace_folder(options.folder)
    if options.accept:
        confirm(folder)
    try:
        ws = open_workspace(options.folder)
        problems = ws.problems
    except DataError as error:
        problems = error.problems
    problems += tuple(one for one in changes(folder) if one not in problems)  # a copy may hide what a disk did since
    try:
        read_criteria(folder=folder)
    except CriteriaError as error:
        problems += error.problems
    rasters, more = listed(folder)
    problems += tuple(more)
    code = int(any(p.severity != "warning" for p in problems))
    lines = check_lines(problems, ws, options.lang) + listed_lines(rasters, options.lang)
    return Done({**check_answer(problems, ws), "rasters": listed_answer(rasters)}, lines, code)


VERBS = {
    "new": Verb(
        Text(
            "新建只有清单的空工作区；随后向 layers.gpkg 加入图层（见数据字典）。坐标系可由位置选择：中国用 CGCS2000 三度带，其他地方用 UTM。",
            "Makes a workspace that holds nothing but its manifest; then add layers to layers.gpkg (see the data "
            "dictionary). The coordinate system may be chosen by the place: the CGCS2000 3-degree zone in China, UTM "
            "elsewhere.",
        ),
        (
            Option(("folder",), Text("新建的文件夹", "the folder to make"), {"metavar": "DIR"}),
            Option(
                ("--name",),
                Text("名称（字母、数字、汉字、-）", "name: letters, digits, -"),
                {"required": True},
            ),
            Option(
                ("--crs",),
                Text(
                    "以米为单位的坐标系 EPSG:n，或 auto；缺省 EPSG:4546，给出位置时为 auto",
                    "coordinate system in metres, EPSG:n or auto; default EPSG:4546, or auto if a place is given",
                ),
                {"metavar": "EPSG:n|auto"},
            ),
            Option(
                ("--near",),
                Text("社区的经度和纬度（度）", "longitude,latitude of the community, degrees"),
                {"type": near, "metavar": "LON,LAT"},
            ),
            Option(
                ("--data",),
                Text("社区的图层文件，如网格", "a layer file of the community, such as its grids"),
                {"type": Path, "metavar": "FILE"},
            ),
        ),
        (
            "new old-town --name old-town --near 111.61,26.43",
            "new harbour --name harbour --crs auto --near -71.06,42.36 --json",
        ),
        new,
    ),
    "check": Verb(
        Text(
            "列出工作区的全部问题（代码见问题代码一页）、各图层的数量和各栅格的概况。有错误时退出码为 1。",
            "Lists all problems of a workspace (see the page of problem codes), counts its layers and describes its "
            "rasters. Ends with 1 if there are errors.",
        ),
        (
            WORKSPACE,
            Option(
                ("--accept",),
                Text(
                    "确认图层在 Guatu 之外的改动（如在 QGIS 中编辑）是有意的",
                    "confirm that a change of the layers outside Guatu, such as an edit in QGIS, was meant",
                ),
                {"action": "store_true"},
            ),
        ),
        ("check huolong", "check nowhere --json"),
        check,
    ),
}
