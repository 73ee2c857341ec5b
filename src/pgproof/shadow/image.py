"""The image that a shadow starts from: the sandbox, the platform, and the database that replayed ones are copies of."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from pgproof.server.admin import AdminSession
from pgproof.server.binaries import Installation
from pgproof.server.cluster import Cluster
from pgproof.server.confinement import confinement
from pgproof.server.copying import copy_tree
from pgproof.server.image import ADMIN, Image, base_image, image, write_secret
from pgproof.server.private import connect_private
from pgproof.shadow.overlay import Offer
from pgproof.shadow.sandbox import ELEVATION, OWNER, PADS, cluster_statements, pads
from pgproof.shadow.state import SharedState, read_state

TEMPLATE = "pgproof_template"
"""The database that replayed ones are copies of; nobody connects to it."""


class Platform(Protocol):
    """What a shadow needs of a platform: `sql` is run by the administrator in the template."""

    @property
    def name(self) -> str:
        """Its name."""
        ...

    @property
    def sql(self) -> str:
        """What it puts into a fresh database."""
        ...


@dataclass(frozen=True, slots=True)
class ShadowImage:
    """A data directory to copy and the state that its template database needs (see `state`)."""

    image: Image
    state: SharedState

    @property
    def identity(self) -> str:
        """Changes when anything that the image is made of changes."""
        return self.image.data.parent.name


def shadow_image(installation: Installation, platform: Platform, offer: Offer, prepare: Sequence[str]) -> ShadowImage:
    """Return the cached image of a platform on an installation; `prepare` are scripts that the administrator runs last.

    Raises
    ------
    psycopg.Error
        The platform's SQL or one of the scripts does not run on this version.
    """

    def build(folder: Path) -> None:
        base = base_image(installation)
        copy_tree(base.data, folder / "data", confinement().uid)
        write_secret(folder / "password", base.password)
        folder.chmod(0o711)  # the server's user walks in
        made = Image(folder / "data", base.password)
        _write_pads(made)
        with Cluster(
            installation, image=made, data=made.data, program=offer.program, settings=offer.settings, logins=OWNER
        ) as cluster:
            _prepare(cluster, platform, prepare)
            with AdminSession(cluster, "template1") as admin:
                write_secret(folder / "state.json", json.dumps(asdict(read_state(admin, TEMPLATE))))
        folder.chmod(0o700)

    ingredients = [
        *cluster_statements(installation.major),
        ELEVATION,
        platform.name,
        platform.sql,
        str(offer.program),
        repr(offer.settings),
        *prepare,
    ]
    made = image(build, f"shadow-{platform.name}", installation, *ingredients)
    return ShadowImage(made, load_state(made.data.parent / "state.json"))


def load_state(path: Path) -> SharedState:
    """Read a stored state."""
    return SharedState(**json.loads(path.read_text()))


def store_state(path: Path, state: SharedState) -> None:
    """Store a state where only we can read it: it holds the roles' password verifiers."""
    new = path.with_suffix(".new")
    new.unlink(missing_ok=True)
    write_secret(new, json.dumps(asdict(state)))
    new.rename(path)


def _write_pads(image: Image) -> None:
    file = image.data / PADS
    file.touch(mode=0o600)
    file.write_bytes(b"".join(pads(image.password)))
    uid = confinement().uid
    if uid is not None:
        os.chown(file, uid, uid)


def _prepare(cluster: Cluster, platform: Platform, prepare: Sequence[str]) -> None:
    password = cluster.admin_password()
    with AdminSession(cluster, "template1") as admin:
        for statement in cluster_statements(cluster.installation.major):
            admin.execute(statement)
        # Under its own name, which a platform's statements may use.
        admin.execute(f"create database {OWNER} owner {OWNER}")
    with connect_private(cluster, ADMIN, OWNER, password) as connection:
        connection.execute(ELEVATION)
        for script in (platform.sql, *prepare):
            connection.execute(script.encode())
    with AdminSession(cluster, "template1") as admin:
        admin.execute(f"alter database {OWNER} rename to {TEMPLATE}")
        admin.execute(f"alter database {TEMPLATE} owner to {ADMIN}")
        admin.execute(f"alter database {TEMPLATE} with allow_connections false")
