#!/usr/bin/env python3
"""How long a study that runs takes to answer: `bench/control.py [build/release/troupe]`.

Two trials report a hundred times a second each and are recorded; meanwhile the study is paused and continued, over its socket and by
the command, which is what a person waits for. Prints the median and the greatest of each, in milliseconds.
"""

import json
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import time

TIMES = 100
PROGRAM = sys.argv[1] if len(sys.argv) > 1 else "build/release/troupe"
STUDY = {
    "name": "control",
    "trainable": {"command": ["sh", "-c", "while :; do echo loss=1; sleep 0.01; done"], "metrics": {"loss": "loss=(.*)"}},
    "space": {"x": {"uniform": [0, 1]}},
    "metric": "loss",
    "num_samples": 2,
    "cpus": 2,
}


def ask(path, what):
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as one:
        one.connect(str(path))
        one.sendall(json.dumps({"do": what}).encode() + b"\n")
        return json.loads(one.makefile().readline())


def timed(action):
    times = []
    for i in range(TIMES):
        begin = time.perf_counter()
        action("pause" if i % 2 == 0 else "continue")
        times.append((time.perf_counter() - begin) * 1000)
    return times


def command(folder):
    return lambda what: subprocess.run([PROGRAM, what, folder], check=True, capture_output=True)


def main():
    with tempfile.TemporaryDirectory() as folder:
        out = pathlib.Path(folder) / "out"
        file = pathlib.Path(folder) / "study.json"
        file.write_text(json.dumps(STUDY))
        with subprocess.Popen([PROGRAM, "run", file, "--out", out], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
            while not (out / ".control").exists():
                time.sleep(0.01)
            time.sleep(1)
            for name, times in (
                ("answer over the socket", timed(lambda what: ask(out / ".control", what))),
                ("whole command", timed(command(out))),
            ):
                print(f"{name:<24} median {statistics.median(times):6.1f} ms   greatest {max(times):6.1f} ms")
            ask(out / ".control", "stop")
            run.wait()


main()
