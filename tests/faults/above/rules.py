"""The kinds of mistake that are planted above the model, each a rule over syntax trees."""

from __future__ import annotations

import ast
import copy
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

__all__ = ["KINDS", "Change", "changes"]

_SIGNS: Final[dict[type[ast.operator], type[ast.operator]]] = {ast.Add: ast.Sub, ast.Sub: ast.Add}
_LIMITS: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
_OPPOSITES: Final[dict[type[ast.cmpop], type[ast.cmpop]]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
#: Probabilities of intervals and tests, and what stands in for them.
_QUANTILES: Final[dict[float, float]] = {
    0.975: 0.95,
    0.95: 0.9,
    0.9: 0.95,
    0.99: 0.95,
    0.025: 0.05,
    0.05: 0.025,
    0.1: 0.05,
    0.8: 0.9,
    0.2: 0.1,
    1.96: 1.645,
    97.5: 95.0,
    2.5: 5.0,
    95: 90,
    5: 10,
    90: 95,
    10: 5,
}
_PARTNERS: Final[dict[str, str]] = {
    "min": "max",
    "minimum": "maximum",
    "nanmin": "nanmax",
    "idxmin": "idxmax",
    "argmin": "argmax",
    "any": "all",
    "floor": "ceil",
    "fmean": "median",
    "mean": "median",
    "first": "last",
    "cummin": "cummax",
    "startswith": "endswith",
    "ge": "gt",
    "le": "lt",
    "low": "high",
    "lower": "upper",
    "here": "there",
    "left": "right",
    "variance": "pvariance",
    "stdev": "pstdev",
    "sc": "td",
    "begins": "ends",
}
_TWINS: Final = _PARTNERS | {other: one for one, other in _PARTNERS.items() if one not in ("mean",)}
_FORMAT: Final = re.compile(r"^(?P<sign>\+?)(?P<comma>,?)(?:\.(?P<places>\d+))?(?P<type>[fge%]?)$")
#: Arguments that only say where ink goes on a chart.
_INK: Final = {
    "left",
    "right",
    "top",
    "bottom",
    "wspace",
    "hspace",
    "alpha",
    "linewidth",
    "sharex",
    "sharey",
    "squeeze",
    "pad",
    "markersize",
    "size",
    "labelsize",
    "fontsize",
    "zorder",
    "annotation_clip",
    "edgewidth",
    "xytext",
    "figsize",
}
_PATHS: Final = re.compile("folder|path|root|file|package|home")
#: Calls whose arguments cannot be mistaken for each other.
_TYPED: Final = ("isinstance", "getattr", "zip")
_CONSTANT: Final = re.compile(r"^_?[A-Z][A-Z0-9_]*$")


@dataclass(frozen=True, slots=True)
class Change:
    """One mistake: ``old``, from ``start`` to ``end`` in the bytes of a file, becomes ``new``."""

    kind: str
    place: str  # class and function, "" for the module
    start: int
    end: int
    lines: tuple[int, int]  # of the innermost simple statement or head of a compound one
    old: str
    new: str


type Found = tuple[ast.AST, ast.AST]
type Rule = Callable[[ast.AST, "Around"], Iterator[Found]]


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around a node: its parents, the nearest first."""

    parents: tuple[ast.AST, ...]

    @property
    def parent(self) -> ast.AST:
        """Return the nearest."""
        return self.parents[0]


def _textual(node: ast.AST) -> bool:
    """Whether a node is plainly text or a collection, of which a difference is no likely mistake."""
    if isinstance(node, ast.BinOp):
        return _textual(node.left) or _textual(node.right)
    literal = isinstance(node, ast.Constant) and isinstance(node.value, str | bytes)
    return literal or isinstance(node, ast.JoinedStr | ast.List | ast.Tuple | ast.ListComp | ast.Dict | ast.Set)


def _with[N: ast.AST](node: N, **fields: object) -> N:
    new = copy.copy(node)
    for name, value in fields.items():
        setattr(new, name, value)
    return new


def _sign(node: ast.AST, around: Around) -> Iterator[Found]:
    if isinstance(node, ast.BinOp | ast.AugAssign) and type(node.op) in _SIGNS:
        parts = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
        if not any(_textual(part) for part in parts):
            yield node, _with(node, op=_SIGNS[type(node.op)]())
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and not isinstance(around.parent, ast.Slice):
        yield node, node.operand


def _limit(node: ast.AST, around: Around) -> Iterator[Found]:
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            if type(op) in _LIMITS:
                yield node, _with(node, ops=[*node.ops[:at], _LIMITS[type(op)](), *node.ops[at + 1 :]])


def _negated(node: ast.AST, around: Around) -> Iterator[Found]:
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        yield node, _with(node, ops=[_OPPOSITES[type(node.ops[0])]()])
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node, node.operand
    elif isinstance(node, ast.IfExp) and not isinstance(node.test, ast.Compare | ast.UnaryOp):
        yield node, _with(node, body=node.orelse, orelse=node.body)


def _and_or(node: ast.AST, around: Around) -> Iterator[Found]:
    if isinstance(node, ast.BoolOp):
        yield node, _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd | ast.BitOr):
        yield node, _with(node, op=ast.BitOr() if isinstance(node.op, ast.BitAnd) else ast.BitAnd())


def _numeric(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)


def _is_threshold(node: ast.AST, around: Around) -> bool:
    """Whether a number is compared with, bounds something, or has a name in capitals."""
    for parent in around.parents:
        if isinstance(parent, ast.Compare):
            return True
        if isinstance(parent, ast.Call):
            return isinstance(parent.func, ast.Name | ast.Attribute) and _name(parent.func) in (
                "min",
                "max",
                "minimum",
                "maximum",
                "clip",
                "Field",
                "round",
            )
        if isinstance(parent, ast.Assign | ast.AnnAssign):
            targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
            return isinstance(targets[0], ast.Name) and bool(_CONSTANT.match(targets[0].id))
        if isinstance(parent, ast.arguments):
            return True
        if isinstance(parent, ast.stmt | ast.Subscript | ast.Lambda):
            return False
    return False


def _threshold(node: ast.AST, around: Around) -> Iterator[Found]:
    if isinstance(node, ast.Constant) and _numeric(node) and _is_threshold(node, around):
        value = node.value
        assert isinstance(value, int | float)
        yield node, ast.Constant(value + 1 if isinstance(value, int) else value * 1.25 if value else 0.25)


def _quantile(node: ast.AST, around: Around) -> Iterator[Found]:
    if isinstance(node, ast.Constant) and _numeric(node) and not isinstance(around.parent, ast.Slice):
        value = node.value
        assert isinstance(value, int | float)
        whole = value in (5, 10, 90, 95)
        if value in _QUANTILES and not (whole and not _is_percentile(around)):
            yield node, ast.Constant(_QUANTILES[value])


def _is_percentile(around: Around) -> bool:
    calls = [parent for parent in around.parents[:3] if isinstance(parent, ast.Call)]
    return any(isinstance(c.func, ast.Name | ast.Attribute) and "percentile" in _name(c.func) for c in calls)


def _name(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def _partner(node: ast.AST, around: Around) -> Iterator[Found]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and node.id in _TWINS:
        called = isinstance(around.parent, ast.Call) and around.parent.func is node
        if called and node.id in ("min", "max", "any", "all", "fmean", "variance", "stdev"):
            yield node, ast.Name(_TWINS[node.id] if node.id != "fmean" else "sum")
    elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr in _TWINS:
        yield node, _with(node, attr=_TWINS[node.attr])


def _plain(node: ast.AST) -> bool:
    return isinstance(node, ast.Name | ast.Attribute | ast.Subscript | ast.Call | ast.UnaryOp | ast.BinOp)


def _is_path(node: ast.BinOp) -> bool:
    """Whether a quotient puts a path together, or text is what is taken away."""
    names = (part for one in ast.walk(node) if (part := _name(one)))
    return isinstance(node.op, ast.Div) and any(
        re.search("folder|path|root|file|package|home", name.lower()) for name in names
    )


def _differ(one: ast.AST, other: ast.AST) -> bool:
    return all(_plain(part) or _numeric(part) for part in (one, other)) and ast.dump(one) != ast.dump(other)


def _swapped(node: ast.AST, around: Around) -> Iterator[Found]:
    if isinstance(node, ast.Tuple) and len(node.elts) >= 2 and isinstance(node.ctx, ast.Load):
        if not isinstance(around.parent, ast.Subscript) and _differ(*node.elts[-2:]):
            yield node, _with(node, elts=[*node.elts[:-2], node.elts[-1], node.elts[-2]])
    elif isinstance(node, ast.Call):
        if len(node.args) >= 2 and _name(node.func) not in _TYPED and _differ(*node.args[:2]):
            yield node, _with(node, args=[node.args[1], node.args[0], *node.args[2:]])
    elif isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub | ast.Div) and not _is_path(node):
        yield node, _with(node, left=node.right, right=node.left)


def _exports(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and _name(node.targets[0]) == "__all__"


def _left_out(node: ast.AST, around: Around) -> Iterator[Found]:
    """Yield lists of sentences and of names without their last one."""
    if not isinstance(node, ast.Tuple | ast.List) or isinstance(around.parent, ast.Subscript | ast.Tuple | ast.List):
        return
    if _exports(around.parent):
        return
    if len(node.elts) >= 2 and isinstance(node.ctx, ast.Load) and all(_textual(one) for one in node.elts):
        yield node, _with(node, elts=node.elts[:-1])


def _guard(node: ast.AST, around: Around) -> Iterator[Found]:
    if (
        isinstance(node, ast.If)
        and isinstance(node.body[-1], ast.Raise | ast.Return | ast.Continue)
        and not node.orelse
    ):
        yield node.test, ast.Constant(False)


def _flag(node: ast.AST, around: Around) -> Iterator[Found]:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, bool):
        return
    if isinstance(around.parent, ast.keyword) and around.parent.arg not in ("strict", "slots", "frozen", "kw_only"):
        yield node, ast.Constant(not node.value)


def _format(node: ast.AST, around: Around) -> Iterator[Found]:
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str) or len(around.parents) < 2:
        return
    spec, value = around.parents[:2]
    if not (isinstance(value, ast.FormattedValue) and value.format_spec is spec):
        return
    found = _FORMAT.match(node.value)
    if found is None or not node.value:
        return
    if found["places"] is not None:
        places = int(found["places"])
        fewer = places - 1 if places > 0 else 1
        yield node, ast.Constant(node.value.replace(f".{places}", f".{fewer}"))
    for mark in ("+", ","):
        if mark in node.value:
            yield node, ast.Constant(node.value.replace(mark, ""))


#: Every kind with its rule, in the order in which the page lists them.
KINDS: Final[dict[str, Rule]] = {
    "sign": _sign,
    "limit": _limit,
    "comparison negated": _negated,
    "and for or": _and_or,
    "threshold": _threshold,
    "quantile": _quantile,
    "partner": _partner,
    "swapped pair": _swapped,
    "guard left out": _guard,
    "item left out": _left_out,
    "flag": _flag,
    "number format": _format,
}


def _annotation(parent: ast.AST, field: str) -> bool:
    return field in ("annotation", "returns", "type_params", "bases") or (
        isinstance(parent, ast.Expr) and isinstance(parent.value, ast.Constant)
    )


def _skipped(node: ast.AST) -> bool:
    """Whether nothing below a node says anything: types, what only type checkers read, and where ink goes."""
    if isinstance(node, ast.If) and _name(node.test) == "TYPE_CHECKING":
        return True
    return isinstance(node, ast.TypeAlias | ast.Import | ast.ImportFrom) or _ink(node)


def _ink(node: ast.AST) -> bool:
    return isinstance(node, ast.keyword) and node.arg in _INK and isinstance(node.value, ast.Constant | ast.Tuple)


def _walk(node: ast.AST, parents: tuple[ast.AST, ...]) -> Iterator[tuple[ast.AST, tuple[ast.AST, ...]]]:
    yield node, parents
    for field, value in ast.iter_fields(node):
        if _annotation(node, field):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _skipped(child):
                yield from _walk(child, (node, *parents))


def _place(parents: tuple[ast.AST, ...]) -> str:
    named = [p.name for p in parents if isinstance(p, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)]
    return ".".join(reversed(named))


def _statement(around: tuple[ast.AST, ...]) -> tuple[int, int]:
    """Return the lines of the nearest statement; of one with a body, those before it."""
    statement = next(one for one in around if isinstance(one, ast.stmt))
    body = getattr(statement, "body", None)
    last = body[0].lineno - 1 if body else statement.end_lineno
    return statement.lineno, max(statement.lineno, last or 0)


def _new_text(node: ast.AST) -> str:
    """Return the source of what is planted, in parentheses where it might bind too loosely."""
    text = ast.unparse(node)
    loose = isinstance(node, ast.BoolOp | ast.Compare | ast.BinOp | ast.UnaryOp | ast.IfExp)
    return f"({text})" if loose else text


def changes(source: str) -> Iterator[Change]:
    """Yield every mistake that the rules know to plant in a source."""
    lines = [0]
    for line in source.encode().splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    data = source.encode()
    for node, parents in _walk(ast.parse(source), ()):
        for kind, rule in KINDS.items():
            for old, new in rule(node, Around(parents)) if parents else ():
                assert isinstance(old, ast.expr | ast.stmt)
                assert old.end_lineno is not None
                assert old.end_col_offset is not None
                start = lines[old.lineno - 1] + old.col_offset
                end = lines[old.end_lineno - 1] + old.end_col_offset
                text = new.value if kind == "number format" and isinstance(new, ast.Constant) else _new_text(new)
                was = data[start:end].decode()
                yield Change(kind, _place(parents), start, end, _statement((node, *parents)), was, str(text))
