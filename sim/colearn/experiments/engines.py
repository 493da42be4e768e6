"""Engines by address: ``dask://host:port`` is a Dask cluster, whose workers have this version of colearn installed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any, Final

from colearn.experiments.errors import RefusedError, RunnerError
from colearn.observe.provenance import code_version

__all__ = ["DaskEngine", "engine"]

_SCHEME: Final = "dask"
_PATIENCE: Final = 30  # seconds until a scheduler must have answered


def engine(address: str) -> Callable[[], Executor]:
    """Return what makes the engine at an address. Raises RefusedError for one that nobody could reach.

    >>> engine("ray://head:10001")
    Traceback (most recent call last):
    colearn.experiments.errors.RefusedError: the engine 'ray://head:10001' is not known; write dask://host:port
    """
    scheme, sign, place = address.partition("://")
    if scheme != _SCHEME or not sign or not place.rpartition(":")[2].isdecimal():
        raise RefusedError(f"the engine {address!r} is not known; write {_SCHEME}://host:port")
    try:
        import distributed  # noqa: F401  # only to find out whether it is there
    except ImportError:
        raise RefusedError(f"{address} needs the optional part cluster: pip install 'colearn[cluster]'") from None
    return lambda: DaskEngine(f"tcp://{place}")


class DaskEngine(Executor):
    """A Dask cluster as an executor. Dask itself runs what a lost worker had in hand again, on another one."""

    def __init__(self, address: str) -> None:
        from distributed import Client

        try:
            self._client = Client(address, timeout=_PATIENCE)
        except (OSError, TimeoutError) as error:
            raise RunnerError(f"no Dask scheduler answers at {address}; start one, or give another address") from error
        self._executor = self._client.get_executor(pure=False)
        try:
            self._check()
        except BaseException:
            self._client.close()
            raise

    def _check(self) -> None:
        """Refuse workers of other code: their runs would go under the name of this one."""
        found = self._client.run(code_version, on_error="return")
        other = [place for place, code in found.items() if code != code_version()]
        if other:
            raise RunnerError(f"the worker at {other[0]} has other code than this process; install the same on all")

    def submit(self, task: Any, /, *args: Any, **named: Any) -> Future[Any]:
        """Send a task to the cluster."""
        future: Future[Any] = self._executor.submit(task, *args, **named)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Leave the cluster; it goes on for others."""
        self._executor.shutdown(wait=wait)
        self._client.close()
