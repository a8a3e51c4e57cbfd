# What the tests of sql/ share: a private PostgreSQL, short names for calls, one line for each test.
# SPDX-License-Identifier: Apache-2.0

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
passed=0
failed=0

pass() { passed=$((passed + 1)); echo "ok $((passed + failed)) - $1"; }
fail() { failed=$((failed + 1)); echo "not ok $((passed + failed)) - $1"; shift; printf '#   %s\n' "$@"; }

# The database under test; tests change it with use_database.
use_database() { database=$1; conninfo="$server dbname=$1"; }
q() { psql -X -q -A -t -F ' ' -v ON_ERROR_STOP=1 -d "$conninfo" -c "$1" 2>&1; }
# Many statements in one session.
run_sql() { psql -X -q -A -t -F ' ' -v ON_ERROR_STOP=1 -d "$conninfo" 2>&1; }
new_database() { conninfo="$server dbname=postgres" q "create database $1 template ${2:-template0}" > /dev/null; use_database "$1"; }

# eq NAME EXPECTED SQL: the statement answers exactly this.
eq() {
    local got
    got=$(q "$3")
    if [ "$got" = "$2" ]; then pass "$1"; else fail "$1" "expected: $2" "got: $got" "by: $3"; fi
}
# refuses NAME PATTERN SQL: the statement fails with these words.
refuses() {
    local got
    if got=$(q "$3"); then fail "$1" "was not refused: $3" "got: $got"
    elif [[ $got =~ $2 ]]; then pass "$1"; else fail "$1" "expected: $2" "got: $got"; fi
}
# is NAME EXPECTED GOT
is() { if [ "$2" = "$3" ]; then pass "$1"; else fail "$1" "expected: $2" "got: $3"; fi; }
healthy() { eq "${1:-check returns no row}" "" "select * from docgen_check()"; }

# uuid N: a readable UUID; the same N is the same id.
uuid() { printf '%08x-0000-4000-8000-000000000000' "$1"; }
H1=$(uuid 101) H2=$(uuid 102) OWN=$(uuid 201) OWN2=$(uuid 202)

request() { echo "select verdict from docgen_request('$1', '$2', '${3:-https://example.org/$1}', null, null, '${4:-300 s}', '${5:-1 h}', '${6:-20 s}')"; }
take() { echo "select repository_id, job_id from docgen_take('${4:-$H1}', ${3:-9}, '${5:-$OWN}', '$2', '{$1}', '${6:-20 s}', '${7:-270 s}', '${8:-300 s}')"; }
page() { echo "select docgen_store_pages('$1', '$2', '[{\"path\":\"${3:-index}\",\"title\":\"T\",\"order\":1,\"markdown\":\"# ${4:-Hi}\",\"html\":\"<h1>${4:-Hi}</h1>\"}]')"; }
# publish REPOSITORY JOB CLAIM [TEXT]: a whole job.
publish() {
    q "$(request "$1" "$2")" > /dev/null
    q "$(take "$1" "$3")" > /dev/null
    q "select docgen_source('$1', '$3', 'c-$2', 'main', null)" > /dev/null
    q "$(page "$1" "$3" index "${4:-Hi}")" > /dev/null
    q "select docgen_complete('$1', '$2', '$3', 1)"
}

begin_tests() {
    scratch=$(mktemp -d)
    clusters=("$scratch/server")
    trap 'end_tests' EXIT
    server=$(PG_FSYNC=off PG_AUTH=trust "$top/tests/tools/pg" start "$scratch/server") || exit 1
    server=${server/dbname=postgres /}
}
end_tests() {
    for cluster in "${clusters[@]}"; do "$top/tests/tools/pg" remove "$cluster"; done
    rm -rf "$scratch"
}
# ready_database NAME: a new database with the whole schema.
ready_database() {
    new_database "$1"
    "$top/sql/migrate" "$conninfo" > "$scratch/out" 2>&1 || { cat "$scratch/out"; exit 1; }
}
