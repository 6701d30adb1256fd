"""Studies of programs that misbehave, beside healthy ones, and what has to be true of them afterwards."""

import json
import os
import pathlib
import resource
import subprocess
import sys

import pytest

from faults import leftovers
from misbehaving import programs, verdicts
from toys import TOY, call, events_of

HERE = pathlib.Path(__file__).parent / "misbehaving"
HEALTHY = [f"healthy {i}" for i in range(20)]
WAITING = "waiting"
ENDLESS = {*verdicts.LINGERING_FOREVER, *programs.ENDLESS}
VERDICTS = (
    verdicts.CRASHES
    | verdicts.SIGNALS
    | verdicts.EXITS
    | verdicts.LINGERING
    | verdicts.LINGERING_FOREVER
    | {WAITING: verdicts.completed(None)}
    | {name: verdicts.verdict_of_python(name, name in ENDLESS) for name in programs.MISBEHAVING}
)


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """The folder of the programs in C."""
    folder = tmp_path_factory.mktemp("misbehaving")
    for name in ("crash", "linger"):
        subprocess.run(["cc", "-O1", "-pthread", "-o", folder / name, HERE / f"{name}.c"], check=True)
    return folder


class Torture:
    """A folder with a program for each case, and studies of them."""

    def __init__(self, folder, built, marker):
        self.folder, self.marker = folder, marker
        self.programs, self.go = folder / "programs", folder / "go"
        self.place, self.temporary = folder / "place", folder / "temporary"
        for new in (self.programs, self.place, self.temporary):
            new.mkdir()
        of_c = verdicts.CRASHES | verdicts.SIGNALS | verdicts.EXITS
        for name in (*of_c, *verdicts.LINGERING, *verdicts.LINGERING_FOREVER):
            program = built / ("crash" if name in of_c else "linger")
            self.write(name, f"#!/bin/sh\nexec {program} {name} {marker}\n")
        for name, code in programs.MISBEHAVING.items():
            self.write(name, f"#!{sys.executable} -SE\n{code}")
        for name in HEALTHY:
            self.write(name, f"#!{sys.executable} -SE\n{programs.HEALTHY}")
        self.write(WAITING, f"#!{sys.executable} -SE\n{programs.WAITING}")

    def write(self, name, content):
        path = self.programs / name
        path.write_text(content)
        path.chmod(0o755)

    def study(self, cases, **changes):
        """Writes a study that runs each case once, in this order."""
        content = {
            "name": "torture",
            "trainable": {
                "command": ["sh", "-c", 'exec "$PROGRAMS/$0"', "{case}"],
                "env": {"MARK": self.marker, "PROGRAMS": str(self.programs), "GO": str(self.go)},
                "cwd": str(self.place),
                "grace_s": 0.2,
            },
            "space": {"case": {"grid_search": list(cases)}, "x": {"uniform": [0, 1]}},
            "metric": "loss",
            "stop": {"enough": {">=": 1}},
            "cpus": 2,
            "resources": {"cpu": 0.125},
        } | changes
        path = self.folder / "study.json"
        path.write_text(json.dumps(content))
        return path

    def begin(self, study, out):
        """Begins a run, or has it go on, that prints its events, for a with statement."""
        words = ["resume", out] if has_begun(out) else ["run", study, "--out", out, "--resume"]
        return subprocess.Popen(
            [TOY, *words, "--events"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=os.environ | {"TMPDIR": str(self.temporary)}, preexec_fn=without_core_files,
        )  # fmt: skip


def without_core_files():
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def wrong_verdicts(trials):
    """Returns by case what is otherwise than it should be."""
    wrong = {}
    for trial in trials:
        case, x = trial["config"]["case"], trial["config"]["x"]
        verdict = VERDICTS.get(case) or verdicts.completed(11, x)
        if said := verdict.differs_from(trial):
            wrong[case] = said
    return wrong


def check_nothing_is_left(torture, out):
    assert list(torture.temporary.iterdir()) == []
    assert list(torture.place.iterdir()) == []
    assert leftovers(out) == []


def has_begun(out):
    return (out / "study.json").exists() and events_of(out) != []


def check_decisions(out):
    done = call("verify", out)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.startswith("0 of ")


def check_study(out):
    """It is whole, and decides as it did."""
    check_decisions(out)
    done = call("doctor", out)
    assert done.returncode == 0, done.stdout + done.stderr
