"""The wheel carries all that the package needs: installed elsewhere, it works without the checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATA = {"scenarios": "coworksim/_scenarios", "experiments": "coworksim/_experiments"}

USE = """
import sys
from pathlib import Path

import coworksim
from coworksim.files.load import load_scenario

home = Path(sys.argv[1])
assert Path(coworksim.__file__).is_relative_to(home), coworksim.__file__
scenario = load_scenario("tiny")
assert scenario.name == "tiny", scenario
assert scenario.regions

from coworksim.runs.study_reader import load_study

assert load_study("screening").method == "morris"

from coworksim.files.built_in import install_line, model_description

assert model_description().startswith("# ")
for extra in ("viz", "cluster", "pdf"):
    lock = Path(install_line(extra).split()[-1].strip("'"))
    assert lock.is_relative_to(home) and lock.is_file(), lock
"""


def run(*arguments: str | Path, cwd: Path, **environment: str) -> None:
    """Run this Python with arguments; show its output when it fails."""
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    run("-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (built,) = folder.glob("coworksim-*.whl")
    return built


@pytest.mark.slow
def test_wheel_holds_code_types_licence_and_data(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"coworksim/__init__.py", "coworksim/py.typed"} <= names
    assert any(name.endswith("licenses/LICENSE") for name in names)
    for folder, place in DATA.items():
        for file in (ROOT / folder).rglob("*.*"):
            if file.suffix in {".yaml", ".csv"}:
                assert f"{place}/{file.relative_to(ROOT / folder).as_posix()}" in names
    assert {name.split("/")[0].split("-")[0] for name in names} == {"coworksim"}


@pytest.mark.slow
def test_wheel_works_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    home, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    elsewhere.mkdir()
    run("-m", "pip", "install", "-q", "--no-deps", "--no-index", "--target", home, wheel, cwd=elsewhere)
    run("-c", USE, home, cwd=elsewhere, PYTHONPATH=str(home))
