"""Memory that goes back to the system: what a world frees, it should not hold until the end of the process."""

import ctypes
import sys
from collections.abc import Callable
from functools import cache
from typing import Final

#: Arrays from so many bytes are given back as soon as they are freed. Smaller ones are used again week after week.
LARGE: Final = 1 << 20
#: Free memory at the end of the heap from so many bytes is given back.
_SPARE: Final = 1 << 24
#: Numbers of these settings in ``malloc.h`` of glibc.
_TRIM_THRESHOLD, _MMAP_THRESHOLD = -1, -3


@cache
def _told(name: str) -> Callable[..., int] | None:
    """Return a function of the allocator, where there is one."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None


@cache
def give_back() -> bool:
    """Let the process give large arrays back when they are freed; return whether it can be told.

    Left to itself, glibc raises the size of what it gives back to 32 MB as soon as something of that size is freed.
    Then arrays of ties that grow leave holes behind, a fifth of what a world of 200,000 people takes.
    """
    setting = _told("mallopt")
    sizes = ((_MMAP_THRESHOLD, LARGE), (_TRIM_THRESHOLD, _SPARE))
    return setting is not None and all(setting(what, size) for what, size in sizes)


def give_back_holes() -> None:
    """Give back what was freed between arrays that stay."""
    trim = _told("malloc_trim")
    if trim is not None:
        trim(0)
