"""The gate: every check in turn; the first that fails ends it, with its name."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
GATE = "GUATU_GATE"
"""Environment variable that tells the tests that nothing may be skipped for want of a browser."""
CHECKS = {
    "lint": ["ruff", "check", "."],
    "format": ["ruff", "format", "--check", "."],
    "types": ["mypy"],
    "import contracts": ["lint-imports"],
    "tests": [
        "pytest",
        "-n",
        "3",  # more than there are cores: many tests wait for a worker or a browser
        "--dist",
        "loadscope",
        "--no-loadscope-reorder",  # in the order of tests/conftest.py: what takes long first
        "--cov",
        "--cov-report=term:skip-covered",
        "-q",
    ],
}


def main() -> int:
    """Run all checks; give 0 if all pass."""
    for name, command in CHECKS.items():
        start = time.perf_counter()
        print(f"== {name}: {' '.join(command)}", flush=True)
        done = subprocess.run([BIN / command[0], *command[1:]], cwd=ROOT, check=False, env={**os.environ, GATE: "1"})
        print(
            f"== {name}: {'passed' if done.returncode == 0 else 'FAILED'} in {time.perf_counter() - start:.0f} s",
            flush=True,
        )
        if done.returncode != 0:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
