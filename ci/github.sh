#!/usr/bin/env bash
# The steps of the GitHub Action (action.yml). Its inputs come in the environment.
set -euo pipefail

bin=$RUNNER_TEMP/pgproof/bin
export PGPROOF_CACHE=$RUNNER_TEMP/pgproof-cache

install_pgproof() {
  "$PYTHON" -m venv "$RUNNER_TEMP/pgproof"
  "$bin/pip" install --quiet --disable-pip-version-check "$GITHUB_ACTION_PATH[embedded]"
  mkdir -p "$PGPROOF_CACHE"
  chmod 755 "$PGPROOF_CACHE"
  if [ -n "$SERVER" ]; then
    "$bin/pgproof" server install "$SERVER"
  fi
}

check() {
  local reports arguments
  reports=$(mktemp -d "$RUNNER_TEMP/pgproof-reports-XXXXXX") # a job may use the action twice
  arguments=(
    "$PROJECT"
    --format text
    --format "github=$reports/annotations.txt"
    --format "github_summary=$reports/summary.md"
    --format "github_sarif=$reports/pgproof.sarif"
    --format "json=$reports/pgproof.json"
  )
  # An empty LIVE is handed on: pgproof says that a secret is missing, and does not pass as if nothing had been asked.
  [ "$LIVE" = none ] || arguments+=(--live "$LIVE")
  [ -z "$MIGRATIONS" ] || arguments+=(--migrations "$MIGRATIONS")
  [ -z "$BASE" ] || arguments+=(--base "$BASE")
  [ -z "$SERVER" ] || arguments+=(--server "$SERVER")
  [ -z "$SINCE" ] || arguments+=(--since "$SINCE")
  [ -z "$FAIL_ON" ] || arguments+=(--fail-on "$FAIL_ON")
  local line
  while IFS= read -r line; do
    [ -z "$line" ] || arguments+=("$line")
  done <<<"$ARGUMENTS"

  # What a pull request's files make pgproof print is no command to the runner.
  local token code=0
  token=$("$bin/python" -c 'import secrets; print(secrets.token_hex(16))')
  echo "::stop-commands::$token"
  "$bin/pgproof" check "${arguments[@]}" || code=$?
  echo "::$token::"

  echo "exit-code=$code" >>"$GITHUB_OUTPUT"
  if [ -s "$reports/pgproof.json" ]; then
    cat "$reports/annotations.txt"
    cat "$reports/summary.md" >>"$GITHUB_STEP_SUMMARY"
    {
      "$bin/python" -c 'import json, sys; print("verdict=" + json.load(open(sys.argv[1]))["verdict"])' "$reports/pgproof.json"
      echo "sarif=$reports/pgproof.sarif"
      echo "result=$reports/pgproof.json"
    } >>"$GITHUB_OUTPUT"
  fi
  return "$code"
}

case $1 in
  install) install_pgproof ;;
  check) check ;;
esac
