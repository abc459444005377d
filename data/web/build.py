"""Fetch the vendored web assets again: pinned versions, checked by hash, cut to what is used.

Run ``python data/web/build.py`` with npm and pip on the path and the development dependencies
installed. The results are committed; nothing is fetched at install or run time. The font needs
about a minute of one core. A file whose SHA-256 differs from THIRD_PARTY.md ends the run and changes nothing;
whoever moves a pinned version writes the new one there first.
"""

import hashlib
import io
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from fontTools.varLib import instancer  # type: ignore[import-untyped]

HERE = Path(__file__).parent
PACKAGES = {
    "leaflet@1.9.4": {"dist/leaflet.js": "leaflet.js", "dist/leaflet.css": "leaflet.css"},
    "protomaps-leaflet@5.1.0": {"dist/protomaps-leaflet.js": "protomaps-leaflet.js"},
}
FONT_PACKAGE = "justmytype-intl-cjk==0.1.0"
FONT_FOLDER = "justmytype_intl_cjk/fonts/ofl/notosanssc/"
WEIGHTS = {400: "Regular", 700: "Bold"}
SYMBOLS = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x2C6, 0x2DD), (0x370, 0x3FF), (0x2010, 0x203B), (0x2070, 0x209C),
    (0x20A0, 0x20BF), (0x2100, 0x214F), (0x2150, 0x218B), (0x2190, 0x21FF), (0x2200, 0x22FF),
    (0x2300, 0x23FF), (0x2460, 0x24FF), (0x2500, 0x25FF), (0x2600, 0x266F), (0x2700, 0x27BF),
    (0x3000, 0x303F), (0x3200, 0x33FF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF),
)  # fmt: skip
VARIABLE_NAMES = (3, 16, 17, 25)
"""OpenType name ids that speak of the variable font: unique id, typographic family and style, prefix."""


def scripts(target: Path) -> None:
    """Unpack the JavaScript packages into a folder; images and source maps are left out."""
    for package, files in PACKAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run(["npm", "pack", "--silent", package], cwd=folder, check=True)  # noqa: S603, S607 (pinned names above)
            archive = next(Path(folder).glob("*.tgz"))
            with tarfile.open(archive) as pack:
                for inside, name in files.items():
                    content = pack.extractfile(f"package/{inside}")
                    if content is None:
                        msg = f"{package} has no {inside}"
                        raise FileNotFoundError(msg)
                    (target / name).write_text(_slim(content.read().decode()), encoding="utf-8")


def _slim(text: str) -> str:
    """Drop the source map line and every rule part that asks for a picture."""
    text = re.sub(r"\n?//# sourceMappingURL=\S+\s*$", "\n", text)
    return re.sub(r"\n[^\n{}]*url\((?:images/|#default)[^\n]*;", "", text)


def fonts(target: Path) -> None:
    """Cut Noto Sans SC to GB2312, Latin and symbols, in two fixed weights, into a folder."""
    with tempfile.TemporaryDirectory() as folder:
        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", folder, FONT_PACKAGE]
        subprocess.run(pip, check=True)  # noqa: S603 (pinned name above)
        with zipfile.ZipFile(next(Path(folder).glob("*.whl"))) as wheel:
            source = wheel.read(f"{FONT_FOLDER}NotoSansSC[wght].ttf")
            (target / "OFL.txt").write_bytes(wheel.read(f"{FONT_FOLDER}OFL.txt"))
    for weight, style in WEIGHTS.items():
        cut_font(source, weight, style, target / f"NotoSansSC-{style}.woff2", flavour="woff2")


def cut_font(source: bytes, weight: int, style: str, path: Path, *, flavour: str | None) -> None:
    """Write one weight of the variable font with the glyphs we use; ``flavour`` None is plain TrueType."""
    font = TTFont(io.BytesIO(source), recalcTimestamp=False)
    options = subset.Options(layout_features=["kern", "liga", "locl", "ccmp", "mark", "palt"], hinting=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=code_points())
    cutter.subset(font)
    font = instancer.instantiateVariableFont(font, {"wght": weight}, inplace=True)
    named = {1: "Noto Sans SC", 2: style, 4: f"Noto Sans SC {style}", 6: f"NotoSansSC-{style}"}
    for record in font["name"].names:
        record.string = named.get(record.nameID, str(record))
    font["name"].names = [n for n in font["name"].names if n.nameID not in VARIABLE_NAMES]
    font["OS/2"].usWeightClass = weight
    bold = weight == max(WEIGHTS)
    font["head"].macStyle = int(bold)
    font["OS/2"].fsSelection = 0x20 if bold else 0x40
    font.flavor = flavour
    font.save(path)


def code_points() -> list[int]:
    """GB2312 with Latin letters and the symbols that maps and tables use."""
    found = {code for first, last in SYMBOLS for code in range(first, last + 1)}
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                continue
    return sorted(found)


def recorded() -> dict[str, str]:
    """Read the SHA-256 of every vendored file from THIRD_PARTY.md."""
    text = (HERE / "THIRD_PARTY.md").read_text(encoding="utf-8")
    return dict(re.findall(r"^\| ([\w.\-]+) \|.* ([0-9a-f]{64}) \|$", text, flags=re.MULTILINE))


def check(folder: Path) -> None:
    """Compare vendored files with what THIRD_PARTY.md says of them.

    Raises:
        ValueError: names each file that is not recorded, or is recorded with another SHA-256.
    """
    wanted = recorded()
    names = [name for files in PACKAGES.values() for name in files.values()]
    names += [f"NotoSansSC-{style}.woff2" for style in WEIGHTS.values()]
    found = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in names}
    wrong = [
        f"{name}: SHA-256 is {digest}, THIRD_PARTY.md has {wanted.get(name, 'none')}"
        for name, digest in found.items()
        if digest != wanted.get(name)
    ]
    if wrong:
        raise ValueError("\n".join(wrong))


def main() -> None:
    """Fetch everything beside, check it, and only then put it in place."""
    with tempfile.TemporaryDirectory() as folder:
        scripts(Path(folder))
        fonts(Path(folder))
        check(Path(folder))
        shutil.copytree(folder, HERE, dirs_exist_ok=True)


if __name__ == "__main__":
    main()
