"""What Ray Tune itself costs: trials that report once, and reports of trials that do nothing else.

    ray_overhead.py JOB     JOB: a JSON object with "folder" and "studies", a list of objects with "trials",
                            "reports" (of each), "at_once", and the settings "reuse", "loggers", "buffer"

"reuse": trials share processes; "loggers": every report is written down, as by default; "buffer": so many reports
are judged together. Prints a list of the seconds that each study takes inside fit, as its last line.
"""

import json
import os
import sys
import time

import ray
from ray import tune

CPUS = 2


def report(config):
    for i in range(config["reports"]):
        tune.report({"loss": config["x"] + i})


def run(study, folder):
    os.environ["TUNE_DISABLE_AUTO_CALLBACK_LOGGERS"] = "0" if study["loggers"] else "1"
    os.environ["TUNE_RESULT_BUFFER_LENGTH"] = str(study["buffer"])
    os.environ["TUNE_RESULT_BUFFER_MIN_TIME_S"] = "1" if study["buffer"] > 1 else "0"  # or else few wait
    tuner = tune.Tuner(
        tune.with_resources(report, {"cpu": CPUS / study["at_once"]}),
        param_space={"x": tune.uniform(0, 1), "reports": study["reports"]},
        tune_config=tune.TuneConfig(
            metric="loss", mode="min", num_samples=study["trials"], reuse_actors=study["reuse"]
        ),
        run_config=tune.RunConfig(verbose=0, storage_path=folder),
    )
    begun = time.monotonic()
    results = tuner.fit()
    took = time.monotonic() - begun
    if results.errors or [r.metrics["training_iteration"] for r in results] != [study["reports"]] * study["trials"]:
        sys.exit("not every trial has made all of its reports")
    return took


def main():
    job = json.loads(sys.argv[1])
    ray.init(num_cpus=CPUS, include_dashboard=False, logging_level="error", log_to_driver=False)
    print(json.dumps([run(study, job["folder"]) for study in job["studies"]]))


if __name__ == "__main__":
    main()
