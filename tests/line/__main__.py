"""
All of them with the long ones, and what they measured: python -m tests.line. Some of them:
python -m tests.line flapping scroll_line; the names are those of the files here, the rest are
pytest's own options.
"""

import sys
from pathlib import Path

import pytest


def main() -> int:
    here = Path(__file__).parent
    known = {path.stem.removeprefix("test_"): str(path) for path in here.glob("test_*.py")}
    chosen = [known[word] for word in sys.argv[1:] if word in known] or [str(here)]
    options = [word for word in sys.argv[1:] if word not in known]
    return int(pytest.main([*chosen, "--all-drills", "-rP", *options]))


if __name__ == "__main__":
    sys.exit(main())
