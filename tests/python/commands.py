"""Studies whose trials are programs of any kind, and how tests run them."""

import contextlib
import json
import pathlib
import sys
import time
import uuid

import pytest

from toys import call, events_of

def literal(text):
    """Returns the text as an argument in which no parameters stand."""
    return text.replace("{", "{{").replace("}", "}}")


def python(code, *arguments):
    return [sys.executable, "-c", literal(code), *arguments]


def shell(script):
    return ["sh", "-c", literal(script)]


@pytest.fixture
def study(tmp_path):
    """Writes a study whose trials are a command; keyword arguments replace its keys."""

    def write(command, trainable=None, **changes):
        content = {
            "name": "commands",
            "trainable": {"command": command} | (trainable or {}),
            "space": {"x": {"uniform": [0, 1]}},
            "metric": "loss",
            "num_samples": 3,
            "cpus": 2,
        } | changes
        path = tmp_path / "study.json"
        path.write_text(json.dumps(content))
        return path

    return write


@pytest.fixture
def marker():
    """A variable of the trials' environment that no other process has; all that have it must be gone at the end."""
    name = "MARK_" + uuid.uuid4().hex
    yield name
    assert wait_until_gone(name) == []


def marked(name):
    """Returns the processes that have the variable, or its name in their command line."""
    found = []
    for process in pathlib.Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if any(name.encode() in (process / file).read_bytes() for file in ("environ", "cmdline")):
                found.append(int(process.name))
    return found


def wait_until_gone(name):
    """Looks 500 times at most, whatever the clock says: a machine may stand still in between."""
    found, looks_without = [], 0
    for _ in range(500):
        found = marked(name)
        looks_without = 0 if found else looks_without + 1
        if looks_without == 5:  # one look may come between two processes
            break
        time.sleep(0.02)
    return found


def command_of(process):
    with contextlib.suppress(OSError):
        return pathlib.Path(f"/proc/{process}/cmdline").read_text()
    return ""


def run(path, out, *more):
    """Runs a study to its end; returns the exit code, its results, what it said on stderr."""
    done = call("run", path, "--out", out, "--json", *more)
    return done.returncode, json.loads(done.stdout) if done.stdout else None, done.stderr


def only_error(out):
    """Returns why the trials failed; all for one reason."""
    errors = {e["error"] for e in events_of(out) if e["kind"] == "trial_failed"}
    assert len(errors) == 1, errors
    return errors.pop()


def log_of(out, trial=0):
    return (out / "trials" / f"{trial:05}" / "log.txt").read_bytes()


STUBBORN = """
import signal, sys, time
signal.signal(signal.SIGTERM, lambda *_: print("no", flush=True))
print('TROUPE {"loss": 1}', flush=True)
print("ready", flush=True)
while True:
    time.sleep(60)
"""
