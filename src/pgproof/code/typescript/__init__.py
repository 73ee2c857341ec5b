"""TypeScript and JavaScript, also in Vue's and Svelte's components: what their code expects of the database.

`module.py` parses a file, `scopes.py` says what a name is bound to, `imports.py` which file an import means,
`follow.py` what an expression can be, across files, `text.py` which texts with which holes, `types.py` and `shape.py`
which keys an object has. The readers are built on these. Nothing is executed.
"""
