"""A training state on the disk, read by others: the checkpoints of examples/adam in numpy, and in PyTorch where that is."""

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

ROOT = Path(__file__).parents[2]
ADAM = Path(os.environ["EXAMPLES"]) / "adam/adam"
WIDTH, DROPOUT, LR = 16, 0.1, 0.02
LAST_LR = LR * 0.5**3  # libtorch's StepLR decays in its steps 6, 11 and 16


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """The last checkpoint of a trial, and its last loss."""
    out = tmp_path_factory.mktemp("adam") / "out"
    space = {"width": WIDTH, "dropout": DROPOUT, "lr": LR}
    done = subprocess.run(
        [ADAM, "run", ROOT / "examples/adam/study.json", "--out", out, "--num-samples", "1", "--json",
         "--set", f"space={json.dumps(space)}"],
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    best = json.loads(done.stdout)["best"]
    return Path(best["checkpoint"]), best["metrics"]["loss"]


PARAMETERS = {
    "hidden.weight": (WIDTH, 2),
    "hidden.bias": (WIDTH,),
    "norm.weight": (WIDTH,),
    "norm.bias": (WIDTH,),
    "output.weight": (1, WIDTH),
    "output.bias": (1,),
}


def test_the_model_is_its_state_dict(trained):
    model = load_file(trained[0] / "model.safetensors")
    buffers = {"norm.running_mean": (WIDTH,), "norm.running_var": (WIDTH,), "norm.num_batches_tracked": ()}
    assert {name: tensor.shape for name, tensor in model.items()} == PARAMETERS | buffers
    assert model["norm.num_batches_tracked"] == 20 * 40
    assert model["norm.num_batches_tracked"].dtype == np.int64


def test_the_optimizer_has_pytorchs_flattened_names(trained):
    optimizer = load_file(trained[0] / "optimizer.safetensors")
    for name, shape in PARAMETERS.items():
        assert optimizer.pop(f"state.{name}.step") == 20 * 40
        assert optimizer.pop(f"state.{name}.exp_avg").shape == shape
        assert np.all(optimizer.pop(f"state.{name}.exp_avg_sq") > 0)
        assert optimizer.pop(f"param_groups.{name}.lr") == LAST_LR
        assert optimizer.pop(f"param_groups.{name}.betas").tolist() == [0.9, 0.999]
        assert optimizer.pop(f"param_groups.{name}.eps") == 1e-8
        assert optimizer.pop(f"param_groups.{name}.weight_decay") == 0
        assert not optimizer.pop(f"param_groups.{name}.amsgrad")
    assert optimizer == {}


def test_schedule_and_generator_are_there(trained):
    assert load_file(trained[0] / "scheduler.safetensors") == {"step_count": 20}
    state = load_file(trained[0] / "generator.safetensors")["state"]
    assert (state.dtype, state.ndim) == (np.uint8, 1)


IN_PYTORCH = """
import sys

import torch
from safetensors.torch import load_file
from torch.distributed.checkpoint.state_dict import (
    StateDictOptions, get_optimizer_state_dict, set_optimizer_state_dict,
)

checkpoint, width, lr, loss = sys.argv[1], int(sys.argv[2]), float(sys.argv[3]), float(sys.argv[4])


class Network(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden = torch.nn.Linear(2, width)
        self.norm = torch.nn.BatchNorm1d(width)
        self.output = torch.nn.Linear(width, 1)

    def forward(self, x):
        return self.output(torch.tanh(self.norm(self.hidden(x))))


model = Network()
optimizer = torch.optim.Adam(model.parameters(), lr=1)
generator = torch.Generator()
# -- as the documentation has it
{documented}
# --
saved = load_file(f"{{checkpoint}}/optimizer.safetensors")
assert optimizer.param_groups[0]["lr"] == lr, optimizer.param_groups
for name, parameter in model.named_parameters():
    for key in "exp_avg", "exp_avg_sq":
        assert optimizer.state[parameter][key].equal(saved[f"state.{{name}}.{{key}}"])
    assert optimizer.state[parameter]["step"] == 800

# What the trial was judged by: libtorch's generators are PyTorch's.
random = torch.Generator().manual_seed(2)
x = 2 * torch.rand((500, 2), generator=random) - 1
height = torch.sin(4 * x[:, :1]) * x[:, 1:]
height += 0.05 * torch.randn((500, 1), generator=random)
model.eval()
found = torch.nn.functional.mse_loss(model(x), height)
assert abs(found.item() - loss) < 1e-6, (found, loss)

found.backward()
optimizer.step()
assert all(s["step"] == 801 for s in optimizer.state.values())
"""


def python_with_torch():
    """A Python that can import torch; the wheel's libtorch alone is not enough for that."""
    for python in (sys.executable, ROOT / ".deps/torch/bin/python"):
        if subprocess.run([python, "-c", "import torch"], capture_output=True).returncode == 0:
            return python
    pytest.skip("PyTorch is here for C++ alone: scripts/setup.sh installs all of it where there is a GPU")


def test_training_goes_on_in_pytorch(trained):
    python = python_with_torch()
    text = (ROOT / "docs/training.md").read_text()
    first, last = text.index("    model.load_state_dict("), text.index("## Random numbers")
    documented = "\n".join(line for line in text[first:last].splitlines() if line.startswith("    "))
    program = IN_PYTORCH.format(documented=textwrap.dedent(documented))
    packages = os.path.dirname(os.path.dirname(np.__file__))
    done = subprocess.run(
        [python, "-c", program, *map(str, (trained[0], WIDTH, LAST_LR, trained[1]))],
        env=os.environ | {"PYTHONPATH": packages},
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
