"""What a line needs of the machine."""

import os
import shutil
from pathlib import Path

import pytest

from tests.browser import chromium
from tests.marks import committed

ABLE = os.geteuid() == 0 and Path("/dev/net/tun").exists() and shutil.which("ip") and chromium.PATH
pytestmark = [committed, pytest.mark.skipif(not ABLE, reason="Needs root, ip, TUN and Chromium.")]
