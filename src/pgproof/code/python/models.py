"""Tables and columns that Python's ORMs make: SQLAlchemy, SQLModel, Django, Peewee, Tortoise, Alembic's operations."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

_MAY_DECLARE = re.compile(
    r"__tablename__|\bdb_table\b|\bmodels\.Model\b|\bdb\.Model\b|\bSQLModel\b|\b(?:create|rename)_table\(|\badd_column\("
    r"|\bTable\(|\btable(?:_name)?\s*=|\bColumn\(|\bmapped_column\("
)
_MAKES = re.compile(
    r"\bcreate_all\b|\bgenerate_schemas\b|\bcreate_tables\(|\bop\.(?:create_table|add_column)\(|\bmigrations\.CreateModel\("
    r"|\bexecute_from_command_line\b|\btarget_metadata\b"
)
_CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_REFERENCES = ("ForeignKey", "OneToOneField", "ForeignKeyField", "OneToOne")
"""Fields whose column has another name: `owner` is `owner_id`."""
_MANY_TO_MANY = "ManyToManyField"
_OPERATIONS = ("create_table", "add_column", "Table")


@dataclass(frozen=True, slots=True)
class Model:
    """A class that may be a table: `table` is what it is called, `""` for a mixin; `bases` are other classes."""

    name: str
    bases: tuple[str, ...]
    table: str
    columns: frozenset[str]


def makes_tables(text: str) -> bool:
    """Whether a file lets an ORM make tables, or holds its migrations."""
    return _MAKES.search(text) is not None


def models(path: str, text: str) -> tuple[Model, ...]:
    """Return the classes, tables and operations of migrations of a file that name columns."""
    if not _MAY_DECLARE.search(text):
        return ()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return ()
    return tuple(_models(path, tree))


def tables(found: Iterable[Model]) -> Mapping[str, frozenset[str]]:
    """Return the columns of each table, those of mixins among them."""
    known: dict[str, list[Model]] = {}
    for one in found:
        known.setdefault(one.name, []).append(one)
    made: dict[str, frozenset[str]] = {}
    for several in list(known.values()):
        for one in several:
            if one.table:
                made[one.table] = made.get(one.table, frozenset()) | _with_bases(one, known, frozenset())
    return made


def _with_bases(model: Model, known: Mapping[str, list[Model]], seen: frozenset[str]) -> frozenset[str]:
    columns = model.columns
    for base in model.bases:
        if base not in seen:
            for above in known.get(base, ()):
                columns |= _with_bases(above, known, seen | {base})
    return columns


def _models(path: str, tree: ast.Module) -> Iterator[Model]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _of_class(path, node)
        elif isinstance(node, ast.Call) and _name(node.func).rpartition(".")[2] in _OPERATIONS:
            yield from _of_operation(node)


def _of_class(path: str, node: ast.ClassDef) -> Iterator[Model]:
    columns: set[str] = set()
    table = ""
    for one in node.body:
        if isinstance(one, ast.ClassDef) and one.name == "Meta":
            table = table or _meta(one)
        elif isinstance(one, ast.FunctionDef) and any(_name(by) == "declared_attr" for by in one.decorator_list):
            columns.add(one.name)
        name, value = _assigned(one)
        if name == "__tablename__":
            table = _text(value) or table
        elif name:
            columns |= _columns(name, value)
    bases = tuple(_name(base) for base in node.bases)
    table = table or _implied(path, node, bases)
    own = [base.rpartition(".")[2] for base in bases]
    yield Model(node.name, tuple(own), table, frozenset(columns))
    for one in node.body:  # Django makes a table for each relation of many to many
        name, value = _assigned(one)
        if table and isinstance(value, ast.Call) and _name(value.func).rpartition(".")[2] == _MANY_TO_MANY:
            yield Model(f"{node.name}.{name}", (), f"{table}_{name}", frozenset())


def _implied(path: str, node: ast.ClassDef, bases: tuple[str, ...]) -> str:
    """Return what the ORM calls the table of a class that does not say so."""
    if "models.Model" in bases:
        parts = path.split("/")[:-1]
        app = parts[-2] if len(parts) > 1 and parts[-1] == "models" else parts[-1] if parts else ""
        return f"{app}_{node.name.lower()}"
    if "db.Model" in bases:
        return _CAPITAL.sub("_", node.name).lower()
    if any(word.arg == "table" for word in node.keywords):
        return node.name.lower()
    return ""


def _meta(node: ast.ClassDef) -> str:
    named = dict(map(_assigned, node.body))
    return next((text for key in ("db_table", "table_name", "table") if (text := _text(named.get(key)))), "")


def _assigned(node: ast.stmt) -> tuple[str, ast.expr | None]:
    if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        return node.targets[0].id, node.value
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return node.target.id, node.value
    return "", None


def _columns(name: str, value: ast.expr | None) -> set[str]:
    """Return how the column of an attribute may be called."""
    found = {name}
    for call in ast.walk(value) if value is not None else ():
        if not isinstance(call, ast.Call):
            continue
        if _name(call.func).rpartition(".")[2] in _REFERENCES:
            found.add(f"{name}_id")
        named = [*call.args[:1], *(word.value for word in call.keywords if word.arg in ("db_column", "column_name"))]
        found |= {text for one in named if (text := _text(one))}
    return found


def _of_operation(call: ast.Call) -> Iterator[Model]:
    name = _text(call.args[0]) if call.args else ""
    columns = frozenset(
        text
        for inner in ast.walk(call)
        if isinstance(inner, ast.Call) and _name(inner.func).rpartition(".")[2] == "Column" and inner.args
        if (text := _text(inner.args[0]))
    )
    if name and columns:
        yield Model(f"{name}()", (), name, columns)


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""


def _name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""
