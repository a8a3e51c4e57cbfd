# Migrations: fresh, repeated, each file alone and twice, and on the tables that older installations have.
# SPDX-License-Identifier: Apache-2.0
sql=$top/sql
m002=$sql/002_DATABASE_MIGRATION_PROGRESS_TRACKING.sql
apply() { psql -X -q -v ON_ERROR_STOP=1 -d "$conninfo" -f "$1" > "$scratch/out" 2>&1; }
applies() { if apply "$2"; then pass "$1"; else fail "$1" "$(tail -n 2 "$scratch/out")"; fi; }
apply_refuses() {
    if apply "$3"; then fail "$1" "was not refused"
    elif grep -q "$2" "$scratch/out"; then pass "$1"; else fail "$1" "expected: $2" "$(cat "$scratch/out")"; fi
}
migrates() { if "$sql/migrate" "$conninfo" > "$scratch/out" 2>&1; then pass "$1"; else fail "$1" "$(cat "$scratch/out")"; fi; }
migrate_refuses() {
    if "$sql/migrate" "${3:-$conninfo}" > "$scratch/out" 2>&1; then fail "$1" "was not refused"
    elif grep -q "$2" "$scratch/out"; then pass "$1"; else fail "$1" "expected: $2" "$(cat "$scratch/out")"; fi
}

new_database fresh
migrates "a fresh database migrates"
eq "every file is recorded" "$(ls "$sql"/[0-9]*.sql | wc -l)" "select count(*) from docgen_schema"
version=$(sed -n 's/^#define DOCGEN_SCHEMA_VERSION //p' "$top/src/store/store.h")
eq "the schema has the version that the module needs" "$version" "select docgen_schema_version()"
before=$(q "select max(applied_at), (select installation_id from docgen_installation) from docgen_schema")
migrates "a second run succeeds"
eq "and changes nothing" "$before" "select max(applied_at), (select installation_id from docgen_installation) from docgen_schema"
healthy "a fresh database is healthy"

if [ "$(id -u)" = 0 ]; then
    # As `sudo -u postgres make migrate` in a checkout below a home directory.
    mkdir -p "$scratch/home/checkout"
    cp -r "$sql" "$scratch/home/checkout/sql"
    chmod -R u=rwX,go=rX "$scratch/home"
    chmod 700 "$scratch/home"
    new_database below_a_home
    as_nobody() { (cd "$scratch/home/checkout" && setpriv --reuid=65534 --regid=65534 --clear-groups sql/migrate "$conninfo") > "$scratch/out" 2>&1; }
    if as_nobody; then pass "another user migrates from below a closed home"; else fail "another user migrates from below a closed home" "$(cat "$scratch/out")"; fi
    healthy
    chmod -R go-r "$scratch/home/checkout/sql"
    chmod go+r "$scratch/home/checkout/sql/migrate"
    if as_nobody; then fail "files that cannot be read" "was not refused"
    elif grep -q '^migrate: user nobody cannot read' "$scratch/out"; then pass "files that cannot be read are said"
    else fail "files that cannot be read are said" "$(cat "$scratch/out")"; fi
    rm -rf "$scratch/home"
fi

for encoding in LATIN1 SQL_ASCII EUC_JP; do
    conninfo="$server dbname=postgres" q "create database odd template template0 encoding $encoding locale 'C'" > /dev/null
    use_database odd
    migrate_refuses "a database in $encoding is refused" "^migrate: this database's encoding is $encoding,.*--encoding=UTF8"
    eq "and nothing was made there" 0 "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
    conninfo="$server dbname=postgres" q "drop database odd" > /dev/null
done

new_database alone
for file in "$sql"/[0-9]*.sql; do
    if apply "$file" && apply "$file"; then :; else fail "${file##*/} runs alone and twice" "$(tail -n 2 "$scratch/out")"; fi
done
eq "every file runs alone and twice" "$version" "select docgen_schema_version()"
q "$(request live "$(uuid 1)")" > /dev/null
for file in "$sql"/[0-9]*.sql; do
    apply "$file" || fail "${file##*/} runs again over live data" "$(tail -n 2 "$scratch/out")"
done
eq "running every file again leaves a queued job alone" "generating 1" "select status, generation from docgen_status('live')"
migrates "the runner takes over files that were applied by hand"
healthy

new_database settings
q "alter database settings set standard_conforming_strings = off; alter database settings set quote_all_identifiers = on;
   alter database settings set default_transaction_read_only = on; alter database settings set client_encoding = LATIN1;
   alter database settings set default_transaction_isolation = serializable" > /dev/null
migrates "a database whose sessions begin with odd settings"
q "alter database settings reset all" > /dev/null
eq "gets the same functions" "t" "select string_agg(md5(prosrc), '' order by proname) = '$(use_database fresh; q "select string_agg(md5(prosrc), '' order by proname) from pg_proc where proname ~ '^docgen_'")' from pg_proc where proname ~ '^docgen_'"
healthy

new_database two
for i in 1 2 3; do "$sql/migrate" "$conninfo" > "$scratch/out.$i" 2>&1 & done
wait %1 %2 %3 2>/dev/null; wait
eq "three runs at once: one applies each file" "$(ls "$sql"/[0-9]*.sql | grep -vc /19)" "select $(cat "$scratch"/out.? | grep -c '^applied')"

cp -r "$sql" "$scratch/sql"
sed -i '1s/^/-- changed\n/' "$scratch/sql/105_functions_care.sql"
"$scratch/sql/migrate" "$conninfo" > "$scratch/out" 2>&1
if grep -q 'applied 105_functions_care.sql' "$scratch/out"; then pass "a changed functions file is applied again"; else fail "a changed functions file is applied again"; fi
"$sql/migrate" "$conninfo" > /dev/null
sed -i '1s/^/-- changed\n/' "$scratch/sql/003_state.sql"
sql=$scratch/sql migrate_refuses "a changed one-off file is refused" "003_state.sql differs"
rm -r "$scratch/sql"; sql=$top/sql

new_database without_table
applies "the seed's migration runs without the table" "$m002"
applies "and again" "$m002"
eq "it adds generation_started_at" "timestamp with time zone" "select data_type from information_schema.columns where table_name = 'generated_docs' and column_name = 'generation_started_at'"

new_database old_text
run_sql > /dev/null <<'SQL'
create table generated_docs (repository_id text, status text, progress int, error_message text, note text, updated_at timestamptz);
insert into generated_docs values
 ('a', 'generating', 55, null, 'x', now()), ('b', 'completed', 100, null, 'x', now()), ('c', 'failed', 30, null, 'x', now()),
 ('d', 'weird', 12, 'old', 'x', now()), ('e', null, null, null, 'x', now()), ('dup', 'idle', 0, null, 'old', now() - interval '1 day'),
 ('dup', 'failed', 0, 'why', 'new', now()), (null, 'idle', 0, null, 'x', now()), ('f', 'Completed ', 100, null, 'x', now());
SQL
applies "an old text table with duplicates and without a key migrates" "$m002"
eq "legacy generating is failed with a message" "failed 0 t" "select status, progress, length(error_message) > 20 from generated_docs where repository_id = 'a'"
eq "the seed's completed stays with the seed's migration" "completed 100" "select status, progress from generated_docs where repository_id = 'b'"
eq "failed gets progress 0 and a message" "failed 0 t" "select status, progress, error_message is not null from generated_docs where repository_id = 'c'"
eq "an unknown word is idle" "idle 0 t" "select status, progress, error_message is null from generated_docs where repository_id = 'd'"
eq "null is idle" "idle 0" "select status, progress from generated_docs where repository_id = 'e'"
eq "the newest duplicate stays" "1 failed why new" "select count(*) over (), status, error_message, note from generated_docs where repository_id = 'dup'"
q "update generated_docs set status = 'generating', generation_started_at = now() where repository_id = 'e'" > /dev/null
applies "it runs again while the old service works" "$m002"
eq "a generation of the old service under five minutes is left alone" generating "select status from generated_docs where repository_id = 'e'"
migrates "the whole schema goes onto it"
eq "then completed without pages is idle" "idle 0" "select status, progress from generated_docs where repository_id = 'b'"
eq "and every legacy generation is failed" 0 "select count(*) from generated_docs where status = 'generating'"
eq "a legacy row can be requested" accepted "$(request a "$(uuid 5)")"
eq "and taken" "a $(uuid 5)" "$(take a "$(uuid 6)")"
healthy

new_database old_uuid
run_sql > /dev/null <<'SQL'
create type doc_status as enum ('idle', 'generating', 'completed', 'failed');
create table projects (id uuid primary key);
create table generated_docs (
  id uuid primary key, repository_id uuid not null references projects on delete cascade, status doc_status not null default 'idle',
  progress numeric default 0 check (progress <= 100), error_message varchar(200), content jsonb not null, url text not null,
  job_id int, created_at timestamptz not null default now());
alter table generated_docs add constraint words check (status <> 'failed' or error_message is not null);
alter table generated_docs enable row level security;
insert into projects select ('00000000-0000-0000-0000-00000000000' || i)::uuid from generate_series(1, 3) i;
insert into generated_docs select gen_random_uuid(), id, 'generating', 33.3, null, '{}', 'u', 7 from projects;
insert into generated_docs select gen_random_uuid(), id, 'completed', 100, null, '{"new": 1}', 'u', 7, now() + interval '1 s' from projects limit 1;
SQL
apply_refuses "an old uuid table with data, enum, a check of it and a foreign key stops" "in the way: check words" "$m002"
q "alter table generated_docs drop constraint words, drop constraint generated_docs_repository_id_fkey" > /dev/null
applies "without them it migrates, with row security and a check that fits" "$m002"
eq "the check is still there" 1 "select count(*) from pg_constraint where conname = 'generated_docs_progress_check'"
eq "uuid becomes text and duplicates go" "3 text" "select count(*), min(pg_typeof(repository_id)::text) from generated_docs"
migrates "the whole schema goes onto it"
eq "old columns of our names keep their data" "u 7" "select legacy_url, legacy_job_id from generated_docs limit 1"
eq "a new row can be requested" accepted "$(request fresh "$(uuid 5)")"
eq "an old one too" accepted "$(request 00000000-0000-0000-0000-000000000002 "$(uuid 8)")"
healthy

new_database refused
q "create table generated_docs (repository_id uuid primary key, status text); create view v as select repository_id from generated_docs" > /dev/null
apply_refuses "a view on the uuid column is named" "in the way: view v" "$m002"
eq "and nothing has changed" 2 "select count(*) from pg_attribute where attrelid = 'generated_docs'::regclass and attnum > 0"
migrate_refuses "the runner says the same" "^note: in the way: view v"
q "drop view v; create table child (r uuid references generated_docs)" > /dev/null
apply_refuses "a foreign key onto the uuid column is refused" "in the way: foreign key child_r_fkey of child" "$m002"
q "drop table child; alter table generated_docs force row level security" > /dev/null
apply_refuses "forced row level security is refused" "no force row level security" "$m002"
q "drop table generated_docs; create table generated_docs (repository_id int)" > /dev/null
apply_refuses "another type of repository_id is refused" "is of type integer" "$m002"
q "drop table generated_docs; create view generated_docs as select 1 as repository_id" > /dev/null
apply_refuses "a view of that name is refused" "not an ordinary table" "$m002"
q "drop view generated_docs; create table generated_docs (repository_id text, extra text, check (extra is not null))" > /dev/null
apply_refuses "a check that refuses our rows is found now" "in the way: check generated_docs_extra_check" "$m002"

# Installations that exist: nothing is lost, or the migration names all that is in the way and changes nothing.
for case in "$top"/tests/cases/installations/*/; do
    name=$(basename "$case")
    new_database "old_${name//-/_}"
    run_sql < "$top/tests/cases/installations/base.sql" > "$scratch/out" && run_sql < "$case/input.sql" > "$scratch/out" || fail "$name: the case" "$(cat "$scratch/out")"
    dump() { pg_dump -d "$conninfo" --exclude-table=docgen_schema | grep -v restrict; }
    if [ -s "$case/expected" ]; then
        dump > "$scratch/before"
        migrate_refuses "$name: stops" "stands in the way"
        is "$name: names all of it" "$(cat "$case/expected")" "$(sed -n 's/^note: in the way: //p' "$scratch/out")"
        if dump | cmp -s - "$scratch/before"; then pass "$name: nothing has changed"; else fail "$name: nothing has changed" "$(dump | diff "$scratch/before" - | head)"; fi
        sed -n 's/^  drop: //p' "$scratch/out" > "$scratch/drops"
        # The last one first: a view stands on another.
        awk '/^  recreate: / { n++; on = 1; sub(/^  recreate: /, "") } on { text[n] = text[n] $0 "\n" } /;$/ { on = 0 }
             END { print "begin;"; for (; n; n--) printf "%s", text[n]; print "rollback;" }' "$scratch/out" > "$scratch/again"
        if run_sql < "$scratch/drops" > "$scratch/out"; then pass "$name: what it says drops it"; else fail "$name: what it says drops it" "$(cat "$scratch/out")"; fi
        if run_sql < "$scratch/again" > "$scratch/out"; then pass "$name: and recreates it"; else fail "$name: and recreates it" "$(cat "$scratch/out")"; fi
    fi
    migrates "$name: then it migrates"
    healthy "$name: and is healthy"
    if [ -e "$case/after.sql" ]; then
        got=$(run_sql < "$case/after.sql")
        is "$name: what stays" "$(cat "$case/after.expected")" "$got"
    fi
done

# What was made with the earlier text of 002 is as good.
use_database fresh
q "update docgen_schema set sha256 = '$(sed -n 's/^ *\[002_.*\]=//p' "$sql/migrate")' where file like '002%'" > /dev/null
migrates "a database made with the earlier text of 002"
migrate_refuses "no server: a sentence" "cannot be reached" "host=/nonexistent dbname=x"
q "create role poor login" > /dev/null
migrate_refuses "no rights: a sentence" "may not create tables" "${conninfo/user=postgres/user=poor}"
use_database fresh
q "update docgen_schema set version = 99" > /dev/null
migrate_refuses "an older release does not touch a newer schema" "newer schema"
q "update docgen_schema set version = 1" > /dev/null
