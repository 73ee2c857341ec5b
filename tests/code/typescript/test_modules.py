"""Which file an import means, and that a result names all files that it depends on."""

from __future__ import annotations

import pytest

from pgproof.code.source import SourceFile
from pgproof.code.typescript.read import read
from tests.code.typescript.said import CLIENT, Sources, said

IMPORTS = {
    "beside": ("./tables", {"tables.ts": ""}),
    "with the suffix of what it is compiled to": ("./tables.js", {"tables.ts": ""}),
    "a folder": ("./lib", {"lib/index.ts": ""}),
    "above": ("../../tables", {"tables.ts": ""}),
    "an alias": (
        "@/tables",
        {"tsconfig.json": '{"compilerOptions": {"paths": {"@/*": ["./lib/*"]}}}', "lib/tables.ts": ""},
    ),
    "an alias below a base": (
        "db/tables",
        {
            "tsconfig.json": '{"compilerOptions": {"baseUrl": "./lib", "paths": {"db/*": ["data/*"]}}}',
            "lib/data/tables.ts": "",
        },
    ),
    "the base alone": ("tables", {"tsconfig.json": '{"compilerOptions": {"baseUrl": "lib"}}', "lib/tables.ts": ""}),
    "an exact alias": ("tables", {"tsconfig.json": '{"compilerOptions": {"paths": {"tables": ["./x"]}}}', "x.ts": ""}),
    "an alias of a configuration that is extended": (
        "@/tables",
        {
            "tsconfig.json": '{"extends": "./base.json"}',
            "base.json": '{"compilerOptions": {"paths": {"@/*": ["./lib/*"]}}}',
            "lib/tables.ts": "",
        },
    ),
    "an alias of a configuration that is referred to": (
        "@/tables",
        {
            "tsconfig.json": '{"files": [], "references": [{"path": "./tsconfig.app.json"}]}',
            "tsconfig.app.json": '{"compilerOptions": {"paths": {"@/*": ["./lib/*"]}}}',
            "lib/tables.ts": "",
        },
    ),
    "a convention": ("@/tables", {"src/tables.ts": ""}),
    "Svelte's convention": ("$lib/tables", {"src/lib/tables.ts": ""}),
    "a package of the workspace": (
        "@acme/db",
        {"packages/db/package.json": '{"name": "@acme/db"}', "packages/db/src/index.ts": ""},
    ),
    "its main file": (
        "db",
        {"packages/db/package.json": '{"name": "db", "main": "./lib/tables.ts"}', "packages/db/lib/tables.ts": ""},
    ),
    "a part of it": ("db/tables", {"packages/db/package.json": '{"name": "db"}', "packages/db/tables.ts": ""}),
    "a part that it exports": (
        "db/x/tables",
        {
            "packages/db/package.json": (
                '{"name": "db", "exports": {"./x/*": {"types": "./dist/*.d.ts", "default": "./src/*.ts"}}}'
            ),
            "packages/db/src/tables.ts": "",
        },
    ),
}


@pytest.mark.parametrize("name", IMPORTS)
def test_an_import_is_found(name: str) -> None:
    source, files = IMPORTS[name]
    texts = {path: text or "export const TABLE = 'users'" for path, text in files.items()}
    path = "app/x/a.ts" if source.startswith("..") else "a.ts"
    use = f"{CLIENT}import {{ TABLE }} from '{source}'\nawait supabase.from(TABLE).select('id')"
    assert said({**texts, path: use}, path) == ["select users id"]


@pytest.mark.parametrize(
    ("made", "taken"),
    [
        ("module.exports = { db, T }", "const { db, T } = require('./db')"),
        ("module.exports = { db, T }", "const lib = require('./db'); const db = lib.db, T = lib.T"),
        ("exports.db = db\nmodule.exports.T = T", "const { db, T } = require('./db.js')"),
        ("module.exports = db", "const db = require('./db'), T = 'users'"),
        ("export { db, T }", "const { db, T } = await import('./db')"),
    ],
)
def test_modules_of_both_kinds_are_followed(made: str, taken: str) -> None:
    files = {
        "db.js": f"const {{ createClient }} = require('@supabase/supabase-js')\n"
        f"const db = createClient(u, k, {{ db: {{ schema: 'api' }} }})\nconst T = 'users'\n{made}",
        "a.js": f"{taken}\ndb.from(T).select('id')",
        "package.json": '{"dependencies": {"@supabase/supabase-js": "2"}}',
    }
    assert said(files, "a.js") == ["select api.users id"]


def test_what_nuxt_provides_is_found_without_an_import() -> None:
    files = {
        "web/nuxt.config.ts": "export default defineNuxtConfig({})",
        "web/app/utils/fields.ts": "export const TABLE = 't'\nexport function fields() { return `id, name` }",
        "web/app/utils/deep/hidden.ts": "export const HIDDEN = 'u'",
        "web/app/a.ts": "const client = useSupabaseClient()\nawait client.from(TABLE).select(fields())\n"
        "await client.from(HIDDEN).select('id')",
    }
    assert said(files, "web/app/a.ts") == ["select t id name", "unread table"]
    files["app/utils/fields.ts"] = files.pop("web/app/utils/fields.ts")
    assert said(files, "web/app/a.ts") == ["unread table", "unread table"]


def test_what_comes_from_a_package_is_not_known() -> None:
    assert said("import { TABLE } from 'tables'\nawait supabase.from(TABLE).select('id')") == ["unread table"]


FILES = {
    "a.ts": f"{CLIENT}import {{ TABLE }} from './tables'\nawait supabase.from(TABLE).select('id')",
    "b.ts": f"{CLIENT}import {{ TABLE }} from './tables'\nawait supabase.from(TABLE).select('name')",
    "c.ts": f"{CLIENT}await supabase.from('t').select('id')",
    "tables.ts": "export { TABLE } from './names'",
    "names.ts": "export const TABLE = 'users'",
}


def test_all_files_that_a_result_depends_on_are_asked_for_each_time() -> None:
    project = Sources(FILES)
    for path, expected in (("a.ts", True), ("b.ts", True), ("c.ts", False), ("a.ts", True)):
        project.asked.clear()
        assert list(read(SourceFile(path, FILES[path]), project))
        assert ({"tables.ts", "names.ts"} <= project.asked) == expected


def test_a_file_that_is_not_there_yet_is_asked_for() -> None:
    project = Sources({"a.ts": FILES["a.ts"]})
    list(read(SourceFile("a.ts", FILES["a.ts"]), project))
    assert "tables.ts" in project.asked


def test_a_file_that_has_changed_is_read_again() -> None:
    project = Sources(FILES)
    first = list(read(SourceFile("a.ts", FILES["a.ts"]), project))
    changed = Sources({**FILES, "names.ts": "export const TABLE = 'people'"})
    again = list(read(SourceFile("a.ts", FILES["a.ts"]), changed))
    assert [str(getattr(use, "table", "")) for use in (*first, *again)] == ["users", "people"]
