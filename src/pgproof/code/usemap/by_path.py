"""Routes that a file's path makes: Next.js, Nuxt, SvelteKit, Remix, Supabase's edge functions."""

from __future__ import annotations

import re

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_NEXT_APP = re.compile(r"(?:^|/)app/(?:(.*)/)?(route|page|layout|template)\.[jt]sx?$")
_NEXT_PAGES = re.compile(r"(?:^|/)pages/(.*)\.[jt]sx?$")
_NUXT_SERVER = re.compile(r"(?:^|/)server/(api|routes)/(.*?)(?:\.(get|head|post|put|patch|delete))?\.[jt]s$")
_NUXT_PAGES = re.compile(r"(?:^|/)pages/(.*)\.vue$")
_SVELTE = re.compile(
    r"(?:^|/)src/routes/(?:(.*)/)?\+(?:server|page|page\.server|layout|layout\.server)\.(?:[jt]s|svelte)$"
)
_EDGE = re.compile(r"(?:^|/)supabase/functions/([^_/][^/]*)/index\.[jt]sx?$")
_GROUP = re.compile(r"(?:^|/)(?:\([^/]*\)|@[^/]*)(?=/|$)")
_INDEX = re.compile(r"(?:^|/)index$")


def route_of(path: str, function: str) -> str:
    """Return the route that a file serves, `PATCH /api/deals/[id]` when the function says the method; `""` for none."""
    method = f"{function} " if function in METHODS else ""
    if match := _EDGE.search(path):
        return f"/functions/v1/{match[1]}"
    if match := _SVELTE.search(path):
        return method + _url(match[1] or "")
    if match := _NUXT_SERVER.search(path):
        verb = f"{match[3].upper()} " if match[3] else ""
        return verb + _url(f"api/{match[2]}" if match[1] == "api" else match[2])
    if match := _NEXT_APP.search(path):
        return (method if match[2] == "route" else "") + _url(match[1] or "")
    if match := _NEXT_PAGES.search(path) or _NUXT_PAGES.search(path):
        return "" if match[1].rpartition("/")[2].startswith("_") else _url(match[1])
    return ""


def _url(path: str) -> str:
    return "/" + _INDEX.sub("", _GROUP.sub("", path)).strip("/")
