"""What a coordinator of runs holds and heeds: the lock of its folder, and signals that ask it to end.

The file ``lock`` says who: process, how long after the start of the machine it began, and machine. The lock that the
system has on that file says whether it still lives, and leaves no gap between looking and taking; where there is none
(or on another machine), the process number with its time of beginning tells. A lock that a dead process left behind is
taken over.

The first signal is noted, so that work ends in good order; a second one ends it at once. Ctrl-C is one; others come
from ``kill`` and from schedulers (SIGTERM), and from a terminal or a connection that closes (SIGHUP). A command that
one of them ended has the exit code 128 and its number: 130 after Ctrl-C.
"""

import json
import multiprocessing
import os
import platform
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from types import FrameType
from typing import Any, Final

from coworksim.files.errors import BusyError, StoreError

if sys.platform != "win32":
    import fcntl

LOCK: Final = "lock"
#: Seconds by which two readings of when a process began may differ.
_SAME: Final = 2.0


#: How a worker ends that was told to coordinate runs of its own while it read the script that asked for it.
UNGUARDED: Final = 97
GUARD: Final = (
    "each worker reads your script from its beginning, and would start the same runs again; "
    'put what is to run once under a line that says: if __name__ == "__main__":'
)


def end_if_a_worker_reads_the_script() -> None:
    """End this process if it is a worker that has not begun yet, and is reading the script of its coordinator."""
    if getattr(multiprocessing.current_process(), "_inheriting", False):  # set while a spawned process starts
        os._exit(UNGUARDED)


class Lock:
    """The lock of a folder, held from its making to ``release``."""

    def __init__(self, folder: Path) -> None:

        end_if_a_worker_reads_the_script()
        self._path = folder / LOCK
        self._handle = _opened(self._path)
        holder = _holder(self._handle)
        if holder and not _is_dead(holder):
            os.close(self._handle)
            raise BusyError(_refusal(folder, holder))
        us = {"pid": os.getpid(), "began": _began(os.getpid()), "machine": _machine()}
        os.ftruncate(self._handle, 0)
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, json.dumps(us).encode())
        os.fsync(self._handle)

    def release(self) -> None:
        """Give the folder free; nothing happens the second time."""
        if self._handle < 0:
            return
        ours = self._path.exists() and os.path.samestat(os.fstat(self._handle), self._path.stat())
        if ours and os.name != "nt":
            self._path.unlink(missing_ok=True)
        os.close(self._handle)
        self._handle = -1
        if ours and os.name == "nt":  # where an open file cannot be removed
            self._path.unlink(missing_ok=True)


def _opened(path: Path) -> int:
    """The lock file, open and locked by us."""
    while True:
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), 0o644)
        except OSError as error:
            raise StoreError(f"{path.parent} cannot be written ({error.strerror}); give another folder") from error
        if not _locked(handle):
            holder = _holder(handle)
            os.close(handle)
            raise BusyError(_refusal(path.parent, holder))
        try:
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except FileNotFoundError:
            pass
        os.close(handle)  # its holder gave it free and removed it after we had opened it


def _locked(handle: int) -> bool:
    """Whether the system gives us the lock; True too where it has none to give."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks: the process number must do
        return True
    return True


def _machine() -> str:
    """A name for this machine that tells nobody which it is."""
    return sha256(platform.node().encode()).hexdigest()[:16]


def _began(pid: int) -> float:
    """Seconds from the start of the machine to that of a process: a clock that is set moves both, and not this."""
    import psutil

    return float(psutil.Process(pid).create_time() - psutil.boot_time())


def _holder(handle: int) -> dict[str, Any]:
    """What the lock says; empty when it says nothing, as one does whose process ended while it wrote."""
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        content = json.loads(os.read(handle, 4096))
        return {"pid": int(content["pid"]), "began": float(content["began"]), "machine": str(content["machine"])}
    except (ValueError, KeyError, TypeError):
        return {}


def _is_dead(holder: dict[str, Any]) -> bool:
    """Whether the process that left a lock behind is known to have ended: of another machine nobody knows."""
    import psutil

    if holder["machine"] != _machine():
        return False
    try:
        return abs(_began(holder["pid"]) - float(holder["began"])) > _SAME
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False


def _refusal(folder: Path, holder: dict[str, Any]) -> str:
    if holder and holder["machine"] != _machine():
        write = f"wait for its end, or remove {folder / LOCK} when you know that it has ended"
        return f"{folder} is in use by a process of another machine; {write}"
    who = f"process {holder['pid']}" if holder else "another process"
    return f"{folder} is in use by {who}, which runs the same study; wait for its end, or stop it"


# --- signals

#: The signals by number, each with what the system does about it where nobody has asked for it.
SIGNALS: Final[dict[int, Any]] = {
    signal.SIGINT: signal.default_int_handler,
    signal.SIGTERM: signal.SIG_DFL,
    **({signal.SIGHUP: signal.SIG_DFL} if hasattr(signal, "SIGHUP") else {}),
}
_came: list[int] = []


def exit_code() -> int:
    """Return the exit code after an interruption: 128 and the number of the signal that came last, else 130."""
    return 128 + (_came[-1] if _came else signal.SIGINT)


@contextmanager
def signals_set(stop: threading.Event) -> Iterator[None]:
    """Have the first signal set ``stop``, and a second one raise KeyboardInterrupt.

    Only in the main thread, and no signal that somebody else has asked for or told the system to ignore (nohup).
    """

    def note(number: int, frame: FrameType | None) -> None:
        _came.append(number)
        if stop.is_set():
            signal.default_int_handler(number, frame)
        stop.set()

    ours = threading.current_thread() is threading.main_thread()
    noted = [number for number, usual in SIGNALS.items() if ours and signal.getsignal(number) is usual]
    if noted:
        _came.clear()
    for number in noted:
        signal.signal(number, note)
    try:
        yield
    finally:
        for number in noted:
            signal.signal(number, SIGNALS[number])
