#!/usr/bin/env python3
"""What a study of commands costs: trials per second of a program that starts in a millisecond, and reports per
second from 16 programs at once, as lines that are printed and over the protocol (docs/protocol.md).

    bench/command_trials.py [--ray PYTHON] [PROGRAM [FOLDER]]
        PROGRAM: troupe; default: build/release/troupe
        FOLDER: where results go; default: a temporary one
        PYTHON: an interpreter that has Ray Tune (pip install 'ray[tune]'): the same with Ray, in the same run. Its
                trials are Python functions in processes of Ray's, as nothing is nearer to a command there.

The program that is tuned is in C, linked statically. Beside what the studies take stands what starting that program
takes by itself, one after the other, and the bars.
"""

import argparse
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
#include <string.h>

static void print(int reports) {
  for (; reports > 0; --reports) {
    printf("TROUPE {\"loss\": %d}\n", reports);
    fflush(stdout);
  }
}

static int speak(int reports, int descriptor) {
  static char line[1 << 16];
  FILE* from = fdopen(descriptor, "r");
  dprintf(descriptor, "{\"type\": \"hello\", \"version\": 1}\n");
  if (!fgets(line, sizeof line, from)) return 1;
  for (; reports > 0; --reports) {
    dprintf(descriptor, "{\"type\": \"report\", \"metrics\": {\"loss\": %d}}\n", reports);
    if (!fgets(line, sizeof line, from) || !strstr(line, "\"continue\"")) return 1;
  }
  return 0;
}

int main(int argc, char** argv) {
  const int reports = argc > 1 ? atoi(argv[1]) : 0;
  const char* descriptor = getenv("TROUPE_FD");
  if (descriptor) return speak(reports, atoi(descriptor));
  print(reports);
  return 0;
}
"""
RAY = r"""
import os, sys, time
os.environ["TUNE_DISABLE_AUTO_CALLBACK_LOGGERS"] = "1"
import ray
from ray import tune
trials, reports, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
ray.init(num_cpus=os.cpu_count(), include_dashboard=False, logging_level="error", log_to_driver=False)
def train(config):
    for left in range(reports, 0, -1):
        tune.report({"loss": left})
each = tune.with_resources(train, {"cpu": 0.05 if trials == 16 else os.cpu_count() / 4})
begun = time.monotonic()
tune.Tuner(
    each,
    param_space={"x": tune.uniform(0, 1)},
    tune_config=tune.TuneConfig(metric="loss", mode="min", num_samples=trials),
    run_config=tune.RunConfig(verbose=0, storage_path=folder),
).fit()
print("TOOK", time.monotonic() - begun)
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


def measure(troupe, folder, reporter, trials, reports, at_once, protocol):
    """Runs a study; returns its seconds, those of processors, and the tuner's largest memory in MB."""
    # A new folder each time: where many files have just been deleted, ext4 is slow to make others.
    out = pathlib.Path(tempfile.mkdtemp(dir=folder)) / "out"
    study = {
        "name": "commands",
        "trainable": {"command": [reporter, str(reports)], "protocol": protocol},
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


def measure_ray(python, folder, trials, reports):
    """The seconds that Ray Tune takes for the same, without its own start."""
    out = tempfile.mkdtemp(dir=folder)
    done = subprocess.run(
        [python, "-c", RAY, str(trials), str(reports), out], capture_output=True, text=True, check=True
    )
    return float(done.stdout.split("TOOK")[1])


def main():
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--ray", metavar="PYTHON")
    options.add_argument("program", nargs="?", default=str(ROOT / "build/release/troupe"))
    options.add_argument("folder", nargs="?")
    options = options.parse_args()
    with tempfile.TemporaryDirectory(dir=options.folder) as name:
        folder = pathlib.Path(name)
        reporter = build(folder)
        print(f"{os.cpu_count()} CPUs; the program by itself starts and ends in {bare_start_ms(reporter):.2f} ms")
        for how, what, trials, reports, at_once, count, bar in (
            ("printed", "trials", 1000, 1, 4, 1000, 200),
            ("protocol", "trials", 1000, 1, 4, 1000, 200),
            ("printed", "reports", 16, 5000, 16, 80_000, 10_000),
            ("protocol", "reports", 16, 5000, 16, 80_000, 10_000),
        ):
            for _ in range(RUNS):
                took, cpu, memory = measure(
                    options.program, folder, reporter, trials, reports, at_once, how == "protocol"
                )
                print(
                    f"{how:8} {trials:5} trials x {reports:4} reports, {at_once:2} at once: {took:6.2f} s, "
                    f"{cpu:6.2f} s of CPU, {memory:4.0f} MB; {count / took:7.0f} {what}/s (bar: {bar})"
                )
        if not options.ray:
            return
        for what, trials, reports, count in (("trials", 50, 1, 50), ("reports", 16, 100, 1600)):
            took = measure_ray(options.ray, folder, trials, reports)
            print(f"Ray Tune {trials:5} trials x {reports:4} reports: {took:6.2f} s; {count / took:7.0f} {what}/s")


if __name__ == "__main__":
    main()
