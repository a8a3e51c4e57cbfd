-- Who may touch what is docgen's: the owner of each object, the role docgen_module where 190 lets it, and nobody else,
-- whatever default privileges the database grants. generated_docs may also be read by the roles that docgen_readers names.
-- SPDX-License-Identifier: Apache-2.0

create table if not exists docgen_readers (
    role text primary key
);
comment on table docgen_readers is 'Roles (or "public") that keep a SELECT on generated_docs, or on columns of it, when the migration revokes the rest.';

-- The functions that the module calls; the others are for the owner.
create or replace function docgen__module_functions() returns setof regprocedure language sql stable as $$
    select p.oid::regprocedure from pg_proc p
     where p.pronamespace = current_schema()::regnamespace and p.proname ~ '^docgen_[^_]' and p.prokind = 'f'
       and p.proname not in ('docgen_register', 'docgen_forget', 'docgen_check')
$$;

-- The rights that nobody should have, one a row. `option_only`: only the right to grant it on.
create or replace function docgen__foreign_grants()
returns table (kind text, object text, name text, grantee text, privilege text, option_only boolean, grantor text)
language sql stable as $$
    with relation as (
        select c.* from pg_class c
         where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
           and (c.relname ~ '^docgen_' or c.relname in ('generated_docs', 'generation_events')
                or exists (select from pg_depend d join pg_class o on o.oid = d.refobjid
                            where c.relkind = 'S' and d.classid = 'pg_class'::regclass and d.objid = c.oid
                              and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
                              and o.relname in ('generated_docs', 'generation_events') and o.relnamespace = c.relnamespace))
    ), acl as (
        select case c.relkind when 'S' then 'sequence' else 'table' end as kind, c.oid::regclass::text as object, c.relname::text as name,
               c.relowner as owner, coalesce(c.relacl, acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)) as acl
          from relation c
        union all
        select 'table', c.oid::regclass::text, c.relname, c.relowner, a.attacl
          from relation c join pg_attribute a on a.attrelid = c.oid where not a.attisdropped and a.attacl is not null
        union all
        select 'routine', p.oid::regprocedure::text, p.proname, p.proowner, coalesce(p.proacl, acldefault('f', p.proowner))
          from pg_proc p where p.pronamespace = current_schema()::regnamespace and p.proname ~ '^docgen_'
        union all
        select 'type', format_type(t.oid, null), t.typname, t.typowner, coalesce(t.typacl, acldefault('T', t.typowner))
          from pg_type t left join pg_class c on c.oid = t.typrelid
         where t.typnamespace = current_schema()::regnamespace and t.typname ~ '^docgen_' and coalesce(c.relkind, 'c') = 'c'
           and t.typelem = 0
    )
    select distinct a.kind, a.object, a.name, coalesce(r.rolname::text, 'public'), x.privilege_type,
           may.keep, pg_get_userbyid(x.grantor)::text
      from acl a cross join lateral aclexplode(a.acl) x left join pg_roles r on r.oid = x.grantee
           cross join lateral (
               select r.rolname is not distinct from 'docgen_module'
                   or (a.name = 'generated_docs' and x.privilege_type = 'SELECT'
                       and exists (select from docgen_readers d where d.role = coalesce(r.rolname, 'public'))) as keep) may
     where x.grantee <> a.owner and (not may.keep or x.is_grantable)
$$;

-- Takes those rights away, as far as this user can, and says of each role what it had or still has.
create or replace function docgen__revoke() returns void language plpgsql as $$
declare
    v_level constant text := current_setting('client_min_messages');
    v_before jsonb;
    v_after jsonb;
    g record;
begin
    select coalesce(jsonb_agg(f), '[]') into v_before from docgen__foreign_grants() f;
    perform set_config('client_min_messages', 'error', true);   -- "no privileges could be revoked" is said below
    for g in
        select f.kind, f.object, f.grantee, f.option_only, string_agg(distinct f.privilege, ', ') as privileges
          from docgen__foreign_grants() f group by 1, 2, 3, 4 order by 2, 3
    loop
        begin
            execute format('revoke %s %s on %s %s from %s cascade', case when g.option_only then 'grant option for' else '' end,
                           g.privileges, g.kind, g.object, case g.grantee when 'public' then 'public' else quote_ident(g.grantee) end);
        exception when insufficient_privilege then
            null;
        end;
    end loop;
    perform set_config('client_min_messages', v_level, true);
    select coalesce(jsonb_agg(f), '[]') into v_after from docgen__foreign_grants() f;
    for g in
        select b.grantee, b.privileges, string_agg(b.name, ', ' order by b.name) as names
          from (select f.grantee, f.name, string_agg(distinct case when f.option_only then 'grant option for ' else '' end || f.privilege, ', ') as privileges
                  from jsonb_to_recordset(v_before) as f(kind text, object text, name text, grantee text, privilege text, option_only boolean)
                 where not exists (select from jsonb_to_recordset(v_after) as l(object text, grantee text, privilege text)
                                    where (l.object, l.grantee, l.privilege) = (f.object, f.grantee, f.privilege))
                 group by f.kind, f.object, f.grantee, f.name) b
         group by 1, 2 order by 1, 2
    loop
        raise warning 'revoked from %: % on %', g.grantee, g.privileges, g.names;
    end loop;
    for g in
        select f.* from jsonb_to_recordset(v_after)
            as f(kind text, object text, name text, grantee text, privilege text, option_only boolean, grantor text) order by f.object, f.grantee
    loop
        raise warning '% keeps % on %, which % granted and % cannot revoke: as % or a superuser run "revoke % on % % from % cascade".',
            g.grantee, g.privilege, g.name, g.grantor, current_user, g.grantor, g.privilege, g.kind, g.object, g.grantee;
    end loop;
end $$;
