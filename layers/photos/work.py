"""What the confined worker does with a photo: it decodes the picture and gives back small plain ones, and what the camera noted.

The worker gets the parts that the decoder needs (``layers.photos.containers``) and the notes of the camera as
two files, gives up writing before it loads Pillow, and answers with JSON. Nothing of it runs anywhere else.
"""

import base64
import io
import warnings
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from geo.errors import DataError
from geo.text import Text
from geo.worker import Answer, Job
from layers.photos.exif import BROKEN, read_exif
from layers.photos.faults import refused
from layers.photos.heads import MOST_PIXELS

if TYPE_CHECKING:
    from PIL import Image

PICTURE, NOTES = "picture", "notes"
"""Files in the job's folder."""
VIEW_PX, THUMBNAIL_PX = 1280, 320
GRID = 72
"""Edge of the square of grey that hashes are made of; its blocks of 8 by 9 make 9 by 8 cells however it is turned."""
_CELLS = (9, 8)
_LEAST_STEP = 0.5  # grey levels: less is noise of compression, and even skies would hash at random
_LEAST_EDGES = 4
_GOOD, _SMALL = 90, 80
_DEEP = 256.0  # 16 bits a channel to 8


def derive(job: Job) -> Answer:
    """Give what ``looked_at`` gives, after giving up writing."""
    job.settle()
    return looked_at(job.folder, str(job.told["kind"]), str(job.told["file"])), ()


def plain(job: Job) -> Answer:
    """Give the whole picture, upright, with its pixels only (JPEG in base64), after giving up writing."""
    job.settle()
    facts, _ = read_exif((job.folder / NOTES).read_bytes())
    upright = _upright(job.folder, str(job.told["kind"]), str(job.told["file"]), int(facts["orientation"]))
    return {"plain": _written(upright, _GOOD)}, ()


def looked_at(folder: Path, kind: str, file: str) -> dict[str, Any]:
    """Give the size, the hashes, the notes of the camera, and the view and the thumbnail (JPEG in base64).

    Raises:
        DataError: the picture cannot be decoded.
    """
    facts, findings = read_exif((folder / NOTES).read_bytes())
    upright = _upright(folder, kind, file, int(facts.pop("orientation")))
    view = _shrunk(upright, VIEW_PX)
    bits = hashes(view)
    if not any(bits):
        findings.append("photo_flat")
    pictures = {"view": view, "thumbnail": _shrunk(view, THUMBNAIL_PX)}
    written = {name: _written(one, _SMALL) for name, one in pictures.items()}
    size = {"width": upright.width, "height": upright.height}
    return {**facts, **size, "bits": [f"{one:016x}" for one in bits], "findings": findings, **written}


def hashes(picture: "Image.Image") -> list[int]:
    """Give the 64-bit difference hash of a picture in each of its eight positions, as it stands first.

    Of a 9 by 8 grid of mean grey each bit says whether a cell is brighter than the one left of it (Krawetz's
    dHash), by more than noise makes. 0 where fewer than ``_LEAST_EDGES`` bits differ from an even picture's.
    """
    from PIL import Image  # noqa: PLC0415 (heavy)

    square = picture.convert("L").resize((GRID, GRID), Image.Resampling.BOX)
    turned = [square, *(square.transpose(way) for way in Image.Transpose)]
    return [_hash(one.convert("F").resize(_CELLS, Image.Resampling.BOX).tobytes()) for one in turned]


def _hash(cells: bytes) -> int:
    values, wide = memoryview(cells).cast("f"), _CELLS[0]
    rows = [values[at : at + wide].tolist() for at in range(0, len(values), wide)]
    steps = [after - before > _LEAST_STEP for row in rows for before, after in pairwise(row)]
    edges = sum(steps)
    return sum(step << (63 - at) for at, step in enumerate(steps)) if _LEAST_EDGES <= edges <= 64 - _LEAST_EDGES else 0


def _upright(folder: Path, kind: str, file: str, orientation: int) -> "Image.Image":
    """Decode the picture in 8-bit sRGB and turn it as the camera was held.

    Raises:
        DataError: it cannot be decoded.
    """
    from PIL import Image, ImageCms  # noqa: PLC0415 (heavy)

    broken = (*BROKEN, ImageCms.PyCMSError, Image.DecompressionBombError)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            with Image.open(folder / PICTURE, formats=[kind]) as picture:
                if picture.width * picture.height > MOST_PIXELS or getattr(picture, "n_frames", 1) > 1:
                    raise ValueError  # its head said otherwise
                picture.load()
                coloured = _coloured(picture)
    except broken as error:
        raise _unreadable(file) from error
    turn = _turns().get(orientation)
    return coloured if turn is None else coloured.transpose(turn)


def _turns() -> "dict[int, Image.Transpose]":
    from PIL import Image  # noqa: PLC0415 (heavy)

    ways = Image.Transpose
    turns = (ways.FLIP_LEFT_RIGHT, ways.ROTATE_180, ways.FLIP_TOP_BOTTOM, ways.TRANSPOSE, ways.ROTATE_270,
             ways.TRANSVERSE, ways.ROTATE_90)  # fmt: skip
    return dict(enumerate(turns, start=2))


def _coloured(picture: "Image.Image") -> "Image.Image":
    """Give the pixels in sRGB: profiles applied, transparency on white, 16 bits cut to 8; nothing else is kept."""
    from PIL import Image  # noqa: PLC0415 (heavy)

    profile = picture.info.get("icc_profile")
    if picture.mode.startswith(("I", "F")):
        picture = picture.convert("F").point(lambda value: value / _DEEP).convert("L")
    if picture.mode in {"P", "PA", "LA", "La", "RGBa"} or "transparency" in picture.info:
        picture = picture.convert("RGBA")
    if picture.mode == "RGBA":
        white = Image.new("RGB", picture.size, "white")
        white.paste(picture, mask=picture.getchannel("A"))
        picture = white
    coloured = _profiled(picture, profile) if profile else None
    coloured = coloured or picture.convert("RGB")
    made = coloured.copy()
    made.info = {}
    return made


def _profiled(picture: "Image.Image", profile: bytes) -> "Image.Image | None":
    """Convert to sRGB by the picture's own profile; None if the profile does not fit it."""
    from PIL import ImageCms  # noqa: PLC0415 (heavy)

    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        return ImageCms.profileToProfile(picture, own, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (*BROKEN, ImageCms.PyCMSError):
        return None


def _shrunk(picture: "Image.Image", edge: int) -> "Image.Image":
    """Give the picture with its longer edge at most so long; small ones stay as they are."""
    from PIL import Image  # noqa: PLC0415 (heavy)

    longer = max(picture.size)
    if longer <= edge:
        return picture
    wide, high = (max(1, round(side * edge / longer)) for side in picture.size)
    return picture.resize((wide, high), Image.Resampling.LANCZOS, reducing_gap=3.0)


def _written(picture: "Image.Image", quality: int) -> str:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality)
    return base64.b64encode(out.getvalue()).decode("ascii")


def _unreadable(file: str) -> DataError:
    return refused(file, "photo_damaged", Text("无法解码的照片", "a photo that cannot be decoded"))
