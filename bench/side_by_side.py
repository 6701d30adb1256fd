#!/usr/bin/env python3
"""Troupe and its peers, Ray Tune and Optuna, side by side: the same work on the same data, in turn (A B A B), with
each figure the median of the rounds. Prints a table of ratios, and writes them with all samples as JSON.

    make bench                                     installs the peers, builds, measures everything (25 minutes)
    bench/side_by_side.py --only storage --quick   what is named, with less work and one round
    bench/compare results/bench-A.json results/bench-B.json    what has become slower since

A ratio says how many times better Troupe is than its peer. Nothing is tuned away: networks, images, batches, epochs
and validation are the same. Troupe's time inside fit is from the study's first event to the end of the program, with
the test of the best network; the peer's is that of Tuner.fit() alone. The exit code is 1 if results disagree.
The machine should have nothing else to do: Ray gives its processes a low priority.
"""

import argparse
import dataclasses
import datetime
import json
import os
import pathlib
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time

from peers.costs import measure_overhead, measure_storage, measure_suggestions
from peers.training import measure_asha, measure_tutorial

ROOT = pathlib.Path(__file__).resolve().parents[1]
PEERS = ROOT / "bench" / "peers"
PARTS = {
    "tutorial": measure_tutorial,
    "asha": measure_asha,
    "overhead": measure_overhead,
    "suggestions": measure_suggestions,
    "storage": measure_storage,
}
VERSIONS = """
import importlib.metadata, json
print(json.dumps({name: importlib.metadata.version(name) for name in ("ray", "optuna", "torch")}))
"""


class Bench:
    """Runs the programs of both sides, each in an empty folder."""

    def __init__(self, options, folder):
        self.build, self.python = options.build.absolute(), options.python.absolute()
        self.quick, self.rounds = options.quick, options.rounds
        self.top = folder
        self.environment = os.environ | {"TROUPE_LEDGER": f"{folder}/ledger"}

    def folder(self):
        return tempfile.mkdtemp(dir=self.top)

    def output(self, *command):
        command = [str(word) for word in command]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment)
        if done.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with exit code {done.returncode}:\n{done.stderr[-2000:]}")
        return done.stdout

    def program(self, name, *arguments):
        """Returns what one of the programs in bench prints."""
        return self.output(self.build / "bench" / name, *arguments)

    def peer(self, program, **job):
        """Returns what a program in peers has found out, and the seconds that it took as a whole."""
        begun = time.monotonic()
        lines = self.output(self.python, PEERS / program, json.dumps(job)).splitlines()
        return json.loads(lines[-1]), time.monotonic() - begun

    def study(self, study):
        """Runs a study; returns its summary, its seconds inside fit, and those of the whole program."""
        folder = pathlib.Path(self.folder())
        (folder / "study.json").write_text(json.dumps(study))
        command = [self.build / "troupe", "run", folder / "study.json", "--out", folder / "out", "--events"]
        begun = time.monotonic()
        with open(folder / "messages", "w") as messages:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=messages, text=True, env=self.environment
            )
            process.stdout.readline()  # the event that the study has begun
            started = time.monotonic()
            process.stdout.read()
        if process.wait() != 0:
            sys.exit(f"{command[0]} ended with exit code {process.returncode}:\n{(folder / 'messages').read_text()}")
        ended = time.monotonic()
        return json.loads((folder / "out" / "summary.json").read_text()), ended - started, ended - begun


def check_programs(bench):
    names = ["study_throughput", "report_latency", "side_by_side"]
    needed = [bench.build / "troupe", bench.python, *(bench.build / "bench" / f"bench_{name}" for name in names)]
    missing = [str(program) for program in needed if not os.access(program, os.X_OK)]
    if missing:
        sys.exit(f"missing: {', '.join(missing)}; `make bench` builds and installs all that is needed")


def about(bench):
    """Returns when, where and with what."""
    model = re.search(r"^model name\s*: (.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    troupe = bench.output(bench.build / "troupe", "--version").split()[-1]
    return {
        "date": datetime.datetime.now().astimezone().isoformat(timespec="seconds"),
        "cpu": model[1] if model else platform.machine(),
        "cores": len(os.sched_getaffinity(0)),
        "rounds": bench.rounds,
        "quick": bench.quick,
        "versions": {"troupe": troupe} | json.loads(bench.output(bench.python, "-c", VERSIONS)),
    }


def short(number):
    """Three digits that count."""
    return f"{number:,.0f}" if number >= 100 else f"{number:.3g}"


def table(where, figures):
    """Yields the lines of a table in Markdown."""
    versions = ", ".join(f"{name} {version}" for name, version in where["versions"].items())
    yield f"{where['date'][:10]}, {where['cpu']}, {where['cores']} cores; {versions}; rounds: {where['rounds']}"
    yield ""
    yield "| what | unit | Troupe | peer | the peer's setting | ratio |"
    yield "| --- | --- | ---: | ---: | --- | ---: |"
    for f in figures:
        ours, theirs = statistics.median(f.troupe), statistics.median(f.peer)
        yield f"| {f.what} | {f.unit} | {short(ours)} | {short(theirs)} | {f.setting} | {short(f.ratio)} |"


def verdicts(figures, checks):
    """Yields a line for each ratio that is wanted, and for each check."""
    for f in figures:
        if f.bar:
            yield f"{'met' if f.ratio >= f.bar else 'MISSED'}: {f.name}: {f.ratio:.1f} (wanted: {f.bar})"
    for c in checks:
        yield f"{'passed' if c['passed'] else 'FAILED'}: {c['name']}"


def read_options():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="less work, one round")
    options.add_argument("--only", action="append", choices=PARTS, help="a part; may be repeated")
    options.add_argument("--rounds", type=int, help="how often each side has its turn; default: 3")
    options.add_argument("--build", type=pathlib.Path, default=ROOT / "build/release", help="where Troupe was built")
    options.add_argument("--python", type=pathlib.Path, default=ROOT / ".deps/bench/bin/python", help="has the peers")
    options.add_argument("--out", type=pathlib.Path, help="the JSON file; default: results/bench-DATE.json")
    options.add_argument("--folder", type=pathlib.Path, default=ROOT / "results", help="the disk to record on")
    options = options.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 3)
    return options


def main():
    options = read_options()
    options.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=options.folder.absolute(), prefix="bench.") as folder:
        bench = Bench(options, folder)
        check_programs(bench)
        where, figures, checks = about(bench), [], []
        for name in options.only or PARTS:
            begun = time.monotonic()
            found, checked = PARTS[name](bench)
            figures += found
            checks += checked
            print(f"{name}: {time.monotonic() - begun:.0f} s", file=sys.stderr)
    out = options.out or ROOT / "results" / f"bench-{where['date'][:19].replace(':', '')}.json"
    out.parent.mkdir(parents=True, exist_ok=True)
    kept = [dataclasses.asdict(f) | {"ratio": f.ratio} for f in figures]
    out.write_text(json.dumps({"about": where, "figures": kept, "checks": checks}, indent=1) + "\n")
    print(*table(where, figures), "", *verdicts(figures, checks), sep="\n")
    print(f"written: {out}", file=sys.stderr)
    return 0 if all(c["passed"] for c in checks) else 1


if __name__ == "__main__":
    sys.exit(main())
