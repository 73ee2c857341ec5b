"""What psql's meta-commands do to a script that is read (command.c); those that reach outside of it are refused."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pgproof.model import Location
from pgproof.sql import psql
from pgproof.sql.bytes import decode
from pgproof.sql.condition import enter
from pgproof.sql.copy import client_copy
from pgproof.sql.include import locate
from pgproof.sql.problem import SyntaxProblem
from pgproof.sql.source import Buffer
from pgproof.sql.split import skip_blank, split

if TYPE_CHECKING:
    from pgproof.sql.reader import Reader

# bounds for hostile scripts: includes that double at each level, and variables
_INCLUDES = 1_000
_DEPTH = 50
_VARIABLES = 1_000
_VARIABLE_NAME = re.compile(r"[^\x00-/:-@\[-\^`{-\x7f]+")
_REFERENCE = re.compile(r":(\w+)")
_TAKES_QUERY = psql.SENDS | {"bind", "bind_named", "gexec", "gset", "parse", "sendpipeline", "watch"}


def act(reader: Reader, backslash: int) -> int:
    """Do what the meta-command at an offset of the reader's source says; return where to go on."""
    text = reader.source.text
    name, after = psql.command_name(text, backslash)
    stop = psql.line_end(text, after)
    active = reader.active
    if not psql.is_command(name):  # `'it\'s'`, which other systems take for one string: the parser shall say so
        if active:
            reader.buffer.add("\\", backslash)
        return backslash + 1
    if name == ";":
        if active:
            reader.buffer.add(";", backslash + 1)
        return after
    if name in {"copy", "!"}:  # they take their whole line
        if active and reader.run.restricted:
            reader.refuse(f"\\{name}: \\restrict is in force", backslash, text[backslash:stop])
        elif active and name == "!":
            reader.refuse(psql.refusal(name, []), backslash, text[backslash:stop])
        elif active:
            return _copy(reader, backslash, text[after:stop])
        return stop
    found = psql.arguments(text, after, reader.run.variables if active or name == "elif" else {})
    written = text[backslash : found.end]
    if not reader.expand(sum(map(len, found.values)), backslash, written):
        return found.end
    if name in psql.CONDITIONS:
        reader.branch, problem = enter(reader.branch, name, " ".join(found.values))
        if problem and reader.run.queried and written.split()[-1].startswith(":"):
            reader.refuse(f"\\{name} asks for what a query returns", backslash, written)
        elif problem:
            reader.broken(written, backslash, problem, told=True)
    elif active and found.refusal:
        reader.refuse(f"\\{name} {found.refusal}", backslash, written)
    elif active and reader.run.restricted and name != "unrestrict":
        reader.refuse(f"\\{name}: \\restrict is in force", backslash, written)
    elif active:
        resumed = _run(reader, name, found.values, backslash, found.end)
        return found.end if resumed is None else resumed
    return found.end


def _run(reader: Reader, name: str, values: list[str], backslash: int, end: int) -> int | None:
    written = reader.source.text[backslash:end]
    if name in psql.SENDS and not (values and not values[0].startswith("(")):
        if skip_blank(reader.buffer.text, 0) < len(reader.buffer.text):
            return reader.send(end - 1)
        reader.refuse("\\g without a query sends the last one again", backslash, written)
    elif name == "set":
        _set(reader, values, backslash, written)
    elif name == "unset":
        for variable in values:
            reader.run.variables.pop(variable, None)
    elif name in psql.INCLUDES | psql.RELATIVE_INCLUDES:
        _include(reader, values, name in psql.RELATIVE_INCLUDES, backslash, written)
    elif name == "q":
        reader.quit = True
    elif name in {"r", "reset"}:
        reader.buffer = Buffer()
    elif name in {"restrict", "unrestrict"}:
        reader.run.restricted = name == "restrict"
    elif reason := psql.refusal(name, values):
        query = ""
        if name in _TAKES_QUERY:
            query = reader.buffer.text[skip_blank(reader.buffer.text, 0) :]
            reader.buffer = Buffer()
        reader.run.queried |= name == "gset"
        reader.refuse(reason, backslash, query + written)
    return None


def _set(reader: Reader, values: list[str], backslash: int, written: str) -> None:
    if not values:
        return
    name, value = values[0], "".join(values[1:])
    many = len(reader.run.variables) >= _VARIABLES and name not in reader.run.variables
    if not _VARIABLE_NAME.fullmatch(name) or many or reader.run.exhausted:
        reader.refuse("\\set cannot set such a variable", backslash, written[:200])
        return
    given = _REFERENCE.fullmatch(value)
    if given and given[1] not in reader.run.variables:  # psql takes it as it stands, unless whoever runs it gives it
        reader.run.variables.pop(name, None)
        return
    reader.run.variables[name] = value


def _include(reader: Reader, values: list[str], relative: bool, backslash: int, written: str) -> None:
    target = values[0] if values else ""
    if written.rstrip().endswith(";"):  # psql strips them where no quote ends the name
        target = target.rstrip(";")
    read = _read(reader, target, relative, backslash, written)
    if not read:
        return
    path, text = read
    run = reader.run
    file = run.root / path
    own = (run.root / reader.source.path).resolve()
    run.includes += 1
    if file == own or file in run.open_files:
        reader.refuse(f"{path} includes itself", backslash, written)
    elif run.includes > _INCLUDES or len(run.open_files) >= _DEPTH:
        reader.refuse(f"more than {_INCLUDES} files are included, or {_DEPTH} inside each other", backslash, written)
    else:
        run.open_files.append(own)
        reader.include(path, text)
        run.open_files.pop()


def _copy(reader: Reader, backslash: int, line: str) -> int:
    stop = psql.line_end(reader.source.text, backslash)
    written = reader.source.text[backslash:stop]
    copy = client_copy(line)
    if copy.refusal:
        reader.refuse(f"\\copy {copy.refusal}", backslash, written)
        return stop
    try:
        split(copy.sql)
    except SyntaxProblem as problem:
        reader.broken(written, backslash, problem.message, told=True)
        return stop
    if copy.file is None:
        return reader.inline_copy(copy.sql, backslash, stop)
    read = _read(reader, copy.file, False, backslash, written)
    if read:
        reader.copy(copy.sql, backslash, read[1], Location(read[0], 1, 1))
    return stop


def _read(reader: Reader, target: str, relative: bool, backslash: int, written: str) -> tuple[str, str] | None:
    """Return the path and the text of a file that a command names, or report why there is none."""
    run = reader.run
    found = locate(run.root, reader.source.path, target, relative)
    if found.file is None:
        if found.outside:
            reader.refuse(found.problem, backslash, written)
        else:
            reader.broken(written, backslash, found.problem, told=True)
        return None
    path = found.file.relative_to(run.root).as_posix()
    try:
        decoded = decode(found.file.read_bytes(), run.encoding)
    except OSError as error:
        reader.broken(written, backslash, f"cannot read {path}: {error.strerror or error}", told=True)
        return None
    if decoded.problem:
        reader.broken(written, backslash, f"cannot read {path}: {decoded.problem}", told=True)
        return None
    return path, decoded.text
