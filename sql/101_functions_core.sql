-- What all functions share: the schema's version, how a job ends, when one has expired, how a row is shown.
-- Files from 100 on are repeatable: they may be applied again over themselves and while the module runs.
-- A function keeps its signature for ever; a changed one gets a new name and the old stays for one release.
-- Lock order everywhere: repositories, hosts, generated_docs, pages and bodies, events, garbage. Lock, then read the clock.
-- SPDX-License-Identifier: Apache-2.0

-- The one place of the schema's version; the module compares it with its own DOCGEN_SCHEMA_VERSION.
create or replace function docgen_schema_version() returns integer language sql immutable parallel safe as $$ select 4 $$;

-- Called at the end of every functions file: pins each public function to this schema (a temporary table
-- cannot come before the real one) and to the settings that its text counts on, lets it run with the owner's rights,
-- and takes it from PUBLIC.
create or replace function docgen__seal() returns void language plpgsql as $$
declare
    f record;
begin
    for f in
        select p.oid::regprocedure as name, p.proname ~ '^docgen__' as internal
          from pg_proc p where p.pronamespace = current_schema()::regnamespace and p.proname ~ '^docgen_'
           and p.prokind = 'f'
    loop
        execute format('revoke all on function %s from public', f.name);
        if not f.internal then
            execute format('alter function %s security definer set search_path = %I, pg_temp '
                           'set standard_conforming_strings = on', f.name, current_schema());
        end if;
    end loop;
end $$;

-- When the lock of a generating row ends; null when it has ended whatever the time: without a start, and where somebody set
-- one that is further in the future than any lock is long, or nobody could generate until then.
create or replace function docgen__lock_end(r generated_docs) returns timestamptz language sql stable as $$
    select case when r.generation_started_at <= clock_timestamp() + r.locked_for then r.generation_started_at + r.locked_for end
$$;

-- A time as milliseconds; null for none, and for one that a reader of RFC 3339 could not be told.
create or replace function docgen__ms(p_at timestamptz) returns bigint language sql stable as $$
    select case when p_at >= '0001-01-01' and p_at < '9999-12-31' then (date_part('epoch', p_at) * 1000)::bigint end
$$;

-- Makes the row of a repository that has none. Where a row was deleted (by hand, or by a foreign key that cascades), what
-- is left of it is taken in: generations go on rising, a job that ran has its verdict, and its parts are removed.
create or replace function docgen__row(p_repository text) returns void language plpgsql as $$
begin
    insert into generated_docs (repository_id) values (p_repository) on conflict (repository_id) do nothing;
    if not found then
        return;
    end if;
    update generated_docs g set generation = e.generation
      from (select max(e.generation) as generation from generation_events e where e.repository_id = p_repository and e.kind = 'requested') e
     where g.repository_id = p_repository and e.generation is not null;
    insert into generation_events (repository_id, job_id, generation, kind, detail, at)
    select e.repository_id, e.job_id, e.generation, 'failed', 'The row of this repository was deleted.', clock_timestamp()
      from generation_events e where e.repository_id = p_repository and e.kind = 'requested'
    on conflict do nothing;
    insert into docgen_garbage
    select e.job_id, clock_timestamp() from generation_events e
     where e.repository_id = p_repository and e.kind = 'requested'
    on conflict do nothing;
end $$;

-- The one place that writes a verdict of a job that did not complete. The caller holds the row FOR UPDATE.
-- A second verdict would be a fault: docgen_check reports it, it must not block the row.
create or replace function docgen__end(r generated_docs, p_kind text, p_message text, p_log text, p_now timestamptz)
returns void language plpgsql as $$
begin
    update generated_docs g
       set status = 'failed', progress = 0, error_message = p_message, finished_at = p_now, updated_at = p_now,
           revision = g.revision + 1, claim = null, owner = null, host = null, lease_until = null, deadline = null,
           graced = false
     where g.repository_id = r.repository_id;
    if p_log <> '' then
        insert into generation_events (repository_id, job_id, generation, kind, detail, at)
        values (r.repository_id, r.job_id, r.generation, 'log', "right"(p_log, 65536), p_now);
    end if;
    insert into generation_events (repository_id, job_id, generation, kind, detail, commit, started_at, at)
    values (r.repository_id, r.job_id, r.generation, p_kind, p_message, r.source_commit, r.generation_started_at, p_now)
    on conflict do nothing;
    insert into docgen_garbage values (r.job_id, p_now) on conflict do nothing;
end $$;

-- Why this job is over, or null. The caller holds the row FOR UPDATE and read the clock after that.
-- When no sweeper reached the database for half a lease, the owner could not either: one lease of grace, once.
create or replace function docgen__expiry(r generated_docs, p_now timestamptz) returns text language plpgsql as $$
begin
    if r.status <> 'generating' then
        return null;
    end if;
    if r.claim is null then
        return case when p_now >= r.wait_until
                    then 'No worker became free in time: start it again, or let more jobs run (DocGenMaxRunning).' end;
    end if;
    if p_now >= r.deadline then
        return 'The job ran past its time limit and was stopped: start it again, or raise DocGenJobTimeout.';
    end if;
    if p_now < r.lease_until then
        return null;
    end if;
    if not r.graced and (select seen from docgen_pulse) < p_now - r.lease / 2 then
        update generated_docs set lease_until = least(p_now + r.lease, r.deadline), graced = true
         where repository_id = r.repository_id;
        return null;
    end if;
    return 'The worker stopped answering (it crashed or lost the database): start it again.';
end $$;

-- A row as the module sees it. Internal: shows also a job that is due to expire.
-- Columns are only ever added at the end.
create or replace view docgen__status as
select g.repository_id, g.status, g.progress, g.step,
       case when g.status = 'generating' and g.claim is null then
           (select count(*)::integer from generated_docs q where q.status = 'generating' and q.claim is null
               and (q.requested_at, q.repository_id) <= (g.requested_at, g.repository_id)) end as queue_position,
       g.job_id::text as job_id, g.generation, g.revision,
       (date_part('epoch', g.requested_at) * 1000)::bigint as requested_ms,
       docgen__ms(g.generation_started_at) as started_ms,
       (date_part('epoch', g.updated_at) * 1000)::bigint as updated_ms,
       (date_part('epoch', g.finished_at) * 1000)::bigint as finished_ms,
       case when g.status = 'generating' then docgen__ms(docgen__lock_end(g)) end as locked_until_ms,
       (date_part('epoch', clock_timestamp()) * 1000)::bigint as server_ms,
       g.error_message, g.published_job_id::text as published_job_id, g.published_commit, g.published_branch,
       (date_part('epoch', g.published_at) * 1000)::bigint as published_ms, g.published_pages,
       r.title, coalesce(r.registered, false) as registered,
       g.status = 'generating' and (case when g.claim is null then g.wait_until else g.lease_until end) <= clock_timestamp() as due,
       (date_part('epoch', g.published_committed_at) * 1000)::bigint as committed_ms,
       (date_part('epoch', g.checked_at) * 1000)::bigint as checked_ms,
       case when g.status = 'generating' and g.claim is not null then
           array(select distinct e.percent from generation_events e where e.job_id = g.job_id and e.kind = 'progress' order by 1) end as percents,
       g.xmin::text::bigint as row_version
  from generated_docs g left join docgen_repositories r on r.repository_id = g.repository_id;

do $$ begin perform docgen__seal(); end $$;
