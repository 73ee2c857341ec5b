"""The small languages of PostgREST's parameters, shared by the readers of its clients (supabase-js, supabase-py).

Each function takes the text of one parameter and gives what it names, with offsets into that text. The grammar is
PostgREST's own (`src/library/PostgREST/ApiRequest/QueryParams.hs`, version 14); what it refuses is a
`PostgrestSyntaxError`, which PostgREST answers with PGRST100. `HOLE` stands for a piece that is filled in at run time.
"""

from pgproof.code.postgrest.logic import Condition, parse_logic, parse_operator
from pgproof.code.postgrest.order import Term, parse_order
from pgproof.code.postgrest.path import Path, parse_names, parse_path
from pgproof.code.postgrest.scan import HOLE, PostgrestSyntaxError
from pgproof.code.postgrest.select import Column, Filled, Item, Relation, parse_select

__all__ = [
    "HOLE",
    "Column",
    "Condition",
    "Filled",
    "Item",
    "Path",
    "PostgrestSyntaxError",
    "Relation",
    "Term",
    "parse_logic",
    "parse_names",
    "parse_operator",
    "parse_order",
    "parse_path",
    "parse_select",
]
