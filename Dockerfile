# pgproof with its embedded PostgreSQL, as a user without rights. docs/ci.md says how to use it.
#
#     docker build --tag pgproof .
#     docker run --rm --volume "$PWD:/project:ro" pgproof check

FROM python:3.13-slim AS build
WORKDIR /source
COPY pyproject.toml README.md LICENSE ./
COPY src ./src
RUN python -m venv /opt/pgproof \
 && /opt/pgproof/bin/pip install --no-cache-dir --disable-pip-version-check '.[embedded]'

FROM python:3.13-slim
# git tells --since what a branch has changed, and which files the project ignores. The project belongs to another user.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/* \
 && git config --system --add safe.directory /project
# PostgreSQL refuses root, and wants a user that has a name.
RUN useradd --create-home --uid 10001 pgproof \
 && install --directory --owner=pgproof --group=pgproof /var/cache/pgproof
COPY --from=build /opt/pgproof /opt/pgproof
ENV PATH=/opt/pgproof/bin:$PATH \
    PGPROOF_CACHE=/var/cache/pgproof
USER pgproof
WORKDIR /project
ENTRYPOINT ["pgproof"]
CMD ["--help"]
