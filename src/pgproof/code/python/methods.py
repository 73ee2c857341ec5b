"""The methods of supabase-py's queries: which compare, and with what operator; which name nothing."""

from __future__ import annotations

COMPARISONS = {
    **{
        name: name for name in ("eq", "neq", "gt", "gte", "lt", "lte", "like", "ilike", "fts", "plfts", "phfts", "wfts")
    },
    **dict.fromkeys(("like_all_of", "like_any_of"), "like"),
    **dict.fromkeys(("ilike_all_of", "ilike_any_of"), "ilike"),
    "is_": "is",
    "in_": "in",
    "contains": "cs",
    "cs": "cs",
    "contained_by": "cd",
    "cd": "cd",
    "overlaps": "ov",
    "ov": "ov",
    "range_gt": "sr",
    "sr": "sr",
    "range_gte": "nxl",
    "nxl": "nxl",
    "range_lt": "sl",
    "sl": "sl",
    "range_lte": "nxr",
    "nxr": "nxr",
    "range_adjacent": "adj",
    "adj": "adj",
    "text_search": "fts",
}
NAMELESS = frozenset(
    {
        "limit",
        "range",
        "single",
        "maybe_single",
        "csv",
        "explain",
        "execute",
        "offset",
        "returns",
        "delete",
        "max_affected",
    }
)
