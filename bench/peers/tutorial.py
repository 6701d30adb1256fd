"""The tutorial's job under Ray Tune: trains each configuration, two trials at a time, and tests the best network.

    tutorial.py JOB     JOB: a JSON object (side_by_side.py says which)

Settings: "tutorial" loads and transforms images as the tutorial does, in 8 processes for each loader; "no workers"
does so in the trial itself; "in memory" has all images there as tensors, handed to the trials by Ray's object store.
The last two reuse the processes of trials. Prints one JSON object as its last line.
"""

import json
import pathlib
import sys
import tempfile
import time

import ray
import torch
from images import Batches, Pictures, normalised, prepare
from ray import tune
from ray.tune.schedulers import ASHAScheduler, FIFOScheduler
from torch import nn
from torch.nn.functional import relu


class Network(nn.Module):
    def __init__(self, l1, l2):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(3, 6, 5), nn.Conv2d(6, 16, 5)
        self.pool = nn.MaxPool2d(2, 2)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, l1), nn.Linear(l1, l2), nn.Linear(l2, 10)

    def forward(self, x):
        x = self.pool(relu(self.conv1(x)))
        x = self.pool(relu(self.conv2(x)))
        x = torch.flatten(x, 1)
        return self.fc3(relu(self.fc2(relu(self.fc1(x)))))


def loaders(batch_size, job, arrays):
    """Returns what a trial trains with, four fifths of the images, and what it validates with."""
    if arrays:
        images, labels = map(torch.from_numpy, arrays)
        kept = len(labels) * 4 // 5
        parts = torch.randperm(len(labels)).tensor_split([kept])
        return [Batches(images[p], labels[p], batch_size, shuffle=i == 0) for i, p in enumerate(parts)]
    pictures = Pictures(job["folder"], "train")
    kept = len(pictures) * 4 // 5
    parts = torch.utils.data.random_split(pictures, [kept, len(pictures) - kept])
    workers = 8 if job["setting"] == "tutorial" else 0
    return [
        torch.utils.data.DataLoader(p, batch_size=batch_size, shuffle=i == 0, num_workers=workers)
        for i, p in enumerate(parts)
    ]


def train_epoch(network, optimizer, batches):
    running_loss = 0.0
    network.train()
    for images, labels in batches:
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(network(images), labels)
        loss.backward()
        optimizer.step()
        running_loss += loss.item()
    return running_loss


def validate(network, batches):
    """Returns the mean of the batches' losses, and the share of images that are recognised."""
    loss, correct, count = 0.0, 0, 0
    network.eval()
    with torch.no_grad():
        for images, labels in batches:
            outputs = network(images)
            loss += nn.functional.cross_entropy(outputs, labels).item()
            correct += (outputs.argmax(1) == labels).sum().item()
            count += len(labels)
    return loss / len(batches), correct / count


def train(config, job, arrays=None):
    torch.set_num_threads(1)
    config = config["configuration"]
    network = Network(config["l1"], config["l2"])
    optimizer = torch.optim.SGD(network.parameters(), lr=config["lr"], momentum=0.9, weight_decay=5e-5)
    known, unseen = loaders(config["batch_size"], job, arrays)
    for _ in range(job["epochs"]):
        train_epoch(network, optimizer, known)
        loss, accuracy = validate(network, unseen)
        with tempfile.TemporaryDirectory() as folder:
            torch.save((network.state_dict(), optimizer.state_dict()), pathlib.Path(folder) / "checkpoint.pt")
            tune.report(
                {"loss": loss, "accuracy": accuracy}, checkpoint=tune.Checkpoint.from_directory(folder)
            )


def test(best, folder):
    """Returns the share of test images that the best trial's network recognises, four at a time."""
    config = best.config["configuration"]
    network = Network(config["l1"], config["l2"])
    with best.checkpoint.as_directory() as saved:
        network.load_state_dict(torch.load(pathlib.Path(saved) / "checkpoint.pt")[0])
    return validate(network, torch.utils.data.DataLoader(Pictures(folder, "test"), batch_size=4))[1]


def make_tuner(job):
    arrays = normalised(job["folder"], "train") if job["setting"] == "in memory" else None
    asha = ASHAScheduler(max_t=job["epochs"], grace_period=1, reduction_factor=2)
    scheduler = asha if job["asha"] else FIFOScheduler()
    return tune.Tuner(
        tune.with_resources(tune.with_parameters(train, job=job, arrays=arrays), {"cpu": 1}),
        param_space={"configuration": tune.grid_search(job["configurations"])},
        tune_config=tune.TuneConfig(
            metric="loss", mode="min", scheduler=scheduler, reuse_actors=job["setting"] != "tutorial"
        ),
        run_config=tune.RunConfig(verbose=0, storage_path=job["folder"] + "/results"),
    )


def main():
    job = json.loads(sys.argv[1])
    prepare(job["images"], job["folder"], job["counts"])
    ray.init(num_cpus=2, include_dashboard=False, logging_level="error", log_to_driver=False)
    tuner = make_tuner(job)
    begun = time.monotonic()
    results = tuner.fit()
    took = time.monotonic() - begun
    if results.errors:
        raise results.errors[0]
    trials = sorted(results, key=lambda r: job["configurations"].index(r.config["configuration"]))
    best = results.get_best_result()
    print(
        json.dumps(
            {
                "fit_s": took,
                "losses": [r.metrics["loss"] for r in trials],
                "epochs": [r.metrics["training_iteration"] for r in trials],
                "accuracy": test(best, job["folder"]),
            }
        )
    )


if __name__ == "__main__":
    main()
