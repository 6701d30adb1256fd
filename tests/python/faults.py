"""Commands whose n-th change of a file fails, or is the last thing they do (tests/faults)."""

import os
import shutil
import sqlite3
import subprocess
import tempfile
from pathlib import Path

from toys import TOY, call

INJECTOR = os.environ.get("INJECTOR", "")
FAULTS = ("kill", "enospc", "eio", "short")
KILLED = -9


def struck(folder, command, fault="", at=0, log=None):
    """Runs the toy; the `at`-th call that changes something below `folder` is struck by `fault`."""
    environment = os.environ | {
        "LD_PRELOAD": INJECTOR,
        "TROUPE_FAULT_FOLDER": str(folder),
        "TROUPE_FAULT": fault,
        "TROUPE_FAULT_AT": str(at),
        "TROUPE_FAULT_LOG": str(log or ""),
    }
    return subprocess.run(
        [TOY, *map(str, command)], capture_output=True, text=True, timeout=120, env=environment, check=False
    )


def calls_of(make, command):
    """The calls of `command` that change something, as lines; `make` prepares its folder."""
    with tempfile.TemporaryDirectory() as parent:
        folder = make(Path(parent))
        log = Path(parent) / "log"
        done = struck(folder, command(folder), log=log)
        assert done.returncode == 0, done.stderr
        return log.read_text().splitlines()


def copies(template):
    """A function that copies the folder `template`, if there is one, to PARENT/out."""

    def make(parent):
        if template:
            shutil.copytree(template, parent / "out", ignore=shutil.ignore_patterns(".control"))  # a socket
        return parent / "out"

    return make


def check_database(folder):
    """The study's database is whole, whoever reads it first: this works on a copy."""
    with tempfile.TemporaryDirectory() as parent:
        for part in folder.glob("study.db*"):
            shutil.copy(part, parent)
        database = sqlite3.connect(Path(parent) / "study.db")
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        database.close()


def leftovers(folder):
    """What nobody needs any more once a command has ended in order."""
    names = [p.relative_to(folder).as_posix() for p in folder.rglob("*")]
    return [
        n
        for n in names
        if n.endswith((".tmp", ".old", "-wal", "-shm", "-journal")) or n.split("/")[0] == ".former"
    ]


def check_sound(folder):
    """A study is whole, decides as it did, and nothing is left over."""
    doctor = call("doctor", folder)
    assert doctor.returncode == 0, doctor.stdout + doctor.stderr
    verify = call("verify", folder)
    assert verify.returncode == 0, verify.stdout + verify.stderr
    # Of SQLite's own files, whoever writes next takes care.
    assert [name for name in leftovers(folder) if not name.startswith("study.db-")] == []
