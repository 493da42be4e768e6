"""What is made of a compiled function: machine code where Python calls it, or a part of those that do.

Left to itself, numba makes machine code of every rule that a kernel calls, with an entry for Python and one for C, and
then compiles the rule once more as a part of the kernel. Here each function has two forms. What Python calls is made
*whole*. What compiled code calls is made a *part*: it is translated, tidied up, and linked into whatever calls it,
where the compiler does its best once, with all in sight. ``docs/decisions/parts-and-wholes.md`` has the measurement.
"""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from numba.core import types as numba_types
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

_Library: Final[Any] = JITCodeLibrary
_Compiler: Final[Any] = Compiler
_types: Final[Any] = numba_types


class _Unplaced:
    """The generator of machine code as a part sees it: what it makes has no address to write an environment to."""

    def __init__(self, generator: Any) -> None:
        self._generator = generator

    def __getattr__(self, name: str) -> Any:
        return getattr(self._generator, name)

    def set_env(self, name: str, environment: Any) -> None:
        """Leave it to the function that a part is linked into."""


class PartLibrary(_Library):  # type: ignore[misc]  # numba gives no types
    """Code that is only linked into other code: tidied up, never made machine code."""

    @property
    def codegen(self) -> Any:
        """The generator of machine code."""
        return _Unplaced(self._codegen)

    def get_pointer_to_function(self, name: str) -> int:
        """Return that there is none."""
        return 0

    def serialize_using_object_code(self) -> tuple[str, str, bytes]:
        """Return what is kept: code to be linked."""
        return self.name, "bitcode", self._get_module_for_linking().as_bitcode()

    def _optimize_final_module(self) -> None:
        level, loops = self._codegen._opt_level, self._codegen._loopvect
        passes, builder = self._codegen._module_pass_manager(
            loop_vectorize=loops, slp_vectorize=False, opt=level, cost="cheap"
        )
        passes.run(self._final_module, builder)

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True


class _Ours(_Compiler):  # type: ignore[misc]  # numba gives no types
    """Compiles a function of this package, or of somebody who uses its decorators."""

    depth = 0

    def compile_extra(self, function: Any) -> Any:
        """Compile. Garbage waits: looking for it takes a sixth of the time, and there is next to none."""
        collects = gc.isenabled()
        gc.disable()
        _Ours.depth += 1
        try:
            return super().compile_extra(function)
        finally:
            _Ours.depth -= 1
            if collects:
                gc.enable()


class Part(_Ours):
    """Makes a part."""

    def __init__(self, typing_context: Any, target_context: Any, library: Any, *more: Any) -> None:
        library = PartLibrary(target_context.codegen(), "part")
        super().__init__(typing_context, target_context, library, *more)


class Whole(_Ours):
    """Makes machine code of a function and its parts."""

    def compile_extra(self, function: Any) -> Any:
        """Compile, and give the parts the environments that they raise exceptions from."""
        made = super().compile_extra(function)
        for environment in made._find_referenced_environments():
            made.codegen.set_env(environment.env_name, environment)
        return made


@contextmanager
def libraries_of(generator: Any, kind: type) -> Iterator[None]:
    """Let libraries that are read back be of a kind (numba's lock on compiling is held)."""
    before = generator._library_class
    generator._library_class = kind
    try:
        yield
    finally:
        generator._library_class = before


def _taken_as(arg: Any) -> Any:
    """Return the type that a callee takes an argument as: a literal is a value, a whole number has 64 bits."""
    arg = _types.unliteral(arg)
    return _types.int64 if isinstance(arg, _types.Integer) and arg.signed else arg


def tie(whole: Any, part: Any) -> None:
    """Let code that is compiled here take the part of a function, and all other callers the whole."""
    called = whole.get_call_template, whole.get_overload

    def get_call_template(args: Any, named: Any) -> Any:
        if _Ours.depth:
            return part.get_call_template([_taken_as(arg) for arg in args], named)
        return called[0]([_types.unliteral(arg) for arg in args], named)

    def get_overload(signature: Any) -> Any:
        return part.get_overload(signature) if _Ours.depth else called[1](signature)

    whole.get_call_template, whole.get_overload = get_call_template, get_overload
