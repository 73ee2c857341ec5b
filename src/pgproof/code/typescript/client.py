"""Whether the object that `.from(…)` or `.rpc(…)` is called on is a client of Supabase or PostgREST, and its schema."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pgproof.code.typescript.chain import Step
from pgproof.code.typescript.classes import class_member
from pgproof.code.typescript.codebase import Codebase
from pgproof.code.typescript.follow import follow
from pgproof.code.typescript.known import External, Known, Open, Ref
from pgproof.code.typescript.members import member
from pgproof.code.typescript.module import FUNCTIONS, Module, arguments, bare, callee, nth
from pgproof.code.typescript.scopes import Binding, lookup
from pgproof.code.typescript.text import texts
from pgproof.code.typescript.typed import types_of
from pgproof.code.typescript.types import annotation

if TYPE_CHECKING:
    from tree_sitter import Node

_PACKAGE = re.compile(r"supabase|postgrest", re.I)
_MENTION = re.compile(rb"supabase|postgrest", re.I)
_FOREIGN = re.compile(
    r"^(?:knex|kysely|drizzle-orm|rxjs|dayjs|typeorm|sequelize|objection|@mikro-orm|@prisma|mongoose|mongodb|mysql2?|pg"
    r"|postgres|d3|arquero|lodash|underscore|ix|axios|luxon|moment|date-fns|ioredis|@trpc|@solana|ethers|viem|web3|hono"
    r"|wonka|most|xstream|immutable|ramda|effect|slonik|better-sqlite3|node:\w+|fs|path|stream)(?:[/.]|$)"
)
_GLOBALS = frozenset(
    {"Array", "Buffer", "Uint8Array", "Int8Array", "Uint16Array", "Int16Array", "Uint32Array", "Int32Array"}
    | {"Float32Array", "Float64Array", "Uint8ClampedArray", "BigInt64Array", "BigUint64Array", "Object", "Set", "Map"}
    | {"String", "Number", "Promise", "Iterator", "AsyncIterator", "Observable", "ReadableStream", "Temporal", "Date"}
    | {"JSON", "Math", "Symbol", "Readable", "Reflect", "Stream", "gsap"}
)
_NAME = re.compile(r"supabase|postgrest|^sb$|^sb[A-Z_]|[a-z]Sb$", re.I)
_TYPE = re.compile(r"Supabase|Postgrest(?:Client|QueryBuilder)")
_STORAGE = frozenset(
    {"upload", "download", "getPublicUrl", "createSignedUrl", "createSignedUrls", "remove", "list", "move", "copy"}
    | {"createSignedUploadUrl", "uploadToSignedUrl", "info", "exists", "listV2", "toBase64"}
)
_ACTIONS = frozenset({"select", "insert", "update", "upsert", "delete"})
_STUB = re.compile(r"mock|stub|fake(?:$|[A-Z_])", re.I)
_MOCK = re.compile(rb"mock\(", re.I)
_MOCKS = re.compile(r"^(?:jest|vi|vitest|sinon|mock|td)\b|\bmock[A-Z_]|\.mock(?:Return|Resolved|Implementation)")


@dataclass(frozen=True, slots=True)
class Client:
    """A client and the schema that it was made for: `""` its default, `None` one that is not known."""

    schema: str | None = ""


def client_of(
    code: Codebase, receiver: Ref, steps: tuple[Step, ...], constant: bool, called: bool = False
) -> Client | None:
    """Return the client that an expression is; `None` when it is none, or nothing shows that it is one.

    `steps` are what is called on what it gives, `constant` says that it was given a text, `called` that it
    is `rpc`. That the file or the
    project names Supabase is known here.
    """
    node = bare(receiver.node)
    word = _word(receiver, node)
    if word in _GLOBALS or word == "storage" or _STUB.search(word) or (steps and steps[0].name in _STORAGE):
        return None
    if node.type == "call_expression" and word == "schema":
        return _with_schema(code, receiver, node, steps, constant)
    if node.type == "call_expression" and word in _ACTIONS:
        return None  # select().from(table): a query builder
    answer = _proved(code, receiver.to(node), steps, constant)
    if answer is not None:
        return answer if isinstance(answer, Client) else None
    if _NAME.search(word):
        return Client(_schema_of_type(code, receiver))
    near = receiver.module.holds(_MENTION)
    acts = bool(steps) and steps[0].name in _ACTIONS
    return Client() if (acts and (constant or near)) or (called and constant and near) else None


def _proved(code: Codebase, receiver: Ref, steps: tuple[Step, ...], constant: bool) -> Client | bool | None:
    """Judge what an expression leads to; the answer for a variable is kept."""
    node, module = receiver.node, receiver.module
    binding = lookup(module, node, module.text(node)) if node.type == "identifier" and receiver.given is None else None
    if binding is not None and _is_stub(module, binding):
        return False
    kept = code.kept("client", module, binding.name.id) if binding is not None else None
    if kept is not None:
        return kept[0]  # type: ignore[no-any-return]
    since = code.asked()
    judged = [_judged(code, known, steps, constant) for known in follow(code, receiver)]
    answer = next((one for one in judged if isinstance(one, Client)), False if False in judged else None)
    if binding is not None:
        code.keep("client", module, binding.name.id, answer, since)
    return answer


def _is_stub(module: Module, binding: Binding) -> bool:
    """Say whether a name is imported from a module that a test replaces, or is what such a function returns."""
    if binding.kind == "import":
        return _is_mocked(module, binding.source)
    value = binding.node.child_by_field_name("value") if binding.kind == "variable" else None
    while value is not None and value.type in ("await_expression", "parenthesized_expression"):
        value = nth(value, 0)
    function = callee(value) if value is not None and value.type == "call_expression" else None
    if function is None or function.type != "identifier":
        return False
    made = lookup(module, function, module.text(function))
    return made is not None and made.kind == "import" and _is_mocked(module, made.source)


def _is_mocked(module: Module, source: str) -> bool:
    """Say whether a test puts a stub in the place of a module."""
    if not module.holds(_MOCK):
        return False
    quoted = re.escape(source.encode("utf-8", "replace"))
    return (
        re.search(rb"\b(?:jest|vi|vitest)\.(?:do|unstable_)?mock(?:Module)?\(\s*[\"'`]" + quoted, module.data, re.I)
        is not None
    )


def _word(receiver: Ref, node: Node) -> str:
    """Return the last name of an expression: `this.db.admin` → `admin`, `getClient()` → `getClient`."""
    if node.type == "call_expression" and (function := callee(node)) is not None:
        return _word(receiver, bare(function))
    if node.type == "member_expression" and (name := node.child_by_field_name("property")) is not None:
        return receiver.module.text(name)
    if node.type in ("identifier", "this"):
        return receiver.module.text(node)
    return ""


def _with_schema(code: Codebase, receiver: Ref, node: Node, steps: tuple[Step, ...], constant: bool) -> Client | None:
    function, given = callee(node), arguments(node)
    inner = function.child_by_field_name("object") if function is not None else None
    client = client_of(code, receiver.to(inner), steps, constant) if inner is not None else None
    if client is None or not given:
        return None
    return Client(_text(code, receiver.to(given[0])))


def _text(code: Codebase, ref: Ref) -> str | None:
    found = {text.value for text in texts(code, ref) if not text.holes}
    return found.pop() if len(found) == 1 else None


def _judged(code: Codebase, known: Known, steps: tuple[Step, ...], constant: bool) -> Client | bool | None:
    """Return the client, `False` when it is surely none, `None` when this does not decide."""
    if isinstance(known, External):
        return _external(known)
    if isinstance(known, Open):
        return _declared(code, known)
    if not isinstance(known, Ref):
        return None
    node, module = known.node, known.module
    if node.type == "member_expression":
        return False if _word(known, node) == "storage" else None
    if node.type == "new_expression":
        constructor = node.child_by_field_name("constructor")
        name = module.text(constructor) if constructor is not None else ""
        if _TYPE.search(name):
            return Client(_schema_in_options(code, known))
        if constructor is None or name in _GLOBALS or _builds(code, known.to(constructor)):
            return False
        return None
    if node.type == "call_expression":
        return _made(code, known, steps, constant)
    if node.type == "object":
        return False  # a stub
    return None


def _builds(code: Codebase, constructor: Ref) -> bool:
    """Say whether a class of the project has a `from` or `rpc` of its own: what it does is read where it does it."""
    return any(
        isinstance(one, Ref) and one.node.type == "method_definition"
        for name in ("from", "rpc")
        for known in follow(code, constructor)
        if isinstance(known, Ref) and "class" in known.node.type
        for one in class_member(code, known, name)
    )


def _external(known: External) -> Client | bool | None:
    if not known.source:
        head, _, tail = known.name.partition(".")
        return False if head in _GLOBALS or tail.endswith("storage") else None
    if known.name.endswith(".storage") or _FOREIGN.match(known.source):
        return False
    if _PACKAGE.search(known.source):
        return Client()
    return None


def _made(code: Codebase, known: Ref, steps: tuple[Step, ...], constant: bool) -> Client | bool | None:
    """Judge the result of a call: `createClient(…)` of a package, `client.schema("x")`, a mock."""
    function = callee(known.node)
    if function is None:
        return None
    text = known.module.text(function)
    if _MOCKS.search(text):
        return False
    word = _word(known, function)
    if word == "schema":
        return client_of(code, known, steps, constant)
    if known.given is not None:
        return _by_origin(code, known, function)
    kept = code.kept("made", known.module, known.node.id)
    if kept is not None:
        return kept[0]  # type: ignore[no-any-return]
    cut, since = code.cut, code.asked()
    answer = _by_origin(code, known, function)
    if code.cut == cut:
        code.keep("made", known.module, known.node.id, answer, since)
    return answer


def _by_origin(code: Codebase, known: Ref, function: Node) -> Client | bool | None:
    """Judge the result of a call by where its function comes from, what it says that it returns, and its name."""
    for origin in follow(code, known.to(function)):
        if isinstance(origin, External) and origin.source and not origin.name.endswith(".storage"):
            if _FOREIGN.match(origin.source):
                return False
            if _PACKAGE.search(origin.source):
                return Client(_schema_in_options(code, known))
        if isinstance(origin, Ref) and origin.node.type in FUNCTIONS:
            written = origin.node.child_by_field_name("return_type")
            if written is not None and _TYPE.search(origin.module.text(written)):
                return Client()
    if _NAME.search(_word(known, function)):
        return Client(_schema_in_options(code, known))
    return _of_type(code, known)


def _declared(code: Codebase, known: Open) -> Client | None:
    """Judge something unknown by the type that its declaration gives it."""
    written = annotation(known.ref.module, known.binding.node) if known.ref is not None and known.binding else None
    if written is not None and not known.steps and _TYPE.search(written.module.text(written.node)):
        return Client(_schema_argument(written.module.text(written.node)))
    return _of_type(code, known.ref) if known.ref is not None else None


def _of_type(code: Codebase, ref: Ref) -> Client | None:
    for one in types_of(code, ref):
        text = one.module.text(one.node)
        if len(text) < 200 and _TYPE.search(text):
            return Client(_schema_argument(text))
    return None


def _schema_of_type(code: Codebase, receiver: Ref) -> str:
    for one in types_of(code, receiver):
        text = one.module.text(one.node)
        if len(text) < 200:
            return _schema_argument(text)
    return ""


def _schema_argument(text: str) -> str:
    """Return the schema in `SupabaseClient<Database, "api">`."""
    found = re.search(r"""<[^<>]*,\s*["'](\w+)["']""", text)
    return found[1] if found and found[1] != "public" else ""


def _schema_in_options(code: Codebase, known: Ref) -> str | None:
    """Return `options.db.schema` of a call that makes a client."""
    for given in arguments(known.node)[1:4] or arguments(known.node)[:1]:
        for options in follow(code, known.to(given)):
            if not isinstance(options, Ref) or options.node.type != "object":
                continue
            for holder in (options, *_nested(code, options, "options")):
                for db in _nested(code, holder, "db"):
                    found = list(member(code, db, "schema"))
                    if any(isinstance(one, Ref) for one in found):
                        values = [_text(code, one) for one in found if isinstance(one, Ref)]
                        return values[0] if len(values) == 1 else None
    return ""


def _nested(code: Codebase, options: Ref, key: str) -> list[Ref]:
    return [one for one in member(code, options, key) if isinstance(one, Ref) and one.node.type == "object"]
