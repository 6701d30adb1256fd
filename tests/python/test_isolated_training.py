"""The network in processes of its own: it comes to the same as in threads, to the last bit."""

import json

from studies import run, write_study

PLACES = [{}, {"isolation": "process"}, {"isolation": "process", "reuse": True}]


def trained(folder, place):
    """What a study's trials have come to: what they are, and the bytes of their checkpoints."""
    folder.mkdir()
    images = {"name": "cifar10", "data": "synthetic", "train_images": 320, "test_images": 64}
    done = run(write_study(folder, trainable=images, num_samples=4, max_concurrent=1, **place), "--json")
    assert done.returncode == 0, done.stderr
    trials = [{k: v for k, v in t.items() if k != "wall_s"} for t in json.loads(done.stdout)["trials"]]
    models = sorted((folder / "out/trials").glob("*/checkpoint_*/*.safetensors"))
    return trials, {str(m.relative_to(folder)): m.read_bytes() for m in models}


def test_it_comes_to_the_same_wherever_it_is_trained(tmp_path):
    in_threads, alone, reused = (trained(tmp_path / str(i), p) for i, p in enumerate(PLACES))
    assert len(in_threads[1]) >= 4
    assert alone == in_threads
    assert reused == in_threads
