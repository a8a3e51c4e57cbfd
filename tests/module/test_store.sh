#!/usr/bin/env bash
# Every statement of the store, and the store's behaviour when the database fails, on a PostgreSQL of its own (the
# tests restart, stop and freeze it).
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
top=$(cd "$(dirname "$0")/../.." && pwd)
build=${BUILD:-$top/build}
dir=$(mktemp -d)
trap '"$top/tests/tools/pg" remove "$dir" > /dev/null 2>&1 || true; rm -rf "$dir"' EXIT
chmod 755 "$dir"

base=$(PG_FSYNC=off "$top/tests/tools/pg" start "$dir")
psql -X -q -v ON_ERROR_STOP=1 "$base" > /dev/null <<'SQL'
create database store;
create database bare;
create role web login password 'secret';
alter role web set statement_timeout = '2s';
SQL
"$top/sql/migrate" "${base/dbname=postgres/dbname=store}" > /dev/null
psql -X -q "$base" -c 'grant docgen_module to web'

export STORE_TOP=$top STORE_DIR=$dir STORE_ADMIN=$base
STORE_HOST=$(sed 's/ dbname=.*//' <<< "$base")
export STORE_HOST
CRITERION_JOBS=1 "$top/tests/tools/tally" "$build/store/test_store" "$build/store/test_failures"
