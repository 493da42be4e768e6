"""What the README shows is run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from coworksim.files.load import load_scenario

README = (Path(__file__).parents[1] / "README.md").read_text()


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_the_python_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = blocks("python")
    exec(compile(example, "README.md", "exec"), {})  # noqa: S102 - the README is ours, and this is its test
    assert "left-behind" in capsys.readouterr().out


def test_the_scenario_example_loads(tmp_path: Path) -> None:
    (example,) = blocks("yaml")
    (tmp_path / "my.yaml").write_text(example)
    scenario = load_scenario(tmp_path / "my.yaml")
    assert scenario.regions[0].code == "TLC13"
    assert scenario["space.price"] == 78


def test_every_link_and_folder_exists() -> None:
    root = Path(__file__).parents[1]
    for target in re.findall(r"\]\(([^)#]+)\)", README):
        assert (root / target).exists(), target
