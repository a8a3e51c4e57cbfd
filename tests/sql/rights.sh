# Rights: the module may execute and nothing else, a stranger nothing, and no search path fools a function.
# SPDX-License-Identifier: Apache-2.0
ready_database rights
q "drop role if exists app; create role app login; grant docgen_module to app; drop role if exists stranger; create role stranger login;
   grant usage, create on schema public to stranger" > /dev/null
publish own "$(uuid 1)" "$(uuid 2)" > /dev/null
as() { local user=$1; shift; conninfo=${conninfo/user=postgres/user=$user} "$@"; }
as app eq "the module reads a status" completed "select status from docgen_status('own')"
as app eq "the module requests" accepted "$(request x "$(uuid 11)")"
as app eq "the module takes" "x $(uuid 11)" "$(take x "$(uuid 12)")"
as app eq "the module purges" 1 "select (docgen_purge(10) is not null)::int"
for table in generated_docs generation_events docgen_pages docgen_bodies docgen_repositories docgen_garbage docgen_schema; do
    as app refuses "the module does not read $table" "permission denied" "select * from $table"
    as app refuses "the module does not write $table" "permission denied" "delete from $table"
done
as app refuses "the module does not register" "permission denied" "select docgen_register('z', 'https://example.org/z')"
as app refuses "the module does not forget" "permission denied" "select docgen_forget('own')"
as app refuses "the module does not check" "permission denied" "select * from docgen_check()"
as app refuses "the module does not call internals" "permission denied" "select docgen__seal()"
as app refuses "the module creates nothing" "permission denied" "create table t (i int)"
as stranger refuses "a stranger reads no status" "permission denied" "select * from docgen_status('own')"
as stranger refuses "a stranger fails no job" "permission denied" "select docgen_fail('x', '$(uuid 12)', 'm', null)"
as stranger refuses "a stranger reads no table" "permission denied" "select * from generated_docs"
eq "no function is left to everybody" 0 "select count(*) from pg_proc p where proname ~ '^docgen_' and has_function_privilege('stranger', p.oid, 'execute')"
eq "every public function is pinned and runs as its owner" 0 "select count(*) from pg_proc where proname ~ '^docgen_[^_]' and not (prosecdef and proconfig::text like '%pg_temp%')"
got=$(conninfo=${conninfo/user=postgres/user=app} run_sql <<SQL
create temporary table generated_docs (repository_id text, status text);
insert into generated_docs values ('own', 'fooled');
select status from docgen_status('own');
SQL
)
if [ "$got" = completed ]; then pass "a temporary table does not shadow the real one"; else fail "a temporary table does not shadow the real one" "$got"; fi

# Whatever default privileges a database grants (as hosted platforms do), and whatever was granted by hand.
rights_of() { # ROLE: every right of the role on what is docgen's, in any form
    echo "select coalesce(string_agg(distinct what, ', '), '') from (
        select c.relname || ' ' || p as what from pg_class c, unnest(array['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and has_table_privilege('$1', c.oid, p)
        union all select c.relname || '.' || a.attname || ' ' || p from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped,
             unnest(array['SELECT', 'INSERT', 'UPDATE', 'REFERENCES']) p
         where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v') and has_column_privilege('$1', c.oid, a.attnum, p)
        union all select c.relname || ' ' || p from pg_class c, unnest(array['USAGE', 'SELECT', 'UPDATE']) p
         where c.relnamespace = 'public'::regnamespace and c.relkind = 'S' and has_sequence_privilege('$1', c.oid, p)
        union all select proname from pg_proc where proname ~ '^docgen_' and has_function_privilege('$1', oid, 'execute')
        union all select typname from pg_type where typname = 'docgen__hit' and has_type_privilege('$1', oid, 'usage')) x"
}
new_database open_to_all
q "drop role if exists anon, authenticated; create role anon; create role authenticated;
   alter default privileges in schema public grant all on tables to anon, authenticated;
   alter default privileges in schema public grant all on functions to anon, authenticated;
   alter default privileges in schema public grant all on sequences to anon, authenticated, public;
   alter default privileges grant all on types to anon" > /dev/null
"$top/sql/migrate" "$conninfo" > "$scratch/out" 2>&1
eq "default privileges leave no right to anon" "" "$(rights_of anon)"
eq "nor to authenticated" "" "$(rights_of authenticated)"
eq "nor to a stranger" "" "$(rights_of stranger)"
eq "what is not docgen's stays" t "select has_function_privilege('anon', 'similarity(text, text)', 'execute')"
is "what was revoked is said" "anon authenticated public" "$(sed -n 's/^note: revoked from \([a-z]*\): .* on .*docgen_bodies.*/\1/p' "$scratch/out" | sort -u | xargs)"
healthy
"$top/sql/migrate" "$conninfo" > "$scratch/out" 2>&1
if grep -q '^note:' "$scratch/out"; then fail "a second run has nothing to revoke" "$(grep '^note:' "$scratch/out")"; else pass "a second run has nothing to revoke"; fi

# One grant of each form, each found by check and taken by the next run.
grants=("grant update (html) on docgen_bodies to anon" "grant select on docgen__status to public" "grant usage on sequence docgen_bodies_body_seq to anon"
    "grant usage on sequence generation_events_id_seq to anon" "grant execute on function docgen_forget(text) to anon" "grant usage on type docgen__hit to public"
    "grant select on generated_docs to anon" "grant select (status) on generated_docs to anon" "grant trigger on generation_events to anon"
    "grant execute on function docgen_status(text) to docgen_module with grant option; set role docgen_module; grant execute on function docgen_status(text) to anon; reset role"
    "grant select on docgen_pages to authenticated with grant option; set role authenticated; grant select on docgen_pages to anon; reset role"
    'create role "odd ""name"; grant insert on docgen_readers to "odd ""name"')
for grant in "${grants[@]}"; do
    q "$grant" > /dev/null
    eq "check reports: ${grant%%;*}" "another role has a right" "select distinct rule from docgen_check()"
    "$top/sql/migrate" "$conninfo" > "$scratch/out" 2>&1
    healthy "a run takes it away"
done
eq "the module still works after all that" 1 "select has_function_privilege('docgen_module', 'docgen_status(text)', 'execute')::int"

# The seed's table may be read by those who are named, and only read.
q "insert into docgen_readers values ('anon'); grant all on generated_docs to anon; grant select, update (status) on generated_docs to authenticated;
   grant select on docgen_bodies to anon" > /dev/null
"$top/sql/migrate" "$conninfo" > "$scratch/out" 2>&1
eq "a reader keeps SELECT alone" "t 0" "select has_table_privilege('anon', 'generated_docs', 'select'),
    (select count(*) from pg_class c cross join lateral aclexplode(c.relacl) x where x.grantee = 'anon'::regrole and (c.relname <> 'generated_docs' or x.privilege_type <> 'SELECT'))"
eq "another role does not" "" "$(rights_of authenticated)"
healthy
q "delete from docgen_readers; revoke all on generated_docs from anon; insert into docgen_readers values ('anon'); grant select (repository_id, status, progress) on generated_docs to anon" > /dev/null
"$top/sql/migrate" "$conninfo" > "$scratch/out" 2>&1
eq "or some columns of it" "f t" "select has_table_privilege('anon', 'generated_docs', 'select'), has_column_privilege('anon', 'generated_docs', 'status', 'select')"
healthy
q "delete from docgen_readers" > /dev/null
"$top/sql/migrate" "$conninfo" > "$scratch/out" 2>&1
eq "no longer named, no longer a reader" "" "$(rights_of anon)"
q "revoke execute on function docgen_status(text) from docgen_module" > /dev/null
eq "check misses a right of the module" "the module may not execute docgen_status(text)" "select * from docgen_check()"
"$top/sql/migrate" "$conninfo" > "$scratch/out" 2>&1
healthy "and a run gives it again"

# Who migrates and is neither owner nor superuser says what he leaves.
new_database of_two_owners
q "create role lesser login; grant create on schema public to lesser" > /dev/null
"$top/sql/migrate" "${conninfo/user=postgres/user=lesser}" > "$scratch/out" 2>&1
q "grant select on docgen_bodies to anon; alter table docgen_bodies owner to authenticated" > /dev/null
"$top/sql/migrate" "${conninfo/user=postgres/user=lesser}" > "$scratch/out" 2>&1
if grep -q '^note: anon keeps SELECT on docgen_bodies, which authenticated granted and lesser cannot revoke: .*"revoke SELECT on table docgen_bodies from anon cascade"' "$scratch/out"; then
    pass "a grant of another owner is named, with the statement"
else fail "a grant of another owner is named, with the statement" "$(cat "$scratch/out")"; fi
q "alter table generated_docs owner to authenticated" > /dev/null
"$top/sql/migrate" "$conninfo" > "$scratch/out" 2>&1
if grep -q '^note: generated_docs belongs to authenticated,' "$scratch/out"; then pass "another owner of the table is said"
else fail "another owner of the table is said" "$(cat "$scratch/out")"; fi
