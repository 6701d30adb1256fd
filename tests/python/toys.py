"""The toy that misbehaves on request (its path is in TOY), and how tests call it."""

import json
import os
import subprocess

import pytest

TOY = os.environ["TOY"]
WELL = {"x": {"uniform": [0, 1]}}


@pytest.fixture
def study(tmp_path):
    """Writes a study of the toy; keyword arguments replace its keys."""

    def write(**changes):
        content = {
            "name": "toys",
            "trainable": {"name": "toy"},
            "space": WELL,
            "metric": "loss",
            "num_samples": 4,
            "cpus": 2,
        } | changes
        path = tmp_path / "study.json"
        path.write_text(json.dumps(content))
        return str(path)

    return write


def call(*arguments, cwd=None, stdin=None):
    return subprocess.run(
        [TOY, *map(str, arguments)], capture_output=True, text=True, cwd=cwd, timeout=120, stdin=stdin
    )


@pytest.fixture
def finished(study, tmp_path):
    """A study of six trials, of which three fail, and what it printed."""
    out = tmp_path / "out"
    path = study(
        space={
            "x": {"grid_search": [0.5, 0.25, 1e-05]},
            "behaviour": {"grid_search": ["well", "throw"]},
            "pace_ms": 0,
        },
        num_samples=1,
    )
    done = call("run", path, "--out", out, "--json")
    assert done.returncode == 3
    return out, json.loads(done.stdout)


def running(path, out, *more, before=(), stderr=subprocess.DEVNULL):
    """Begins a run that prints its events, for a with statement; `before`: what runs the program."""
    command = [*before, TOY, "run", path, "--out", out, "--events", *more]
    return subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=stderr, text=True)


def read_until(word, stream, times=1):
    """Reads lines until so many have had the word."""
    while times > 0:
        line = stream.readline()
        assert line, f"the output has ended without {word}"
        times -= word in line


def behaving(*behaviours):
    return WELL | {"behaviour": {"choice": list(behaviours)}}


def events_of(folder):
    done = call("events", folder)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]
