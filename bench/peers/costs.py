"""What a tuner costs by itself: starting trials, taking reports, suggesting, keeping."""

import re
import statistics

from peers.figure import Figure

# Name, what Ray Tune is told, the bar, and how many trials or reports it makes in a few seconds.
STARTS = [
    ("default", "all defaults", {"reuse": False, "loggers": True}, None, 10),
    ("reused", "reuse_actors, default recording", {"reuse": True, "loggers": True}, 200, 500),
    ("unrecorded", "reuse_actors, nothing recorded", {"reuse": True, "loggers": False}, None, 800),
]
REPORTS = [
    ("default", "default recording", {"loggers": True, "buffer": 1}, 70, 4000),
    ("unrecorded", "nothing recorded", {"loggers": False, "buffer": 1}, None, 10_000),
    ("buffered", "nothing recorded, 1,000 reports judged at once", {"loggers": False, "buffer": 1000}, None, 20_000),
]


def overhead_studies(quick):
    """Returns what Ray Tune runs in one process, and the figure's name, words, number of units and bar of each."""
    part = 4 if quick else 1
    studies, labels = [], []
    for name, setting, told, bar, count in STARTS:
        studies.append({"trials": count // min(part, 2), "reports": 1, "at_once": 2, "buffer": 1} | told)
        labels.append((f"starts/{name}", "starts of trials that report once, two at a time", "trials/s", setting, bar))
    for at_once in (2, 16):
        for name, setting, told, bar, count in REPORTS:
            each = {"trials": at_once, "reports": count // part // at_once, "at_once": at_once, "reuse": True}
            studies.append(each | told)
            what = f"reports of {at_once} trials at once"
            labels.append((f"reports/{at_once}/{name}", what, "reports/s", setting, bar))
    return studies, labels


def recorded_rate(text, workload, unit):
    """Returns the median of what bench_study_throughput prints of a workload with a journal."""
    return statistics.median(float(n) for n in re.findall(rf"^{workload} +recorded .* (\d+) {unit}", text, re.M))


def troupe_overhead(bench):
    """Returns Troupe's rates, each with its default recording, by the beginning of a figure's name."""
    threads = bench.program("bench_study_throughput", bench.folder())
    actors = bench.program("bench_report_latency", bench.folder(), 50_000)
    return {
        "starts": recorded_rate(threads, "many short trials", "trials/s"),
        "reports/2": recorded_rate(threads, "few long trials", "reports/s"),
        "reports/16": float(re.search(r"^journal +16 trials, closed +(\d+) reports/s", actors, re.M)[1]),
    }


def measure_overhead(bench):
    studies, labels = overhead_studies(bench.quick)
    figures = []
    for name, what, unit, setting, bar in labels:
        figures.append(Figure(name, what, unit, "more", f"Ray Tune, {setting}", [], [], bar))
    for _ in range(bench.rounds):
        ours = troupe_overhead(bench)
        seconds, _ = bench.peer("ray_overhead.py", studies=studies, folder=bench.folder())
        for figure, study, took in zip(figures, studies, seconds):
            figure.troupe.append(ours[figure.name.rpartition("/")[0]])
            figure.peer.append(study["trials"] * study["reports"] / took)
    return figures, []


# A Gaussian process takes time with the cube of the trials: 10,000 are out of reach for both sides.
SUGGESTIONS = [("tpe", 100, 20), ("tpe", 10_000, 10), ("cmaes", 100, 20), ("cmaes", 10_000, 20)]
SUGGESTIONS += [("gp", 100, 5), ("gp", 300, 3)]
SAMPLERS = {"tpe": "TPESampler", "cmaes": "CmaEsSampler", "gp": "GPSampler"}


def lines_of_ms(text):
    return [float(line) for line in text.splitlines()]


def measure_suggestions(bench):
    figures = []
    for searcher, trials, count in SUGGESTIONS:
        if bench.quick and trials == 300:
            continue
        what = f"{searcher}: suggest and tell after {trials:,} trials, 5 parameters"
        if searcher == "gp":
            what += " (10,000 are out of reach for both)"
        name, setting = f"suggest/{searcher}/{trials}", f"Optuna, {SAMPLERS[searcher]}, in memory"
        figure = Figure(name, what, "ms", "less", setting, [], [])
        for _ in range(bench.rounds):
            ours = bench.program("bench_side_by_side", "suggest", searcher, 5, trials, count)
            job = {"sampler": searcher, "parameters": 5, "trials": trials, "count": count}
            figure.troupe.append(statistics.median(lines_of_ms(ours)))
            figure.peer.append(statistics.median(bench.peer("optuna_costs.py", **job)[0]))
        figures.append(figure)
    return figures, []


def measure_storage(bench):
    settings = {"sqlite": ("Optuna, RDBStorage on SQLite", 20), "journal": ("Optuna, JournalFileBackend", 100)}
    what = "ask and tell, each trial on the disk before the next"
    figures = [Figure(f"storage/{k}", what, "trials/s", "more", s[0], [], []) for k, s in settings.items()]
    for _ in range(bench.rounds):
        ours = lines_of_ms(bench.program("bench_side_by_side", "store", bench.folder() + "/study", 300))
        for figure, (storage, (_, count)) in zip(figures, settings.items()):
            theirs, _ = bench.peer("optuna_costs.py", storage=storage, count=count, folder=bench.folder())
            figure.troupe.append(1000 * len(ours) / sum(ours))
            figure.peer.append(len(theirs) / sum(theirs))
    return figures, []
