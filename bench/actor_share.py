#!/usr/bin/env python3
"""The share of a run's CPU time that is not training: actors, disk and view against all threads.

    bench/actor_share.py build/release/troupe run examples/cifar10.json --out /tmp/out …

Samples the CPU time of each thread from /proc while the program runs. CAF names its threads; the
training threads bear the program's name, as does the main thread, which loads the data and tests the
best model: it is left out.
"""

import os
import subprocess
import sys
import time

TICKS = os.sysconf("SC_CLK_TCK")


def threads(pid):
    """Yields (thread id, name, CPU seconds) of each thread."""
    for tid in os.listdir(f"/proc/{pid}/task"):
        try:
            stat = open(f"/proc/{pid}/task/{tid}/stat").read()
        except OSError:
            continue  # it has just ended
        name = stat[stat.index("(") + 1 : stat.rindex(")")]
        fields = stat[stat.rindex(")") + 2 :].split()
        yield int(tid), name, (int(fields[11]) + int(fields[12])) / TICKS


def main():
    run = subprocess.Popen(sys.argv[1:])
    used = {}
    while run.poll() is None:
        for tid, name, seconds in threads(run.pid):
            if tid != run.pid:
                used[tid] = (name, seconds)
        time.sleep(0.05)
    by_name = {}
    for name, seconds in used.values():
        by_name[name] = by_name.get(name, 0) + seconds
    actors = sum(seconds for name, seconds in by_name.items() if name.startswith("caf."))
    total = sum(by_name.values())
    for name, seconds in sorted(by_name.items(), key=lambda item: -item[1]):
        print(f"{name:16} {seconds:9.2f} s", file=sys.stderr)
    print(f"actors {actors:.2f} s of {total:.2f} s: {100 * actors / total:.2f} %", file=sys.stderr)
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
