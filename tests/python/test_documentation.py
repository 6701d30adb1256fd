"""What the documentation shows is what there is."""

import json
import os
import re
import subprocess
import textwrap
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TOY = os.environ["TOY"]


def blocks(document):
    """The indented blocks of a document, without their indent."""
    text = (ROOT / document).read_text()
    found = re.findall(r"(?:^(?: {4}.*)?\n)+", text, flags=re.MULTILINE)
    return [textwrap.dedent(block).strip("\n") for block in found if block.strip()]


def test_the_trainable_of_the_readme_is_in_the_example():
    code = (ROOT / "examples/mlp/main.cpp").read_text()
    shown = [block for block in blocks("README.md") if "troupe::trial&" in block]
    assert len(shown) == 1
    assert shown[0] in code


def unindented(text):
    return "\n".join(line.strip() for line in text.splitlines())


def test_the_code_of_the_page_on_training_is_compiled():
    sources = [ROOT / "examples/adam/main.cpp", ROOT / "examples/fused/main.cpp", *sorted((ROOT / "tests/model").glob("*.cpp"))]
    compiled = "\n".join(unindented(source.read_text()) for source in sources)
    shown = [block for block in blocks("docs/training.md") if ";" in block]
    assert len(shown) == 8
    assert [block for block in shown if unindented(block) not in compiled] == []


def test_the_code_of_the_library_page_is_in_the_examples():
    programs = [*(ROOT / "examples/library").glob("*.cpp"), ROOT / "examples/own_scheduler/main.cpp"]
    compiled = "\n".join(unindented(program.read_text()) for program in programs)
    shown = [block for block in blocks("docs/library.md") if "find_package" not in block]
    assert len(shown) >= 8
    assert [block for block in shown if unindented(block) not in compiled] == []


@pytest.mark.parametrize(
    "command", ["run", "replay", "simulate", "events", "ask", "tell", "renew", "drop"]
)
def test_every_option_of_a_command_is_documented(command):
    documented = (ROOT / "docs/cli.md").read_text()
    text = subprocess.run([TOY, command, "--help"], capture_output=True, text=True, check=True).stdout
    options = set(re.findall(r"--[a-z-]+", text)) - {"--help"}
    assert {option for option in options if option not in documented} == set()


def test_every_key_of_a_study_file_is_documented(tmp_path):
    study = tmp_path / "study.json"
    study.write_text(json.dumps({"metric": "m", "nonsense": 1}))
    said = subprocess.run([TOY, "run", study], capture_output=True, text=True).stderr
    known = re.search(r"nonsense: unknown key; known: (.*)", said).group(1).split(", ")
    assert len(known) >= 18
    documented = (ROOT / "docs/formats.md").read_text()
    assert [key for key in known if f"`{key}`" not in documented] == []


def test_links_between_documents_lead_somewhere():
    for document in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]:
        prose = re.sub(r"^ {4}.*$", "", document.read_text(), flags=re.MULTILINE)  # lambdas look like links
        for target in re.findall(r"\]\(([^)#]+)", prose):
            if not target.startswith("http"):
                assert (document.parent / target).exists(), f"{document.name}: {target}"


def expressions_of_the_formats():
    """The expressions that docs/formats.md shows: in {"expr": …}, and in the paragraph that explains them."""
    text = (ROOT / "docs/formats.md").read_text()
    paragraph = re.search(r"^`expr` is an expression.*?\n\n", text, flags=re.MULTILINE | re.DOTALL).group(0)
    shown = [code for code in re.findall(r"`([^`]+)`", paragraph) if code not in ("expr", "math")]
    return re.findall(r'{"expr": "([^"]+)"}', text) + shown


def test_the_expressions_are_found():
    assert {"2 ^ randint(2, 9)", "int{low = 1, high = 9}", "layers[1]"} <= set(expressions_of_the_formats())


@pytest.mark.parametrize("expression", expressions_of_the_formats())
def test_every_expression_of_the_formats_can_be_drawn(tmp_path, expression):
    space = {"lr": 0.1, "batch_size": 8, "optimizer": {"momentum": 0.9}, "layers": {"const": [16, 32]}}
    study = tmp_path / "study.json"
    study.write_text(json.dumps({"metric": "m", "space": {**space, "x": {"expr": expression}}}))
    said = subprocess.run([TOY, "suggest", study, "--count", "1"], capture_output=True, text=True)
    assert said.stderr == ""
    assert isinstance(json.loads(said.stdout)["params"]["x"], (int, float))
