-- The module's rights: a group role that may call the public functions, and nothing else.
-- docgen_register, docgen_forget and docgen_check are for the owner. The web server's own login role becomes a member:
--   grant docgen_module to LOGIN_ROLE;
-- SPDX-License-Identifier: Apache-2.0

do $migration$
declare
    f record;
begin
    perform docgen__seal();
    if not exists (select from pg_roles where rolname = 'docgen_module') then
        begin
            create role docgen_module nologin;
        exception
            when duplicate_object or unique_violation then
                null;   -- another database's migration was faster
            when insufficient_privilege then
                raise warning 'The role docgen_module could not be created, so nobody but the owner may use the schema: '
                    'let an administrator run "create role docgen_module nologin" and migrate again.';
                return;
        end;
    end if;
    execute format('grant usage on schema %I to docgen_module', current_schema());
    for f in
        select p.oid::regprocedure as name from pg_proc p
         where p.pronamespace = current_schema()::regnamespace and p.proname ~ '^docgen_[^_]' and p.prokind = 'f'
           and p.proname not in ('docgen_register', 'docgen_forget', 'docgen_check')
    loop
        execute format('grant execute on function %s to docgen_module', f.name);
    end loop;
end
$migration$;
