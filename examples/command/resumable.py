"""Fits a line to noisy points, a step an epoch; can be paused, and go on from its checkpoints."""

import json
import random
from pathlib import Path

import troupe_client

EPOCHS = 27

trial = troupe_client.Trial()
draw = random.Random(5)
points = [(x, 3 * x - 1 + draw.gauss(0, 0.1)) for x in (draw.uniform(-1, 1) for _ in range(256))]

line = {"slope": 0.0, "offset": 0.0}
if trial.checkpoint:
    line = json.loads((Path(trial.checkpoint) / "line.json").read_text())
    trial.log(f"going on after epoch {trial.iteration}")

for epoch in range(trial.iteration + 1, 1 + EPOCHS):
    # The same points whether or not it was paused before.
    batch = random.Random(trial.seed + epoch).sample(points, 32)
    errors = [(line["slope"] * x + line["offset"] - y, x) for x, y in batch]
    line["slope"] -= trial.config["lr"] * sum(e * x for e, x in errors) / len(batch)
    line["offset"] -= trial.config["lr"] * sum(e for e, _ in errors) / len(batch)
    loss = sum((line["slope"] * x + line["offset"] - y) ** 2 for x, y in points) / len(points)

    checkpoint = trial.new_checkpoint()
    (Path(checkpoint) / "line.json").write_text(json.dumps(line))
    if not trial.report({"loss": loss}, checkpoint):
        break
