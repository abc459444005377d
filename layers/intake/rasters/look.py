"""A raster looked at: read apart from everything, placed, compared with the one before; nothing is stored."""

import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import shapely

from geo import sandbox
from geo.errors import Problem
from geo.findings import shown, value_found
from geo.raster.head import RasterHead
from geo.raster.survey import Survey
from geo.text import Text, counted
from layers.intake.look import Setting
from layers.intake.rasters.faults import fault
from layers.intake.rasters.placing import Placed, placed, used_crs
from layers.intake.rasters.work import GROUND, head_of
from layers.intake.upload.kinds import refusal
from layers.intake.upload.opening import MOST_BYTES

FOLDER = "rasters"
"""Folder of a workspace with its rasters, and the word for them on the command line."""
NAME = re.compile(r"[0-9A-Za-z_\u3400-\u4dbf\u4e00-\u9fff]{1,40}")
_RESERVED = frozenset({"con", "prn", "aux", "nul"})  # names that Windows keeps for itself
_OURS = Text("本机上的数据文件", "a data file on this computer")


@dataclass(frozen=True)
class RasterLook:
    """What taking a raster in would do.

    ``file``: the user's name for it; ``path`` and ``sha256``: what was looked at. ``head`` says its size and place,
    ``crs`` the system it is read in (None: not known), ``survey`` what its cells hold (None while a question stands
    before them). ``covered``: share of the workspace's area under it, None without grids. ``stands``: whether a raster
    of this name is there already. ``questions`` must be answered first; ``problems`` are told. ``member``: which file of
    an archive it is, "" if that has one raster only.
    """

    file: str
    name: str
    path: Path
    sha256: str
    head: RasterHead
    crs: str | None
    survey: Survey | None
    covered: float | None
    stands: bool
    questions: tuple[Problem, ...]
    problems: tuple[Problem, ...]
    member: str = ""

    @property
    def is_new(self) -> bool:
        """Tell whether the workspace would change at all."""
        return self.survey is not None and not self.questions and (not self.stands or self.survey.changed != 0)

    @property
    def kept_head(self) -> RasterHead:
        """The head of the file that is kept: in the system that it is read in."""
        return self.head._replace(crs=self.crs or self.head.crs)

    @property
    def target(self) -> str:
        """Where it is kept, from the folder of the workspace."""
        return f"{FOLDER}/{self.name}.tif"


def look_at_raster(
    setting: Setting, path: Path, *, name: str | None = None, crs: str | None = None, file: str = "", member: str = ""
) -> RasterLook:
    """Look at a GeoTIFF: read it in the worker, judge its head before its cells, store nothing.

    Args:
        setting: the workspace, see ``layers.intake.look.setting_of``.
        path: the file, or a zip with one; nothing beside it is read.
        name: what the raster is to be called, such as "population"; None: after the file.
        crs: its coordinate system as the user states it; None: as the file says.
        file: what the user calls the file, for messages.
        member: which file of an archive, where it holds several rasters.

    Raises:
        DataError: the file is refused; it says why and what to do.
    """
    file = shown(file or path.name) or "?"
    with copied(path, file) as (folder, own, sha256):
        limits = sandbox.limits_for(own.stat().st_size)
        told: dict[str, Any] = {"path": own.name, "file": file, "member": member}
        first = sandbox.run("layers.intake.rasters.work:head", folder, told, file=file, limits=limits).head
        head = head_of(first["head"])
        called, misnamed = _called(setting.folder, name, file)
        place, questions, problems = judged(setting, head, crs, file)
        problems += [fault("raster_alone", file, found=Text(*left)) for left in first["left"]]
        kept = setting.folder / FOLDER / f"{called}.tif"
        stands = not misnamed and kept.is_file()
        survey = None
        if place is not None:
            before = _linked(kept, folder / "before.tif") if stands else None
            told = {"path": first["path"], "file": file, "crs": place.crs, "before": before}
            survey = _survey(folder, told | _laid(folder, place), file, limits)
            if survey.known:
                problems += _told(head, survey, file)
            else:
                questions.append(fault("raster_empty", file, found=_cells(survey.cells)))
    crs = place.crs if place else None
    covered = place.covered if place else None
    asked = (*misnamed, *questions)
    told_of = (head, crs, survey, covered, stands)
    return RasterLook(file, called, path, sha256, *told_of, asked, tuple(problems), member)


@contextmanager
def copied(path: Path, file: str, within: Path | None = None) -> Iterator[tuple[Path, Path, str]]:
    """Copy a file under a name of ours into a folder of its own; give folder, copy and SHA-256.

    Raises:
        DataError: no file, or too large.
    """
    if not path.is_file():
        found = Text("没有此文件", "no such file")
        raise refusal(file, "no_file", found, Text("检查路径", "check the path"), expected=_OURS)
    size = path.stat().st_size
    if size > MOST_BYTES:
        most = Text(f"至多 {MOST_BYTES:,} 字节", f"at most {MOST_BYTES:,} bytes")
        remedy = Text("裁剪到工作区范围后再收入", "cut it to the area of the workspace and take that in")
        raise refusal(file, "file_size", Text(f"{size:,} 字节", f"{size:,} bytes"), remedy, expected=most)
    folder = Path(tempfile.mkdtemp(prefix="guatu-", dir=within))
    try:
        own = folder / ("upload.zip" if path.suffix.lower() == ".zip" else "upload.tif")
        shutil.copyfile(path, own)
        with own.open("rb") as source:
            sha256 = hashlib.file_digest(source, "sha256").hexdigest()
        yield folder, own, sha256
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _linked(path: Path, own: Path) -> str:
    """Let a job see a file of the workspace in its own folder; give its name there."""
    with suppress(OSError):  # another disk
        os.link(path, own)
    if not own.exists():
        shutil.copyfile(path, own)
    return own.name


def is_name(name: str) -> bool:
    """Tell whether a raster may be called so: letters, digits, Chinese characters, underscores."""
    return NAME.fullmatch(name) is not None and name.casefold() not in _RESERVED


def _called(folder: Path, name: str | None, file: str) -> tuple[str, list[Problem]]:
    """Give the name of the raster, after its file if none was said, and what is wrong with it."""
    called = re.sub(r"[^0-9A-Za-z_\u3400-\u4dbf\u4e00-\u9fff]+", "_", Path(file).stem) if name is None else name
    if not is_name(called):
        return called, [fault("raster_name", file, found=value_found(called))]
    others = [one.stem for one in (folder / FOLDER).glob("*.tif")]
    other = next((one for one in others if one != called and one.casefold() == called.casefold()), None)
    if other is None:
        return called, []
    found = Text(f"已有 {other}，只差大小写", f"{other} is there already and differs in capitals only")
    return called, [fault("raster_name", file, found=found)]


def judged(
    setting: Setting, head: RasterHead, stated: str | None, file: str
) -> tuple[Placed | None, list[Problem], list[Problem]]:
    """Judge a head: where it lies, what has to be asked, what is to be told."""
    questions = []
    if not head.has_numbers:
        questions.append(fault("raster_numbers", file, found=value_found(head.dtype)))
    if not head.is_placed:
        questions.append(fault("raster_unplaced", file, found=Text("没有位置信息", "no position")))
    elif not head.is_upright:
        found = Text("旋转或南北颠倒的栅格", "a raster that is rotated or has south up")
        questions.append(fault("raster_turned", file, found=found))
    crs, asked, problems = used_crs(head.crs, stated, setting.manifest.crs, file)
    questions += asked
    if questions or crs is None:
        return None, questions, problems
    place, asked, told = placed(setting, head, crs, file)
    return place, asked, [*problems, *told] if place else []


def _laid(folder: Path, place: Placed) -> dict[str, Any]:
    """Put the area of the workspace beside a raster; give what else there is to know of it."""
    if place.ground is None:
        return {}
    shapes = shapely.geometrycollections(place.ground.shapes)
    (folder / GROUND).write_bytes(shapely.to_wkb(shapes, include_srid=False))
    return {"window": place.ground.window, "touched": place.ground.touched}


def _survey(folder: Path, told: Mapping[str, Any], file: str, limits: sandbox.Limits) -> Survey:
    answer = sandbox.run("layers.intake.rasters.work:survey", folder, told, file=file, limits=limits)
    picture = answer.tables[0].column("value").to_numpy().reshape(answer.head["picture"])
    return Survey(**{**answer.head, "suspects": dict(answer.head["suspects"]), "picture": picture})


def _told(head: RasterHead, survey: Survey, file: str) -> list[Problem]:
    """Tell what is to be known of the cells."""
    problems = []
    if head.bands > 1:
        problems.append(fault("raster_bands", file, found=Text(f"{head.bands} 个波段", f"{head.bands} bands")))
    if survey.known_inside < survey.inside:
        share = 1 - survey.known_inside / survey.inside
        found = Text(
            f"{survey.inside - survey.known_inside:,} 个像元无值，占 {share:.1%}",
            f"{survey.inside - survey.known_inside:,} cells without a value, {share:.1%}",
        )
        problems.append(fault("raster_gaps", file, found=found))
    if survey.suspects:
        each = [(f"{value:g}", count) for value, count in survey.suspects.items()]
        found = Text(
            "未声明无数据值；" + "，".join(f"{value} 有 {count:,} 个像元" for value, count in each),
            "no value declared as no data; "
            + ", ".join(f"{value} in {counted(count, 'cell', 'cells')}" for value, count in each),
        )
        problems.append(fault("raster_suspects", file, found=found))
    return problems


def _cells(number: int) -> Text:
    return Text(f"{number:,} 个像元都没有值", f"{number:,} cells, all without a value")
