"""Where compiled code is kept: no other user's code is run, and no damaged file, whoever came first."""

from __future__ import annotations

import ast
import os
import pickle
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest

import coworksim
from coworksim.model import own_folders
from coworksim.model.kernel_cache import Place, chosen
from coworksim.model.kernels import sources
from coworksim.model.own_folders import opened

PACKAGE = Path(coworksim.__file__).parent
LEVELS = ("coworksim", "kernels", "name")
#: Calls a rule with types of its own choice; prints what it gives, and how often compiled code was found and not.
CALL = """
import sys
from coworksim.model.state.arithmetic import clip_share
kinds = [kind for kind in (float, int) if kind.__name__ in sys.argv]
values = [clip_share(*map(kind, (100, 400, 300))) for kind in kinds]
print(values, sum(clip_share.stats.cache_hits.values()), sum(clip_share.stats.cache_misses.values()))
"""


def begun(folder: Path, *arguments: str, code: str = CALL, **environment: str) -> subprocess.Popen[str]:
    """Start a process whose home cannot hold anything, and whose temporary files lie in ``folder``."""
    (folder / "home").touch()
    kept = {name: value for name, value in os.environ.items() if name not in {"COWORKSIM_CACHE", "XDG_CACHE_HOME"}}
    places = {"HOME": str(folder / "home"), "TMPDIR": str(folder), "PYTHONPATH": str(PACKAGE.parent)}
    return subprocess.Popen(
        [sys.executable, "-W", "error", "-c", code, *arguments],
        env={**kept, **places, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def said(process: subprocess.Popen[str]) -> str:
    out, errors = process.communicate(timeout=300)
    assert process.returncode == 0, errors
    return out.strip()


class Trap:
    """Leaves a file where it is unpickled."""

    def __init__(self, marker: Path) -> None:
        self.marker = marker

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        return Path.touch, (self.marker,)


def spring(folder: Path, marker: Path) -> int:
    """Replace all that is kept in a folder by traps, with a seal as it should be, and let everybody write there."""
    content = pickle.dumps((None, Trap(marker)))
    for path in folder.rglob("*"):
        if path.suffix in {".nbi", ".nbc"}:
            path.write_bytes(content if path.suffix == ".nbi" else sha256(content).digest() + content)
    folder.chmod(0o777)
    return len(list(folder.rglob("*.nb?")))


@pytest.mark.slow
def test_code_that_others_could_have_put_there_is_not_run(tmp_path: Path) -> None:
    assert said(begun(tmp_path, "float")) == "[0.5] 0 1"
    assert said(begun(tmp_path, "float")) == "[0.5] 1 0"
    (folder,) = (path for path in tmp_path.iterdir() if path.is_dir())
    assert spring(folder, tmp_path / "run") > 0
    assert said(begun(tmp_path, "float")) == "[0.5] 0 1"
    assert not (tmp_path / "run").exists()
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [folder.name]  # the private one has gone


@pytest.mark.slow
def test_a_process_that_another_starts_uses_its_private_folder(tmp_path: Path) -> None:
    (tmp_path / f"coworksim-kernels-{os.getuid()}").mkdir(mode=0o777)
    (tmp_path / f"coworksim-kernels-{os.getuid()}").chmod(0o777)
    child = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {CALL!r}, 'float'], check=True)"
    assert said(begun(tmp_path, "float", code=f"{CALL}\nsys.stdout.flush()\n{child}")) == "[0.5] 0 1\n[0.5] 1 0"


@pytest.mark.slow
@pytest.mark.parametrize("damage", ["cut", "empty", "zeros", "another"])
def test_a_damaged_file_is_compiled_anew(tmp_path: Path, damage: str) -> None:
    assert said(begun(tmp_path, "float", "int")) == "[0.5, 0.5] 0 2"
    one, other = sorted(tmp_path.rglob("*.nb[ci]"))[-2:]
    content = one.read_bytes()
    half = len(content) // 2
    after = {"cut": content[:half], "empty": b"", "zeros": content[:half] + bytes(half), "another": other.read_bytes()}
    one.write_bytes(after[damage])
    assert said(begun(tmp_path, "float", "int")) == "[0.5, 0.5] 1 1"
    assert said(begun(tmp_path, "float", "int")) == "[0.5, 0.5] 2 0"


@pytest.mark.slow
def test_first_runs_that_come_at_once_leave_nothing_torn(tmp_path: Path) -> None:
    kinds = ["float", "int", "float", "int"]
    found = [said(process) for process in [begun(tmp_path, kind) for kind in kinds]]
    assert {line.split("]")[0] for line in found} == {"[0.5"}
    assert said(begun(tmp_path, "float", "int")) == "[0.5, 0.5] 2 0"
    assert len(list(tmp_path.rglob("*clip_share*"))) == 2


def test_every_level_of_ours_is_made_private_and_one_that_others_could_read_is_closed(tmp_path: Path) -> None:
    (tmp_path / "coworksim").mkdir(mode=0o755)
    mask = os.umask(0)
    try:
        folder = opened(tmp_path, LEVELS)
    finally:
        os.umask(mask)
    assert folder == tmp_path.joinpath(*LEVELS)
    assert [path.stat().st_mode & 0o777 for path in (folder, *folder.parents[:2])] == [0o700] * 3


@pytest.mark.parametrize("level", range(3))
@pytest.mark.parametrize("mode", [0o777, 0o770, 0o720, 0o702])
def test_a_level_that_others_could_write_is_refused(tmp_path: Path, level: int, mode: int) -> None:
    folder = opened(tmp_path, LEVELS)
    place = (folder, *folder.parents)[level]
    place.chmod(mode)
    with pytest.raises(OSError, match=f"others can write to {place}"):
        opened(tmp_path, LEVELS)


def test_a_link_or_a_file_in_place_of_a_level_is_refused(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir(mode=0o700)
    (tmp_path / "coworksim").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="coworksim is not a folder"):
        opened(tmp_path, LEVELS)
    (tmp_path / "coworksim").unlink()
    (tmp_path / "coworksim").touch()
    with pytest.raises(OSError, match="coworksim is not a folder"):
        opened(tmp_path, LEVELS)


def test_a_level_of_another_user_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(tmp_path, LEVELS)
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(OSError, match="belongs to another user"):
        opened(tmp_path, LEVELS)
    monkeypatch.setattr(own_folders, "_check_above", lambda place: None)
    with pytest.raises(OSError, match="coworksim belongs to another user"):
        opened(tmp_path, LEVELS)


@pytest.fixture
def seen() -> Iterator[Path]:
    """A folder that others can see; those of pytest lie in a private one."""
    folder = Path(tempfile.mkdtemp()).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


def test_a_folder_above_of_another_user_is_refused(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.getuid() == 0:  # what belongs to the system is trusted
        os.chown(seen, 12345, -1)
    else:
        monkeypatch.setattr(os, "getuid", lambda: seen.stat().st_uid + 1)
    with pytest.raises(OSError, match=f"{seen} belongs to another user"):
        opened(seen / "below", LEVELS)
    assert not (seen / "below").exists()


def test_a_folder_above_that_others_could_exchange_is_refused(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(own_folders, "_only_us", lambda group: False)
    home = seen / "shared" / "home"
    home.mkdir(parents=True)
    for mode, refused in ((0o777, True), (0o1777, False), (0o775, True), (0o755, False)):
        (seen / "shared").chmod(mode)
        if refused:
            with pytest.raises(OSError, match=f"others can write to {seen / 'shared'}"):
                opened(home, LEVELS)
        else:
            opened(home, LEVELS)
    (seen / "shared").chmod(0o777)
    seen.chmod(0o700)  # nobody else gets there
    opened(home, LEVELS)


def test_the_private_group_of_a_user_may_write_above(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import grp

    seen.chmod(0o775)
    name = pwd.getpwuid(os.getuid()).pw_name
    for group in ((name, []), (name, [name]), ("staff", []), (name, [name, "somebody"])):
        monkeypatch.setattr(grp, "getgrgid", lambda _, group=group: grp.struct_group((group[0], "x", 7, group[1])))
        if group[0] == name and "somebody" not in group[1]:
            opened(seen, LEVELS)
        else:
            with pytest.raises(OSError, match="others can write"):
                opened(seen, LEVELS)


def test_a_user_without_home_whom_the_system_does_not_know_has_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(_: int) -> object:
        raise KeyError("uid not found")

    for name in ("HOME", "COWORKSIM_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert chosen("name") == Place(tmp_path / f"coworksim-kernels-{os.getuid()}" / "name")


def test_where_nothing_is_safe_nothing_is_kept(seen: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen.chmod(0o777)
    monkeypatch.setattr("tempfile.tempdir", str(seen))
    monkeypatch.setenv("COWORKSIM_CACHE", "here")
    monkeypatch.setenv("XDG_CACHE_HOME", str(seen))
    monkeypatch.setenv("HOME", str(seen))
    open_to_others = f"others can write to {seen}"
    assert chosen("name") == Place(None, ("here is not an absolute path", *[open_to_others] * 3))
    assert os.environ["COWORKSIM_CACHE"] == "here"


def test_compiled_code_does_not_depend_on_assertions() -> None:
    """``python -O`` drops them, and finds the code that was compiled without it."""
    nodes = ((path, node) for path in sources() for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    odd = {path for path, node in nodes if isinstance(node, ast.Assert) or getattr(node, "id", "") == "__debug__"}
    assert odd == set()


def uses(path: Path) -> set[Path]:
    """The files of this package that the kernels of a file take something from, besides its own."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    imports = [node for node in tree.body if isinstance(node, ast.ImportFrom) and node.module]
    names = {alias.asname or alias.name: str(node.module) for node in imports for alias in node.names}
    compiled = [
        node
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(getattr(one, "id", "") in {"kernel", "rule"} for one in node.decorator_list)
    ]
    inside = (one for node in compiled for part in node.body for one in ast.walk(part))
    used = {names[one.id] for one in inside if isinstance(one, ast.Name) and one.id in names}
    files = {PACKAGE.parent.joinpath(*module.split(".")).with_suffix(".py") for module in used}
    return {file for file in files if file.is_relative_to(PACKAGE)}


def test_a_kernel_outside_the_model_uses_no_other_file_outside_it() -> None:
    """Its compiled code is kept by what its own file and the model do."""
    model = set(sources())
    found = {path: uses(path) for path in set(PACKAGE.rglob("*.py")) - model}
    assert any(found.values())
    assert {path: other for path, files in found.items() if (other := files - model)} == {}


@pytest.mark.slow
def test_a_function_of_somebody_else_is_not_kept(tmp_path: Path) -> None:
    """Its file does not tell what it calls: the old code of a caller would come back when that is edited."""
    (tmp_path / "rate.py").write_text("from coworksim.model.kernels import rule\n@rule\ndef rate():\n    return 2.0\n")
    call = (
        "from coworksim.model.kernels import kernel\nfrom rate import rate\n@kernel\ndef f(x):\n    return x * rate()\n"
    )
    (tmp_path / "mine.py").write_text(call)
    path = {"PYTHONPATH": f"{PACKAGE.parent}:{tmp_path}"}
    assert said(begun(tmp_path, code="from mine import f; print(f(1.0))", **path)) == "2.0"
    (tmp_path / "rate.py").write_text((tmp_path / "rate.py").read_text().replace("2.0", "3.0"))
    assert said(begun(tmp_path, code="from mine import f; print(f(1.0))", **path)) == "3.0"
