-- The rights, at every run of the migration: a group role that may call the public functions, and nothing else, and no
-- other role. docgen_register, docgen_forget and docgen_check are for the owner. The web server's own login role becomes
-- a member: grant docgen_module to LOGIN_ROLE;
-- SPDX-License-Identifier: Apache-2.0

do $migration$
declare
    f record;
begin
    perform docgen__seal();
    begin
        if not exists (select from pg_roles where rolname = 'docgen_module') then
            create role docgen_module nologin;
        end if;
    exception
        when duplicate_object or unique_violation then
            null;   -- another database's migration was faster
        when insufficient_privilege then
            raise warning 'The role docgen_module could not be created, so nobody but the owner may use the schema: '
                'let an administrator run "create role docgen_module nologin" and migrate again.';
    end;
    if exists (select from pg_roles where rolname = 'docgen_module') then
        execute format('grant usage on schema %I to docgen_module', current_schema());
        for f in
            select p as name from docgen__module_functions() p
        loop
            execute format('grant execute on function %s to docgen_module', f.name);
        end loop;
    end if;
    perform docgen__revoke();
    -- A trigger of the table's owner runs within functions of the schema's owner.
    for f in
        select c.relname as name, pg_get_userbyid(c.relowner) as owner
          from pg_class c join pg_proc p on p.proname = 'docgen_status' and p.pronamespace = c.relnamespace
         where c.oid = format('%I.generated_docs', current_schema())::regclass and c.relowner <> p.proowner
    loop
        raise warning '% belongs to %, the rest to %: who owns the table can do by a trigger what the other may do. '
            'Run "alter table % owner to %".', f.name, f.owner, current_user, f.name, quote_ident(current_user);
    end loop;
end
$migration$;
