-- Progress tracking: adds generation_started_at, on which the time-based lock rests, and brings an older
-- generated_docs into the one shape that the state machine can trust. Runs alone (psql -f), with data in
-- the table or without the table, and may run again. What stands in the way it names, each with the statements that
-- drop and recreate it, and then nothing has changed.
--
-- Accepted: repository_id of type text, varchar, char or uuid (becomes text), with or without a primary key,
-- duplicates (the newest row stays, the others move to docgen_removed_rows), unknown further columns, policies, views,
-- indexes, triggers, checks and foreign keys that fit the new types and the module's rows.
-- SPDX-License-Identifier: Apache-2.0

do $migration$
declare
    t regclass;
    v_type text;
    v_text text;
    v_count bigint;
    v_order text;
    v_mine text;
    v_table text;
    v_id text;
    v_retyped smallint[];
    v_in_the_way integer := 0;
    c record;
begin
    -- Without the table: as an older installation has it.
    create table if not exists generated_docs (
        repository_id text primary key,
        status text not null default 'idle',
        progress integer not null default 0,
        error_message text
    );
    t := format('%I.generated_docs', current_schema())::regclass;

    -- What cannot be handled is refused before anything changes.
    select relkind::text into v_type from pg_class where oid = t;
    if v_type <> 'r' then
        raise exception 'generated_docs is not an ordinary table: rename it, then run the migration again.';
    end if;
    if exists (select from pg_inherits where inhrelid = t or inhparent = t) then
        raise exception 'generated_docs takes part in table inheritance: detach it, then run the migration again.';
    end if;
    if not exists (select from pg_attribute where attrelid = t and attname = 'repository_id' and not attisdropped) then
        raise exception 'generated_docs has no column repository_id: rename the table, then run the migration again.';
    end if;
    select format_type(atttypid, null) into v_type from pg_attribute where attrelid = t and attname = 'repository_id';
    if v_type not in ('text', 'character varying', 'character', 'uuid', 'name') and v_type !~ 'citext$' then
        raise exception 'generated_docs.repository_id is of type %: text, varchar, char or uuid can be migrated.', v_type;
    end if;
    set constraints all immediate;

    -- What stands in the way of an older table: all of it is named, then nothing is changed.
    v_table := format('%I.%I', current_schema(), 'generated_docs');
    select array_agg(a.attnum) into v_retyped
      from (values ('repository_id', 'text'), ('status', 'text'), ('progress', 'integer'), ('error_message', 'text'),
                   ('generation_started_at', 'timestamp with time zone')) w(name, wanted)
      join pg_attribute a on a.attrelid = t and a.attname = w.name and not a.attisdropped
     where format_type(a.atttypid, a.atttypmod) <> w.wanted;
    for c in
        with recursive view as (
            select distinct r.ev_class as oid, 1 as depth from pg_depend d join pg_rewrite r on r.oid = d.objid
             where d.classid = 'pg_rewrite'::regclass and d.refobjid = t and d.refobjsubid = any (v_retyped) and r.ev_class <> t
            union
            select r.ev_class, v.depth + 1 from view v join pg_depend d on d.refobjid = v.oid and d.refclassid = 'pg_class'::regclass
              join pg_rewrite r on r.oid = d.objid and d.classid = 'pg_rewrite'::regclass
             where r.ev_class <> v.oid
        )
        select format('forced row level security of %s', t) as what, 0 as rank, format('alter table %s no force row level security', t) as remedy,
               format('alter table %s force row level security', t) as again
          from pg_class where oid = t and relforcerowsecurity
        union all
        select format('%s %s', case k.relkind when 'm' then 'materialized view' else 'view' end, v.oid::regclass), -max(v.depth),
               format('drop %s %s', case k.relkind when 'm' then 'materialized view' else 'view' end, v.oid::regclass),
               format('create %s %s%s as %s', case k.relkind when 'm' then 'materialized view' else 'view' end, v.oid::regclass,
                      case when k.relkind = 'v' then ' with (' || array_to_string(k.reloptions, ', ') || ')' end,
                      rtrim(btrim(pg_get_viewdef(v.oid)), ';'))
               || coalesce((select string_agg(format('; grant %s on %s to %s', x.privilege_type, v.oid::regclass,
                            case x.grantee when 0 then 'public' else x.grantee::regrole::text end), '' order by x.grantee, x.privilege_type)
                       from aclexplode(k.relacl) x where x.grantee <> k.relowner), '')
               || coalesce((select string_agg('; ' || pg_get_indexdef(i.indexrelid), '') from pg_index i where i.indrelid = v.oid), '')
          from view v join pg_class k on k.oid = v.oid group by v.oid, k.relkind, k.reloptions, k.relacl, k.relowner
        union all
        select format('policy %I', p.polname), 1, format('drop policy %I on %s', p.polname, t),
               format('create policy %I on %s as %s for %s to %s', p.polname, t, case when p.polpermissive then 'permissive' else 'restrictive' end,
                      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
                      (select string_agg(case o when 0 then 'public' else o::regrole::text end, ', ') from unnest(p.polroles) o))
               || coalesce(' using (' || pg_get_expr(p.polqual, t) || ')', '') || coalesce(' with check (' || pg_get_expr(p.polwithcheck, t) || ')', '')
          from pg_policy p
         where p.polrelid = t and exists (select from pg_depend d where d.classid = 'pg_policy'::regclass and d.objid = p.oid
                                           and d.refobjid = t and d.refobjsubid = any (v_retyped))
        union all
        -- A policy of another table that looks into this one.
        select format('policy %I of %s', p.polname, p.polrelid::regclass), 1, format('drop policy %I on %s', p.polname, p.polrelid::regclass),
               format('create policy %I on %s as %s for %s to %s', p.polname, p.polrelid::regclass, case when p.polpermissive then 'permissive' else 'restrictive' end,
                      case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end,
                      (select string_agg(case o when 0 then 'public' else o::regrole::text end, ', ') from unnest(p.polroles) o))
               || coalesce(' using (' || pg_get_expr(p.polqual, p.polrelid) || ')', '') || coalesce(' with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')', '')
          from pg_policy p
         where p.polrelid <> t and exists (select from pg_depend d where d.classid = 'pg_policy'::regclass and d.objid = p.oid
                                            and d.refobjid = t and d.refobjsubid = any (v_retyped))
        union all
        -- Types with few values and uuid stay in the text of a predicate or an expression.
        select format('index %s', i.indexrelid::regclass), 2, format('drop index %s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)
          from pg_index i
         where i.indrelid = t and (i.indpred is not null or i.indexprs is not null)
           and not exists (select from pg_constraint k where k.conindid = i.indexrelid and k.conrelid = t)
           and exists (select from pg_depend d join pg_attribute a on a.attrelid = t and a.attnum = d.refobjsubid
                        where d.classid = 'pg_class'::regclass and d.objid = i.indexrelid and d.refobjid = t
                          and d.refobjsubid = any (v_retyped) and a.atttypid not in ('varchar'::regtype, 'bpchar'::regtype))
        union all
        select format('generated column %I', a.attname), 3, format('alter table %s drop column %I', t, a.attname),
               format('alter table %s add column %I %s generated always as (%s) stored', t, a.attname, format_type(a.atttypid, a.atttypmod), pg_get_expr(x.adbin, t))
          from pg_attribute a join pg_attrdef x on x.adrelid = t and x.adnum = a.attnum
         where a.attrelid = t and a.attgenerated <> ''
           and exists (select from pg_depend d where d.refobjid = t and d.refobjsubid = any (v_retyped)
                        and (d.classid = 'pg_attrdef'::regclass and d.objid = x.oid or d.classid = 'pg_class'::regclass and d.objid = t and d.objsubid = a.attnum))
        union all
        -- A foreign key between text and text stays; between text and uuid there is none.
        select format('foreign key %s of %s', quote_ident(k.conname), k.conrelid::regclass), 4, format('alter table %s drop constraint %I', k.conrelid::regclass, k.conname),
               format('alter table %s add constraint %I %s', k.conrelid::regclass, k.conname, pg_get_constraintdef(k.oid))
          from pg_constraint k
         where k.contype = 'f' and (k.conrelid = t and k.conkey && v_retyped or k.confrelid = t and k.confkey && v_retyped)
           and exists (select from pg_attribute a where a.attrelid = t and a.attnum = any (v_retyped) and a.atttypid not in ('varchar'::regtype, 'bpchar'::regtype)
                        and a.attnum = any (case when k.conrelid = t then k.conkey else k.confkey end))
        union all
        select format('primary key %I, whose column %I has no default', k.conname, a.attname), 5, format('alter table %s drop constraint %I', t, k.conname),
               format('alter table %s add constraint %I %s', t, k.conname, pg_get_constraintdef(k.oid))
          from pg_constraint k join pg_attribute a on a.attrelid = t and a.attnum = any (k.conkey)
         where k.conrelid = t and k.contype = 'p' and a.attname <> 'repository_id' and a.atttypid <> 'uuid'::regtype
           and not a.atthasdef and a.attidentity = ''
        order by 2, 1
    loop
        raise warning E'in the way: %\n  drop: %;\n  recreate: %;', c.what, c.remedy, c.again;
        v_in_the_way := v_in_the_way + 1;
    end loop;

    -- Checks and triggers are asked: with an empty table of the new types, and rows as the module writes them.
    execute format('create temporary table docgen_probe (like %s including defaults)', t);
    for c in
        select a.attname, w.name is not null as ours, w.wanted, a.attnum is null as missing
          from (values ('repository_id', 'text'), ('status', 'text'), ('progress', 'integer'), ('error_message', 'text'),
                       ('generation_started_at', 'timestamp with time zone')) w(name, wanted)
          full join (select * from pg_attribute where attrelid = 'pg_temp.docgen_probe'::regclass and attnum > 0 and not attisdropped) a on a.attname = w.name
         where w.name is not null or a.attnotnull
    loop
        if c.ours and not c.missing then
            execute format('alter table pg_temp.docgen_probe alter column %1$I drop default, alter column %1$I drop not null, alter column %1$I type %2$s using null', c.attname, c.wanted);
        elsif not c.ours then
            execute format('alter table pg_temp.docgen_probe alter column %I drop not null', c.attname);
        end if;
    end loop;
    alter table pg_temp.docgen_probe
        add column if not exists status text, add column if not exists progress integer,
        add column if not exists error_message text, add column if not exists generation_started_at timestamp with time zone;
    execute format('select coalesce((select repository_id::text from %s limit 1), %L)', t,
                   case when v_type = 'uuid' then gen_random_uuid()::text else 'docgen-probe' end) into v_id;
    for c in
        select k.contype as kind, k.conname as name, pg_get_constraintdef(k.oid) as def, k.oid from pg_constraint k where k.conrelid = t and k.contype = 'c' and k.conname !~ '^docgen_'
        union all
        select 't', g.tgname, pg_get_triggerdef(g.oid), g.oid from pg_trigger g where g.tgrelid = t and not g.tgisinternal and g.tgenabled <> 'D'
    loop
        begin
            if c.kind = 'c' then
                execute format('alter table pg_temp.docgen_probe add constraint %I %s', c.name, c.def);
            else
                if exists (select from pg_depend d where d.classid = 'pg_trigger'::regclass and d.objid = c.oid and d.refobjid = t and d.refobjsubid = any (v_retyped)) then
                    raise exception 'its definition names a column whose type changes';
                end if;
                execute replace(c.def, format(' ON %s ', v_table), ' ON pg_temp.docgen_probe ');
            end if;
            insert into pg_temp.docgen_probe (repository_id, status, progress) values (v_id, 'idle', 0);
            update pg_temp.docgen_probe set status = 'generating', generation_started_at = clock_timestamp(), progress = 0, error_message = null;
            update pg_temp.docgen_probe set progress = 99;
            update pg_temp.docgen_probe set status = 'failed', progress = 0, error_message = repeat('m', 2000);
            update pg_temp.docgen_probe set status = 'completed', progress = 100, error_message = null;
            if (select count(*) from pg_temp.docgen_probe where repository_id = v_id and status = 'completed' and progress = 100) <> 1 then
                raise exception 'it changes what the module writes';
            end if;
            delete from pg_temp.docgen_probe;
            raise exception using errcode = 'DG001', message = 'probe';
        exception
            when sqlstate 'DG001' then null;
            when others then
                raise warning E'in the way: % % (%)\n  drop: %;\n  recreate: %;', case c.kind when 'c' then 'check' else 'trigger' end, quote_ident(c.name), sqlerrm,
                    case c.kind when 'c' then format('alter table %s drop constraint %I', t, c.name) else format('drop trigger %I on %s', c.name, t) end,
                    case c.kind when 'c' then format('alter table %s add constraint %I %s', t, c.name, c.def) else c.def end;
                v_in_the_way := v_in_the_way + 1;
        end;
    end loop;
    drop table pg_temp.docgen_probe;
    if v_in_the_way > 0 then
        raise exception 'generated_docs cannot be migrated with what stands in the way (named above: %): run each "drop", migrate again, '
            'then recreate what you want to keep, where repository_id, status and error_message are now text and progress an integer.', v_in_the_way;
    end if;
    perform set_config('row_security', 'off', true);

    alter table generated_docs
        add column if not exists status text,
        add column if not exists progress integer,
        add column if not exists error_message text,
        add column if not exists generation_started_at timestamp with time zone;

    create table if not exists docgen_removed_rows (
        removed_at timestamptz not null default clock_timestamp(),
        reason text not null,
        row jsonb not null
    );

    -- Types. What was not foreseen above stops this with PostgreSQL's own words.
    begin
        for c in
            select a.attname, w.wanted, w.conversion
              from (values ('repository_id', 'text', 'repository_id::text'), ('status', 'text', 'status::text'),
                           ('progress', 'integer', 'round(greatest(0, least(100, progress::numeric)))::integer'),
                           ('error_message', 'text', 'error_message::text'),
                           ('generation_started_at', 'timestamp with time zone', 'generation_started_at::timestamptz')
                   ) w(name, wanted, conversion)
              join pg_attribute a on a.attrelid = t and a.attname = w.name
             where format_type(a.atttypid, a.atttypmod) <> w.wanted
        loop
            execute format('alter table %s alter column %I drop default', t, c.attname);
            -- A type with a smaller set of values keeps partial indexes on itself; they go with the old meaning.
            execute format('alter table %s alter column %I type %s using %s', t, c.attname, c.wanted, c.conversion);
        end loop;
    exception
        when feature_not_supported or dependent_objects_still_exist or undefined_function or undefined_object
             or datatype_mismatch or invalid_text_representation or invalid_datetime_format or cannot_coerce then
            raise exception 'generated_docs cannot be brought to the new column types: %. '
                'Drop what depends on the column (views, policies, indexes, generated columns) or correct the value, '
                'then run the migration again.', sqlerrm;
    end;

    -- One row for each repository, the newest.
    with gone as (delete from generated_docs g where repository_id is null returning to_jsonb(g) as row)
    insert into docgen_removed_rows (reason, row) select 'no repository_id', gone.row from gone;
    get diagnostics v_count = row_count;
    if v_count > 0 then
        raise warning 'generated_docs: % rows without repository_id were moved to docgen_removed_rows.', v_count;
    end if;
    select string_agg(format('%I desc nulls last, ', w.name), '' order by w.rank) into v_order
      from (values ('updated_at', 1), ('generation_started_at', 2), ('created_at', 3)) w(name, rank)
      join pg_attribute a on a.attrelid = t and a.attname = w.name and not a.attisdropped;
    begin
        execute format(
            'with gone as (delete from %s d using (select ctid as c, row_number() over (partition by repository_id order by %s ctid desc) as n '
            'from %s) o where d.ctid = o.c and o.n > 1 returning to_jsonb(d) as row) '
            'insert into docgen_removed_rows (reason, row) select ''a newer row of the same repository'', gone.row from gone', t, coalesce(v_order, ''), t);
        get diagnostics v_count = row_count;
    exception when foreign_key_violation then
        raise exception 'generated_docs holds a repository twice and another table points at the older row: %. '
            'Remove one of the two, then run the migration again.', sqlerrm;
    end;
    if v_count > 0 then
        raise warning 'generated_docs: % older duplicates of a repository were moved to docgen_removed_rows.', v_count;
    end if;

    -- A key of another column must be able to fill itself.
    for c in
        select a.attname
          from pg_constraint k join pg_attribute a on a.attrelid = t and a.attnum = any (k.conkey)
         where k.conrelid = t and k.contype = 'p' and a.attname <> 'repository_id'
           and not a.atthasdef and a.attidentity = ''
    loop
        execute format('alter table %s alter column %I set default gen_random_uuid()', t, c.attname);
    end loop;
    alter table generated_docs alter column repository_id set not null;
    if not exists (select from pg_index i where i.indrelid = t and i.indisunique and i.indimmediate and i.indisvalid
                     and i.indpred is null and i.indexprs is null and i.indnkeyatts = 1
                     and i.indkey[0] = (select attnum from pg_attribute where attrelid = t and attname = 'repository_id')) then
        create unique index docgen_generated_docs_repository on generated_docs (repository_id);
    end if;

    -- New rows name only our columns.
    for c in
        select a.attname from pg_attribute a
         where a.attrelid = t and a.attnum > 0 and not a.attisdropped and a.attnotnull and not a.atthasdef
           and a.attidentity = '' and a.attgenerated = '' and a.attname not in ('repository_id', 'status', 'progress')
           and not exists (select from pg_constraint k where k.conrelid = t and k.contype = 'p' and a.attnum = any (k.conkey))
           and not exists (select from pg_attribute m where m.attrelid = t and m.attname = 'claim')
    loop
        execute format('alter table %s alter column %I drop not null', t, c.attname);
        raise warning 'generated_docs: the column % may now be null.', c.attname;
    end loop;

    -- Values. A row that the state machine already owns (job_id) is none of our business.
    v_mine := case when (select count(*) from pg_attribute where attrelid = t and not attisdropped
                          and attname in ('job_id', 'claim', 'locked_until')) = 3
                   then 'job_id is null' else 'true' end;
    execute format('update %s set status = lower(btrim(status)) where %s and status is distinct from lower(btrim(status))', t, v_mine);
    execute format($q$update %s set status = 'idle', progress = 0
                      where %s and coalesce(status, '') not in ('idle', 'generating', 'completed', 'failed')$q$, t, v_mine);
    -- No timestamp, or five minutes old: nobody is working on it any more.
    execute format($q$update %s set status = 'failed', progress = 0,
                      error_message = 'The generation was interrupted before progress tracking was installed: start it again.'
                      where %s and status = 'generating'
                        and (generation_started_at is null or generation_started_at < clock_timestamp() - interval '5 minutes')$q$, t, v_mine);
    execute format($q$update %s set progress = case status when 'completed' then 100 else 0 end
                      where %s and status <> 'generating' and progress is distinct from case status when 'completed' then 100 else 0 end$q$, t, v_mine);
    execute format($q$update %s set progress = greatest(0, least(100, coalesce(progress, 0)))
                      where %s and progress is distinct from greatest(0, least(100, coalesce(progress, 0)))$q$, t, v_mine);
    execute format($q$update %s set error_message = 'The generation failed; its message was not recorded.'
                      where %s and status = 'failed' and coalesce(error_message, '') = ''$q$, t, v_mine);
    execute format($q$update %s set error_message = null
                      where %s and status <> 'failed' and error_message is not null$q$, t, v_mine);

    alter table generated_docs alter column status set default 'idle', alter column status set not null,
        alter column progress set default 0, alter column progress set not null;

    -- Triggers and checks of others may still refuse our rows: find out now, not at the first request.
    begin
        insert into generated_docs (repository_id) values (' docgen-probe ');
        for c in select unnest(array['generating', 'failed', 'completed', 'idle']) as word loop
            exit when v_mine <> 'true';
            update generated_docs set status = c.word where repository_id = ' docgen-probe ';
        end loop;
        raise exception using errcode = 'DG001', message = 'probe';
    exception
        when sqlstate 'DG001' then null;
        when foreign_key_violation then
            raise warning 'generated_docs: a foreign key stays (%), so only repositories that it knows can be documented.', sqlerrm;
        when others then
            raise exception 'generated_docs refuses a new row: %. Remove the constraint or trigger that does, '
                'then run the migration again.', sqlerrm;
    end;
end
$migration$;
