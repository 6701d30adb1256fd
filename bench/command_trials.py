#!/usr/bin/env python3
"""What a study of commands costs: trials per second of a program that starts in a millisecond, and reports per
second from 16 programs at once.

    bench/command_trials.py [PROGRAM [FOLDER]]     PROGRAM: troupe; default: build/release/troupe
                                                   FOLDER: where results go; default: a temporary one

The program that is tuned is in C, linked statically, and prints as many TROUPE lines as it is told. Beside what the
studies take stands what starting that program takes by itself, one after the other, and the bars.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[1]
RUNS = 3
REPORTER = r"""
#include <stdio.h>
#include <stdlib.h>
int main(int argc, char** argv) {
  for (int left = argc > 1 ? atoi(argv[1]) : 0; left > 0; --left) {
    printf("TROUPE {\"loss\": %d}\n", left);
    fflush(stdout);
  }
  return 0;
}
"""


def build(folder):
    (folder / "reporter.c").write_text(REPORTER)
    subprocess.run(["cc", "-O2", "-static", "-o", folder / "reporter", folder / "reporter.c"], check=True)
    return str(folder / "reporter")


def bare_start_ms(reporter):
    """Milliseconds to start the program and to wait for its end."""
    count = 500
    begun = time.monotonic()
    for _ in range(count):
        os.waitpid(os.posix_spawn(reporter, [reporter], os.environ), 0)
    return 1000 * (time.monotonic() - begun) / count


def measure(troupe, folder, reporter, trials, reports, at_once):
    """Runs a study; returns its seconds, those of processors, and the tuner's largest memory in MB."""
    # A new folder each time: where many files have just been deleted, ext4 is slow to make others.
    out = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "out"
    study = {
        "name": "commands",
        "trainable": {"command": [reporter, str(reports)]},
        "space": {"x": {"uniform": [0, 1]}},
        "metric": "loss",
        "num_samples": trials,
        "resources": {"cpu": 0.05},
        "max_concurrent": at_once,
    }
    (folder / "study.json").write_text(json.dumps(study))
    command = [troupe, "run", folder / "study.json", "--out", out]
    begun = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    took = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"troupe ended with exit code {process.returncode}")
    done = json.loads((out / "summary.json").read_text())["trials"]
    if [t["iterations"] for t in done] != [reports] * trials:
        sys.exit("not every trial has made all of its reports")
    return took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main():
    troupe = sys.argv[1] if len(sys.argv) > 1 else str(ROOT / "build/release/troupe")
    with tempfile.TemporaryDirectory(dir=sys.argv[2] if len(sys.argv) > 2 else None) as name:
        folder = pathlib.Path(name)
        reporter = build(folder)
        print(f"{os.cpu_count()} CPUs; the program by itself starts and ends in {bare_start_ms(reporter):.2f} ms")
        for what, trials, reports, at_once, count, bar in (
            ("trials", 1000, 1, 4, 1000, 200),
            ("reports", 16, 5000, 16, 80_000, 10_000),
        ):
            for _ in range(RUNS):
                took, cpu, memory = measure(troupe, folder, reporter, trials, reports, at_once)
                print(
                    f"{trials:5} trials x {reports:4} reports, {at_once:2} at once: {took:6.2f} s, {cpu:6.2f} s of CPU, "
                    f"{memory:4.0f} MB; {count / took:7.0f} {what}/s (bar: {bar})"
                )


if __name__ == "__main__":
    main()
