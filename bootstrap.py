"""Set Guatu up on a machine that has only Python 3.11 or newer with pip, and run it.

python3 bootstrap.py demo      install, build the bundled workspaces, open the app on real data
python3 bootstrap.py gate      install what developers need, run every check

Both install the locked versions into the folder .venv beside this file. Further words are handed on:
``python3 bootstrap.py demo --no-app``.
"""

import hashlib
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent
HOME = ROOT / ".venv"
LOCKS = {"demo": ROOT / "locks" / "run.txt", "gate": ROOT / "locks" / "dev.txt"}


def python() -> Path:
    """Path of the interpreter of the environment, on every system."""
    windows = HOME / "Scripts" / "python.exe"
    return windows if sys.platform == "win32" else HOME / "bin" / "python"


def install(lock: Path) -> None:
    """Make the environment and install the locked versions, unless that was done before."""
    mark = HOME / f"installed-{lock.stem}"
    wanted = hashlib.sha256(lock.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text() == wanted:
        return
    if not python().is_file():
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", HOME], check=True)
    pip: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python(),
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    subprocess.run([*pip, "--requirement", lock], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", ROOT], check=True)
    mark.write_text(wanted)


def main() -> int:
    """Install, then run the wanted thing; give its exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036 (older ones can start this file)
        print("Guatu needs Python 3.11 or newer / 需要 Python 3.11 以上", file=sys.stderr)
        return 2
    what = sys.argv[1] if len(sys.argv) > 1 else ""
    if what not in LOCKS:
        print(__doc__, file=sys.stderr)
        return 2
    install(LOCKS[what])
    module = ["-m", "cli", "demo"] if what == "demo" else ["-m", "tests.gate"]
    return subprocess.run([python(), *module, *sys.argv[2:]], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
