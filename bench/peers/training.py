"""The tutorial's job, trained by Troupe and under Ray Tune: ten configurations of a small network on real images."""

import statistics

from peers.figure import Figure
from peers.rank_test import rank_test

IMAGES = "/usr/share/datasets/fashion-mnist"
SPACE = {
    "l1": {"choice": [4, 8, 16, 32, 64, 128, 256]},
    "l2": {"choice": [4, 8, 16, 32, 64, 128, 256]},
    "lr": {"loguniform": [1e-4, 1e-1]},
    "batch_size": {"choice": [2, 4, 8, 16]},
}
# Fixed, so that both sides train the same. The first four are those that are compared like for like.
CONFIGURATIONS = [
    dict(zip(SPACE, values))
    for values in (
        (128, 64, 0.0005, 2),
        (64, 128, 0.001, 4),
        (256, 32, 0.002, 8),
        (32, 64, 0.004, 16),
        (8, 16, 0.0003, 8),
        (128, 4, 0.03, 4),
        (16, 256, 0.01, 16),
        (64, 32, 0.00015, 2),
        (4, 8, 0.08, 8),
        (256, 256, 0.002, 4),
    )
]
SETTINGS = {  # the peer's settings, from its best to what the tutorial writes
    "in memory": "images as tensors in memory, processes reused",
    "no workers": "the tutorial's images without loader workers, processes reused",
    "tutorial": "as the tutorial writes it: 8 loader workers",
}


def losses_agree(configurations, ours, theirs):
    """Checks that the final losses of each configuration could be of one law; `ours` and `theirs` are lists of runs."""
    found = []
    for i, configuration in enumerate(configurations):
        a, b = [run[i] for run in ours], [run[i] for run in theirs]
        found.append({"configuration": configuration, "troupe": a, "peer": b, "p": rank_test(a, b)})
    # One in a hundred comparisons of equals may fail, whatever the number of configurations.
    passed = all(f["p"] >= 0.01 / len(found) for f in found)
    return {"name": "final validation losses agree in distribution", "passed": passed, "configurations": found}


def study_of(work, seed):
    scheduler = {"name": "asha", "max_t": work["epochs"], "grace_period": 1, "reduction_factor": 2}
    images = {"train_images": work["counts"]["train"], "test_images": work["counts"]["test"]}
    return {
        "name": "side_by_side",
        "trainable": {"name": "cifar10", "data": "fashion-mnist"} | images,
        "space": SPACE | {"max_num_epochs": work["epochs"]},
        "points_to_evaluate": work["configurations"],
        "num_samples": len(work["configurations"]),
        "metric": "loss",
        "mode": "min",
        "scheduler": scheduler if work["asha"] else {"name": "fifo"},
        "cpus": 2,
        "seed": seed,
    }


def run_troupe(bench, work, seed):
    summary, fit, whole = bench.study(study_of(work, seed))
    losses = [t["metrics"]["loss"] for t in summary["trials"]]
    return {"fit_s": fit, "whole_s": whole, "losses": losses, "epochs": [t["iterations"] for t in summary["trials"]]}


def run_peer(bench, work, setting):
    found, whole = bench.peer("tutorial.py", **work, setting=setting, images=IMAGES, folder=bench.folder())
    return found | {"whole_s": whole}


def in_turn(bench, work, settings, rounds, repeat=1):
    """Lets both sides do the work; Troupe `repeat` times in each round, with a seed each time."""
    ours, theirs = [], {setting: [] for setting in settings}
    for turn in range(rounds):
        ours += [run_troupe(bench, work, turn * repeat + i) for i in range(repeat)]
        for setting in settings:
            theirs[setting].append(run_peer(bench, work, setting))
    return ours, theirs


def epochs_of(runs):
    return f"{statistics.median(sum(run['epochs']) for run in runs):g}"


def figures_of(name, what, ours, theirs, bars):
    figures = []
    for part, key in (("inside fit", "fit_s"), ("the whole program", "whole_s")):
        for setting, runs in theirs.items():
            samples = [run[key] for run in ours], [run[key] for run in runs]
            text = f"{what} ({epochs_of(ours)} and {epochs_of(runs)} epochs): {part}"
            bar = bars.get(setting) if key == "fit_s" else None
            label = f"{name}/{part}/{setting}"
            figures.append(Figure(label, text, "s", "less", f"Ray Tune, {SETTINGS[setting]}", *samples, bar))
    return figures


def measure_tutorial(bench):
    images = 2000 if bench.quick else 10_000
    work = {"configurations": CONFIGURATIONS[:4], "epochs": 2, "asha": False, "counts": {"train": images, "test": 2000}}
    settings = ["in memory", "tutorial"] if bench.quick else SETTINGS
    ours, theirs = in_turn(bench, work, settings, bench.rounds, repeat=3)
    what = f"4 fixed configurations, {images:,} images"
    figures = figures_of("fixed", what, ours, theirs, {"in memory": 20, "no workers": 20, "tutorial": 40})
    losses = [r["losses"] for r in ours], [r["losses"] for runs in theirs.values() for r in runs]
    return figures, [losses_agree(work["configurations"], *losses)]


def measure_asha(bench):
    images, epochs, count = (2000, 3, 4) if bench.quick else (10_000, 10, 10)
    counts = {"train": images, "test": 2000}
    work = {"configurations": CONFIGURATIONS[:count], "epochs": epochs, "asha": True, "counts": counts}
    ours, theirs = in_turn(bench, work, ["in memory", "tutorial"], min(bench.rounds, 2))
    what = f"{count} configurations, {images:,} images, each side's own ASHA"
    return figures_of("asha", what, ours, theirs, {}), []
