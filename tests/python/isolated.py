"""How tests look at trials that train in processes of their own."""

import json
import os
from pathlib import Path

import pytest
from toys import call

ALONE = {"isolation": "process"}
REUSED = ALONE | {"reuse": True}
SANITIZED = not os.environ["INJECTOR"]


def trainers():
    """The processes that train trials of this test's studies."""
    ours = f"TROUPE_LEDGER={os.environ['TROUPE_LEDGER']}".encode()
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"train-trial" in (process / "cmdline").read_bytes():
                if ours in (process / "environ").read_bytes().split(b"\0"):
                    found.append(int(process.name))
        except OSError:
            continue
    return found


def parent_of(process):
    return int(Path(f"/proc/{process}/stat").read_text().rsplit(") ", 1)[1].split()[1])


def run(file, folder, code=0):
    done = call("run", file, "--out", folder)
    assert done.returncode == code, done.stderr
    return json.loads((folder / "summary.json").read_text())["trials"]


class Loads:
    """The toy, and the processes that have loaded it."""

    def __init__(self, folder):
        self.file = folder / "loads"
        self.trainable = {"name": "toy", "loads": str(self.file)}

    def trainers(self):
        """Their numbers, without the study's own process, which is the first."""
        return [int(line) for line in self.file.read_text().split()][1:]


@pytest.fixture
def loads(tmp_path):
    return Loads(tmp_path)
