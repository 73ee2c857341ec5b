"""TypeScript and JavaScript, also in components of Vue, Svelte and Astro: what the code expects of the database.

What all readers are built on: `module.py` is a file, parsed; `scopes.py` says what a name is bound to, `codebase.py`
which file an import means. `follow.py` says what an expression can be, across files (`known.py` are the answers), with
`members.py`, `classes.py`, `exports.py` and `lists.py`; `callers.py` finds where a function is called, `conditions.py`
whether a place is reached. `text.py` gives the texts that the code puts together, with their holes; `types.py`,
`type_keys.py` and `type_texts.py` what types say; `shape.py` the keys of the rows that are written.

The readers: `supabase.py`, with `client.py` (what is a client), `chain.py` (where a query goes), `columns.py` (what its
steps name) and `handling.py` (what is done with the error); `queries.py` for SQL. Nothing is executed.
"""
