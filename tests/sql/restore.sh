# A dump is whole again in a cluster where the role docgen_module does not exist: the README's lines, and a plain restore.
# SPDX-License-Identifier: Apache-2.0
ready_database docgen
publish kept "$(uuid 1)" "$(uuid 2)" > /dev/null
q "$(request waits "$(uuid 3)")" > /dev/null
q "$(request runs "$(uuid 4)")" > /dev/null; q "$(take runs "$(uuid 5)")" > /dev/null
first=$server
second=$(PG_FSYNC=off PG_AUTH=trust "$top/tests/tools/pg" start "$scratch/second") || exit 1
second=${second/dbname=postgres /}
clusters+=("$scratch/second")

# typed CONNINFO LINE: the line as a person types it, on this server and with this directory's files.
typed() {
    local line=$2
    line=${line#sudo -u postgres }
    line=${line/ --pwprompt/}
    line=${line/\/usr\/share\/docgen\/sql/$top/sql}
    line=${line//\/var\/tmp/$scratch}
    # shellcheck disable=SC2046
    env $(sed -E 's/host=/PGHOST=/; s/port=/PGPORT=/; s/user=/PGUSER=/' <<< "$1") bash -c "$line" > "$scratch/out" 2>&1
}
number=0 where=$first
while IFS= read -r line; do
    number=$((number + 1))
    if typed "$where" "$line"; then pass "README: $line"; else fail "README: $line" "$(cat "$scratch/out")"; fi
    where=$second
done < <(sed -n '/^<!-- restore:begin/,/^<!-- restore:end/{/^sudo/p}' "$top/README.md")
is "seven lines were typed" 7 "$number"
is "the last answers no row" "(0 rows)" "$(tail -n 2 "$scratch/out" | head -n 1)"
server=$second
use_database docgen
healthy
as() { local user=$1; shift; conninfo=${conninfo/user=postgres/user=$user} "$@"; }
as docgen eq "what was published is there" "completed <h1>Hi</h1>" "select s.status, p.html from docgen_status('kept') s, docgen_page('kept', 'index') p"
as docgen eq "what waited is taken" "waits $(uuid 3)" "$(take waits "$(uuid 6)")"
as docgen refuses "and nobody reads a table" "permission denied" "select * from docgen_bodies"

# With the dump's own rights, which name a role that does not exist: grants and revokes fail together.
q "drop owned by docgen_module; drop role docgen_module" > /dev/null
conninfo="$server dbname=postgres" q "drop database docgen" > /dev/null
new_database docgen
pg_restore -d "$conninfo" "$scratch/docgen.dump" > "$scratch/out" 2>&1
eq "a plain restore leaves functions to everybody, and check says so" "another role has a right, the module may not execute, the module's role is missing" \
    "select string_agg(distinct rule, ', ' order by rule) from docgen_check()"
"$top/sql/migrate" "$conninfo" > "$scratch/out" 2>&1
healthy "one run makes it whole"
eq "role, grants and revokes" "t f" "select has_function_privilege('docgen_module', 'docgen_status(text)', 'execute'), has_function_privilege('docgen', 'docgen_status(text)', 'execute')"
server=$first
