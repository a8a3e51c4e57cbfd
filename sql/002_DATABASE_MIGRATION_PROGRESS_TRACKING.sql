-- Progress tracking: adds generation_started_at, on which the time-based lock rests, and brings an older
-- generated_docs into the one shape that the state machine can trust. Runs alone (psql -f), with data in
-- the table or without the table, and may run again. What it cannot keep it names in a WARNING; what it
-- cannot decide it refuses with a sentence, and then nothing has changed.
--
-- Accepted: repository_id of type text, varchar, char or uuid (becomes text), with or without a primary key,
-- duplicates (the newest row stays), unknown further columns, row level security that the owner passes.
-- SPDX-License-Identifier: Apache-2.0

do $migration$
declare
    t regclass;
    v_type text;
    v_text text;
    v_count bigint;
    v_order text;
    v_mine text;
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
    if exists (select from pg_class where oid = t and relforcerowsecurity) then
        raise exception 'generated_docs forces row level security on its owner, which would hide rows from the module: '
            'run "alter table generated_docs no force row level security", then the migration again.';
    end if;
    if not exists (select from pg_attribute where attrelid = t and attname = 'repository_id' and not attisdropped) then
        raise exception 'generated_docs has no column repository_id: rename the table, then run the migration again.';
    end if;
    perform set_config('row_security', 'off', true);
    set constraints all immediate;

    alter table generated_docs
        add column if not exists status text,
        add column if not exists progress integer,
        add column if not exists error_message text,
        add column if not exists generation_started_at timestamp with time zone;

    -- A foreign key would delete or block rows behind the state machine's back.
    for c in
        select k.conname, k.confrelid::regclass as target from pg_constraint k
        where k.conrelid = t and k.contype = 'f'
          and exists (select from pg_attribute a where a.attrelid = t and a.attnum = any (k.conkey)
                      and a.attname in ('repository_id', 'status'))
    loop
        execute format('alter table %s drop constraint %I', t, c.conname);
        raise warning 'generated_docs: the foreign key % to % was dropped; docgen_forget() removes a repository.',
            c.conname, c.target;
    end loop;

    select format_type(atttypid, null) into v_type from pg_attribute where attrelid = t and attname = 'repository_id';
    if v_type <> 'text' then
        if v_type not in ('character varying', 'character', 'uuid', 'name') and v_type !~ 'citext$' then
            raise exception 'generated_docs.repository_id is of type %: text, varchar, char or uuid can be migrated.', v_type;
        end if;
        select string_agg(format('%s (%s)', conrelid::regclass, conname), ', ') into v_text
          from pg_constraint where confrelid = t and contype = 'f'
           and exists (select from pg_attribute a where a.attrelid = t and a.attname = 'repository_id' and a.attnum = any (confkey));
        if v_text is not null then
            raise exception 'generated_docs.repository_id must become text, but foreign keys point at it: %. '
                'Drop them, then run the migration again.', v_text;
        end if;
    end if;

    -- Old checks know other status words or other ranges of progress; ours come with the state machine.
    for c in
        select k.conname, pg_get_constraintdef(k.oid) as def from pg_constraint k
        where k.conrelid = t and k.contype = 'c' and k.conname !~ '^docgen_'
          and exists (select from pg_attribute a where a.attrelid = t and a.attnum = any (k.conkey)
                      and a.attname in ('repository_id', 'status', 'progress', 'error_message', 'generation_started_at'))
    loop
        execute format('alter table %s drop constraint %I', t, c.conname);
        raise warning 'generated_docs: the constraint % was dropped: %', c.conname, c.def;
    end loop;

    -- Types. A view or policy that uses the column stops this; PostgreSQL's own words say which.
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
    delete from generated_docs where repository_id is null;
    get diagnostics v_count = row_count;
    if v_count > 0 then
        raise warning 'generated_docs: % rows without repository_id were deleted.', v_count;
    end if;
    select string_agg(format('%I desc nulls last, ', w.name), '' order by w.rank) into v_order
      from (values ('updated_at', 1), ('generation_started_at', 2), ('created_at', 3)) w(name, rank)
      join pg_attribute a on a.attrelid = t and a.attname = w.name and not a.attisdropped;
    begin
        execute format(
            'delete from %s d using (select ctid as c, row_number() over (partition by repository_id order by %s ctid desc) as n '
            'from %s) o where d.ctid = o.c and o.n > 1', t, coalesce(v_order, ''), t);
        get diagnostics v_count = row_count;
    exception when foreign_key_violation then
        raise exception 'generated_docs holds a repository twice and another table points at the older row: %. '
            'Remove one of the two, then run the migration again.', sqlerrm;
    end;
    if v_count > 0 then
        raise warning 'generated_docs: % older duplicates of a repository were deleted.', v_count;
    end if;

    -- A key of another column must be able to fill itself, or go.
    for c in
        select k.conname, a.attname, format_type(a.atttypid, null) as type
          from pg_constraint k join pg_attribute a on a.attrelid = t and a.attnum = any (k.conkey)
         where k.conrelid = t and k.contype = 'p' and a.attname <> 'repository_id'
           and not a.atthasdef and a.attidentity = ''
    loop
        if c.type = 'uuid' then
            execute format('alter table %s alter column %I set default gen_random_uuid()', t, c.attname);
        elsif exists (select from pg_constraint f join pg_attribute a on a.attrelid = t and a.attname = c.attname
                      where f.confrelid = t and f.contype = 'f' and a.attnum = any (f.confkey)) then
            raise exception 'generated_docs has the primary key % without a default on %, and another table points at it: '
                'give the column a default, then run the migration again.', c.conname, c.attname;
        else
            execute format('alter table %s drop constraint if exists %I', t, c.conname);
            raise warning 'generated_docs: the primary key % was dropped, because % has no default.', c.conname, c.attname;
        end if;
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
        when others then
            raise exception 'generated_docs refuses a new row: %. Remove the constraint or trigger that does, '
                'then run the migration again.', sqlerrm;
    end;
end
$migration$;
