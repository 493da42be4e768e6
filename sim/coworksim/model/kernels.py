"""How rules are compiled, where the compiled code is kept, and how compiled code takes columns.

Every rule and kernel of coworksim passes through :func:`rule` or :func:`kernel`: no fast-math and no parallel sums,
so that a run gives the same bits each time. Compiled code is cached in a folder that is named after a hash of what
*all* kernel sources do (:mod:`coworksim.model.hashed`), because the compiler's own cache keeps a caller's old result
after a callee in another file was edited. :mod:`coworksim.model.kernel_cache` says where the folder may lie.

In checked mode (``COWORKSIM_CHECKED=1``, or ``NUMBA_DISABLE_JIT=1``) nothing is compiled: the same bodies run as plain
Python, slowly, and :mod:`coworksim.model.state.rng` refuses a second draw with one key.

A :class:`Record` is a dataclass of columns that belong together, taken by kernels as one argument. To Python it is an
object with arrays as attributes, and in checked mode the kernels see no more than that. Compiled code takes the address
of a table of where each column lies: a call costs the same however many columns a record has, and a column that a
kernel does not use costs nothing. Inside, ``people.skill[i, k]`` is compiled as if the column had been passed by
itself. ``docs/decisions/state-in-records.md`` has the measurement. A kernel changes the entries of columns, never which
array a column is, and returns no column of a record.
"""

import dataclasses
import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, Final, Self, cast

import llvmlite
import numba
import numpy as np
from numba import extending, types
from numba.core import cgutils
from numba.core.typing.templates import AttributeTemplate
from numba.np import linalg
from numba.np.arrayobj import make_array, populate_array
from numba.np.numpy_support import from_dtype
from numpy.typing import NDArray

from coworksim.model.kernel_cache import Place, cache_of, chosen
from coworksim.model.linking import Part, PartLibrary, Whole, tie
from coworksim.model.sources import PACKAGE, trees_hash

_njit: Final[Any] = numba.njit  # its types do not know all that it takes
_linalg: Final[Any] = linalg
#: Whether bodies run as plain Python.
CHECKED: Final = bool(vars(numba.config)["DISABLE_JIT"])


def _without_linear_algebra() -> None:
    """Load what numba knows of arrays without SciPy's linear algebra, which takes an eighth of a second.

    No kernel uses it. Where other compiled code of the process does, numba loads it then.
    """
    load, _linalg.ensure_blas = _linalg.ensure_blas, lambda: None
    try:
        from numba.np import arraymath

        vars(arraymath)["ensure_blas"] = load
    finally:
        _linalg.ensure_blas = load


if not CHECKED:
    _without_linear_algebra()

type Floats = NDArray[np.float64]
type Integers = NDArray[np.int64]
type Rows = NDArray[np.int32]
type Flags = NDArray[np.bool_]
type Words = NDArray[np.uint64]


def sources() -> list[Path]:
    """Return every source file of which something may end up in compiled code."""
    model = PACKAGE / "model"
    folders = (model / name for name in ("parameters", "state", "mechanisms", "policies"))
    return [model / "kernels.py", model / "linking.py", *(path for folder in folders for path in folder.rglob("*.py"))]


@cache
def fingerprint() -> str:
    """Return a hash of all kernel sources and of the compiler: two runs with the same one compile the same code."""
    text = f"{numba.__version__}|{llvmlite.__version__}|{trees_hash(sources())}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]


#: Where compiled code lies, and why better places were left.
PLACE: Final = Place(None) if CHECKED else chosen(fingerprint())


def kernel[F: Callable[..., Any]](function: F) -> F:
    """Compile a loop over columns: arrays in, arrays out or updated in place as its docstring says.

    While it runs, other threads of Python go on: see :mod:`coworksim.model.division`.

    To compiled code that calls it, a number written in the call is a value like any other, and whole numbers of 8, 16
    and 32 bits have 64: numba would compile the callee once more for each.
    """
    if CHECKED:
        return function
    how: dict[str, Any] = {"error_model": "numpy", "fastmath": False, "boundscheck": False, "nogil": True}
    how["no_cfunc_wrapper"] = True
    whole = _njit(**how, pipeline_class=Whole)(function)
    part = _njit(**how, pipeline_class=Part, no_cpython_wrapper=True)(function)
    whole._cache, part._cache = cache_of(function, PLACE.folder), cache_of(function, PLACE.folder, PartLibrary)
    tie(whole, part)
    return cast(F, whole)


def rule[F: Callable[..., Any]](function: F) -> F:
    """Compile a rule: a function of one person's numbers, called by the kernel and by the agent's method alike."""
    return kernel(function)


class RecordType(types.Type):
    """What compiled code knows of a record: the type of each column, and its place in the table of addresses."""

    def __init__(self, name: str, columns: tuple[tuple[str, types.Array], ...]) -> None:
        self.columns = dict(columns)
        self.places: dict[str, int] = {}
        at = 0
        for column, array in columns:
            self.places[column] = at
            at += 1 + array.ndim
        layout = hashlib.sha256(repr(columns).encode()).hexdigest()[:12]
        super().__init__(name=f"{name}.{layout}")  # short: it becomes part of every symbol


extending.register_model(RecordType)(extending.models.OpaqueModel)


@extending.infer_getattr
class _Columns(AttributeTemplate):
    key = RecordType

    def generic_resolve(self, record: Any, name: str) -> Any:  # type: ignore[override]  # the base only raises
        """Return the type of a column."""
        return record.columns.get(name)


@extending.lower_getattr_generic(RecordType)
def _column(context: Any, builder: Any, record: RecordType, table: Any, name: str) -> Any:
    """Build the array of a column out of the table.

    The table does not change while a kernel runs. Told so, the compiler reads an entry once and keeps it.
    """
    kind = record.columns[name]
    words = builder.bitcast(table, cgutils.intp_t.as_pointer())

    def word(at: int) -> Any:
        value = builder.load(cgutils.gep_inbounds(builder, words, record.places[name] + at))
        value.set_metadata("invariant.load", builder.module.add_metadata([]))
        return value

    array = make_array(kind)(context, builder)
    size = context.get_constant(types.intp, context.get_abi_sizeof(context.get_data_type(kind.dtype)))
    shape = [word(1 + axis) for axis in range(kind.ndim)]
    strides = [size]
    for extent in reversed(shape[1:]):
        strides.insert(0, builder.mul(strides[0], extent))
    start = builder.inttoptr(word(0), array.data.type)
    populate_array(array, data=start, shape=shape, strides=strides, itemsize=size, meminfo=None)
    return array._getvalue()


@extending.unbox(RecordType)
def _unbox(record: RecordType, value: Any, c: Any) -> extending.NativeValue:
    """Take the address of the table of a record."""
    address = c.pyapi.object_getattr_string(value, "_address")
    table = c.pyapi.long_as_voidptr(address)
    c.pyapi.decref(address)
    return extending.NativeValue(table, is_error=c.pyapi.c_api_error())


@cache
def _type_of(name: str, columns: tuple[tuple[str, np.dtype[Any], int], ...]) -> RecordType:
    """Return the compiled type of records with columns of these names, types of entry and numbers of axes."""
    return RecordType(name, tuple((column, types.Array(from_dtype(kind), axes, "C")) for column, kind, axes in columns))


class Record:
    """Base of dataclasses whose arrays kernels take as one argument; other fields are for Python alone.

    Every array must be C-contiguous and writeable; a kernel refuses another with ValueError.
    """

    __slots__ = ("_address", "_numba_type_", "_table")

    def __setattr__(self, name: str, value: object) -> None:
        """Set a field; a column that becomes another array is looked up anew before the next kernel."""
        if isinstance(value, np.ndarray) and value is not getattr(self, name, None) and hasattr(self, "_numba_type_"):
            object.__delattr__(self, "_numba_type_")
        object.__setattr__(self, name, value)

    def __reduce__(self) -> tuple[type[Self], tuple[Any, ...]]:
        """Copy and pickle the fields, never where they lay."""
        return type(self), tuple(getattr(self, field.name) for field in dataclasses.fields(cast(Any, self)))


@extending.typeof_impl.register(Record)
def _describe(record: Record, context: object) -> RecordType:
    """Look up where the columns lie; asked when a record has no type yet, or a column has become another array."""
    columns = [(field.name, getattr(record, field.name)) for field in dataclasses.fields(cast(Any, record))]
    arrays = [(name, value) for name, value in columns if isinstance(value, np.ndarray)]
    for name, value in arrays:
        if not value.flags.carray:
            raise ValueError(f"{type(record).__name__}.{name} is not a contiguous array that can be written to")
    table = np.array([word for _, value in arrays for word in (value.ctypes.data, *value.shape)], np.int64)
    kind = _type_of(type(record).__name__, tuple((name, value.dtype, value.ndim) for name, value in arrays))
    for name, found in (("_table", table), ("_address", table.ctypes.data), ("_numba_type_", kind)):
        object.__setattr__(record, name, found)
    return kind
