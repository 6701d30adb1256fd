"""What a run leaves on the disk, read by others: the best model in numpy, without libtorch."""

import gzip
import json
import subprocess

import numpy as np
from safetensors.numpy import load_file

from crashes import interrupt_after
from studies import PROGRAM, run, write_study

FASHION = "/usr/share/datasets/fashion-mnist"
MEAN = np.array([0.4914, 0.4822, 0.4465], np.float32).reshape(1, 3, 1, 1)
DEVIATION = np.array([0.2023, 0.1994, 0.2010], np.float32).reshape(1, 3, 1, 1)


def idx(name):
    data = gzip.open(f"{FASHION}/{name}").read()
    shape = [int.from_bytes(data[4 + 4 * i : 8 + 4 * i], "big") for i in range(data[3])]
    return np.frombuffer(data, np.uint8, offset=4 + 4 * data[3]).reshape(shape)


def test_images(count):
    grey = idx("t10k-images-idx3-ubyte.gz")[:count]
    padded = np.pad(grey, ((0, 0), (2, 2), (2, 2)))
    rgb = np.repeat(padded[:, None], 3, axis=1).astype(np.float32) / 255
    return (rgb - MEAN) / DEVIATION, idx("t10k-labels-idx1-ubyte.gz")[:count]


test_images.__test__ = False


def convolve(x, weight, bias):
    windows = np.lib.stride_tricks.sliding_window_view(x, weight.shape[2:], axis=(2, 3))
    return np.einsum("bchwij,ocij->bohw", windows, weight, optimize=True) + bias[:, None, None]


def pool(x):
    b, c, h, w = x.shape
    return x.reshape(b, c, h // 2, 2, w // 2, 2).max(axis=(3, 5))


def forward(p, x):
    x = pool(np.maximum(convolve(x, p["conv1.weight"], p["conv1.bias"]), 0))
    x = pool(np.maximum(convolve(x, p["conv2.weight"], p["conv2.bias"]), 0))
    x = x.reshape(len(x), -1)
    for layer in ("fc1", "fc2"):
        x = np.maximum(x @ p[f"{layer}.weight"].T + p[f"{layer}.bias"], 0)
    return x @ p["fc3.weight"].T + p["fc3.bias"]


def test_the_best_model_has_the_same_test_accuracy_in_numpy(tmp_path):
    study = write_study(
        tmp_path,
        trainable={
            "name": "cifar10", "data": "fashion-mnist", "train_images": 2000, "test_images": 500,
        },
        num_samples=3,
    )  # fmt: skip
    done = run(study, "--json")
    assert done.returncode == 0, done.stderr
    results = json.loads(done.stdout)
    parameters = load_file(f"{results['best']['checkpoint']}/model.safetensors")
    assert sorted(parameters) == sorted(
        f"{layer}.{kind}"
        for layer in ("conv1", "conv2", "fc1", "fc2", "fc3")
        for kind in ("weight", "bias")
    )
    images, labels = test_images(500)
    accuracy = np.mean(forward(parameters, images).argmax(axis=1) == labels)
    # One image may be a tie that another order of additions decides otherwise.
    assert abs(accuracy - results["test"]["accuracy"]) <= 1 / 500
    assert accuracy > 0.3

    momentum = load_file(f"{results['best']['checkpoint']}/optimizer.safetensors")
    assert sorted(momentum) == sorted(f"momentum.{name}" for name in parameters)


def test_the_same_study_twice_gives_bit_equal_metrics(tmp_path):
    def reports(name):
        folder = tmp_path / name
        folder.mkdir()
        done = run(write_study(folder, scheduler={"name": "fifo"}, num_samples=3))
        assert done.returncode == 0, done.stderr
        return [
            [(r["loss"], r["accuracy"]) for r in map(json.loads, path.read_text().splitlines())]
            for path in sorted((folder / "out/trials").glob("*/result.json"))
        ]

    one = reports("one")
    assert len(one) == 3 and all(len(trial) == 4 for trial in one)
    assert one == reports("two")


def table_of(text):
    """The table at the end of a run, without the times."""
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in text.splitlines() if "|" in line]
    return [row[:-1] for row in rows]


def test_a_study_that_is_interrupted_five_times_ends_with_the_same_table(tmp_path):
    file = write_study(tmp_path, max_concurrent=1)
    whole = run(file)
    assert whole.returncode == 0, whole.stderr

    folder = tmp_path / "interrupted"
    for reports in (2, 1, 3, 1, 2):
        interrupt_after([PROGRAM, "run", file, "--out", folder, "--resume", "--events"], reports)
    done = subprocess.run([PROGRAM, "resume", folder], capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr
    assert table_of(done.stdout) == table_of(whole.stdout)
    assert "0 of" in subprocess.run([PROGRAM, "verify", folder], capture_output=True, text=True).stdout
