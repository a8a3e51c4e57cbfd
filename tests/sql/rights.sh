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
