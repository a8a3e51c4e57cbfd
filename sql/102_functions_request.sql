-- Asking: request, status, list. Readers show an expired job only after they have persisted its end.
-- SPDX-License-Identifier: Apache-2.0

-- A function cannot get more columns in place. Callers of the release before name the columns that they ask for.
do $$
declare
    f record;
begin
    for f in
        select p.oid::regprocedure as name from pg_proc p
         where p.pronamespace = current_schema()::regnamespace and p.proname in ('docgen_request', 'docgen_status', 'docgen_list')
           and not 'row_version' = any (p.proargnames)
    loop
        execute format('drop function %s', f.name);
    end loop;
end $$;

-- Decides a request and changes the row; the caller shows it.
create or replace function docgen__request(p_repository text, p_job uuid, p_url text, p_branch text, p_title text,
    p_lock interval, p_wait interval, p_lease interval) returns text language plpgsql as $$
declare
    r generated_docs;
    v_source docgen_repositories;
    v_now timestamptz;
    v_why text;
begin
    -- Without a lock: the common 409 and a retry after a lost reply write nothing and wait for nobody.
    if p_url is null and not exists (select from docgen_repositories d where d.repository_id = p_repository and d.registered) then
        return 'unknown';
    end if;
    select g.* into r from generated_docs g where g.repository_id = p_repository;
    if found then
        if p_job in (r.job_id, r.refreshed_by) or exists (select from generation_events e
               where e.job_id = p_job and e.kind = 'requested' and e.repository_id = p_repository) then
            return 'accepted';
        end if;
        v_now := clock_timestamp();
        if r.status = 'generating' and v_now < docgen__lock_end(r)
           and v_now < (case when r.claim is null then r.wait_until else r.lease_until end) then
            return 'in_progress';
        end if;
    end if;

    -- Forget takes this lock too: no job is born for a repository that was just forgotten.
    if p_url is not null and not exists (select from docgen_repositories d where d.repository_id = p_repository
           and (d.registered or (d.url, d.branch, d.title) is not distinct from (p_url, p_branch, p_title))) then
        insert into docgen_repositories as d (repository_id, url, branch, title) values (p_repository, p_url, p_branch, p_title)
        on conflict (repository_id) do update
           set url = excluded.url, branch = excluded.branch, title = excluded.title, changed_at = clock_timestamp()
         where not d.registered;
    end if;
    select d.* into v_source from docgen_repositories d where d.repository_id = p_repository for share;
    if not found or (p_url is null and not v_source.registered) then
        return 'unknown';
    end if;

    perform docgen__row(p_repository);
    select g.* into strict r from generated_docs g where g.repository_id = p_repository for update;
    v_now := clock_timestamp();
    if p_job in (r.job_id, r.refreshed_by) then
        return 'accepted';
    end if;
    if r.status = 'generating' then
        v_why := docgen__expiry(r, v_now);
        if v_why is not null then
            perform docgen__end(r, 'expired', v_why, null, v_now);
        elsif v_now < docgen__lock_end(r) then
            return 'in_progress';
        elsif r.claim is null then
            update generated_docs g
               set generation_started_at = v_now, locked_for = p_lock, refreshed_by = p_job, revision = g.revision + 1, updated_at = v_now
             where g.repository_id = p_repository;
            insert into generation_events (repository_id, job_id, generation, kind, locked_until, at)
            values (p_repository, r.job_id, r.generation, 'refreshed', v_now + p_lock, v_now);
            return 'accepted';
        else
            perform docgen__end(r, 'superseded', 'A newer request took over after the lock ended.', null, v_now);
        end if;
    end if;

    update generated_docs g
       set status = 'generating', progress = 0, step = 'Waiting for a worker', error_message = null,
           generation = g.generation + 1, revision = g.revision + 1, job_id = p_job, refreshed_by = null,
           url = case when p_url is null then v_source.url else p_url end,
           branch = case when p_url is null then v_source.branch else p_branch end,
           generation_started_at = v_now, requested_at = v_now, updated_at = v_now, finished_at = null,
           locked_for = p_lock, wait_until = v_now + p_wait, lease = p_lease,
           source_commit = null, source_branch = null, source_at = null, source_checked_at = null
     where g.repository_id = p_repository;
    insert into generation_events (repository_id, job_id, generation, kind, locked_until, at)
    values (p_repository, p_job, r.generation + 1, 'requested', v_now + p_lock, v_now);
    return 'accepted';
end $$;

create or replace function docgen_request(p_repository text, p_job uuid, p_url text, p_branch text, p_title text,
    p_lock interval, p_wait interval, p_lease interval)
returns table (verdict text, repository_id text, status text, progress integer, step text, queue_position integer, job_id text,
    generation bigint, revision bigint, requested_ms bigint, started_ms bigint, updated_ms bigint, finished_ms bigint,
    locked_until_ms bigint, server_ms bigint, error_message text, published_job_id text, published_commit text,
    published_branch text, published_ms bigint, published_pages integer, title text, registered boolean,
    committed_ms bigint, checked_ms bigint, percents integer[], row_version bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v_verdict text;
    v_state record;
begin
    if p_job is null or p_lock is null or p_wait is null or p_lease is null then
        raise exception 'docgen_request: job, lock, wait and lease must not be null.';
    end if;
    if p_repository !~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' then
        v_verdict := 'unknown';
    end if;
    -- A job that ends between the unlocked look and the answer must not be shown as "in progress".
    for attempt in 1..3 loop
        v_verdict := coalesce(v_verdict, docgen__request(p_repository, p_job, p_url, p_branch, p_title, p_lock, p_wait, p_lease));
        select v.* into v_state from docgen__status v where v.repository_id = p_repository;
        exit when v_verdict <> 'in_progress' or v_state.status = 'generating';
        v_verdict := null;
    end loop;
    v_verdict := coalesce(v_verdict, 'in_progress');
    if v_verdict = 'unknown' then
        return query select v_verdict, null::text, null::text, null::integer, null::text, null::integer, null::text,
            null::bigint, null::bigint, null::bigint, null::bigint, null::bigint, null::bigint, null::bigint,
            null::bigint, null::text, null::text, null::text, null::text, null::bigint, null::integer, null::text, null::boolean,
            null::bigint, null::bigint, null::integer[], null::bigint;
        return;
    end if;
    return query select v_verdict, v_state.repository_id, v_state.status, v_state.progress, v_state.step, v_state.queue_position,
        v_state.job_id, v_state.generation, v_state.revision, v_state.requested_ms, v_state.started_ms, v_state.updated_ms,
        v_state.finished_ms, v_state.locked_until_ms, v_state.server_ms, v_state.error_message, v_state.published_job_id,
        v_state.published_commit, v_state.published_branch, v_state.published_ms, v_state.published_pages, v_state.title,
        v_state.registered, v_state.committed_ms, v_state.checked_ms, v_state.percents, v_state.row_version;
end $$;

-- Ends this repository's job if it has expired. One row, one statement.
create or replace function docgen_expire(p_repository text) returns boolean language plpgsql as $$
declare
    r generated_docs;
    v_now timestamptz;
    v_why text;
begin
    select g.* into r from generated_docs g where g.repository_id = p_repository for update;
    if not found then
        return false;
    end if;
    v_now := clock_timestamp();
    v_why := docgen__expiry(r, v_now);
    if v_why is null then
        return false;
    end if;
    perform docgen__end(r, 'expired', v_why, null, v_now);
    return true;
end $$;

create or replace function docgen_status(p_repository text)
returns table (repository_id text, status text, progress integer, step text, queue_position integer, job_id text,
    generation bigint, revision bigint, requested_ms bigint, started_ms bigint, updated_ms bigint, finished_ms bigint,
    locked_until_ms bigint, server_ms bigint, error_message text, published_job_id text, published_commit text,
    published_branch text, published_ms bigint, published_pages integer, title text, registered boolean,
    committed_ms bigint, checked_ms bigint, percents integer[], row_version bigint)
language plpgsql as $$
#variable_conflict use_column
begin
    return query select v.repository_id, v.status, v.progress, v.step, v.queue_position, v.job_id, v.generation, v.revision,
        v.requested_ms, v.started_ms, v.updated_ms, v.finished_ms, v.locked_until_ms, v.server_ms, v.error_message,
        v.published_job_id, v.published_commit, v.published_branch, v.published_ms, v.published_pages, v.title, v.registered,
        v.committed_ms, v.checked_ms, v.percents, v.row_version
      from docgen__status v where v.repository_id = p_repository and not v.due;
    if found then
        return;
    end if;
    if not pg_is_in_recovery() then
        perform docgen_expire(p_repository);
    end if;
    return query select v.repository_id, v.status, v.progress, v.step, v.queue_position, v.job_id, v.generation, v.revision,
        v.requested_ms, v.started_ms, v.updated_ms, v.finished_ms, v.locked_until_ms, v.server_ms, v.error_message,
        v.published_job_id, v.published_commit, v.published_branch, v.published_ms, v.published_pages, v.title, v.registered,
        v.committed_ms, v.checked_ms, v.percents, v.row_version
      from docgen__status v where v.repository_id = p_repository;
    -- Whoever has no row is idle; whether such a repository exists is the caller's to know.
    if not found then
        return query select p_repository, 'idle'::text, 0, null::text, null::integer, null::text, 0::bigint, 0::bigint,
            null::bigint, null::bigint, null::bigint, null::bigint, null::bigint,
            (date_part('epoch', clock_timestamp()) * 1000)::bigint, null::text, null::text, null::text, null::text,
            null::bigint, null::integer, d.title, d.repository_id is not null, null::bigint, null::bigint, null::integer[], null::bigint
          from (values (1)) one left join docgen_repositories d on d.repository_id = p_repository and d.registered;
    end if;
end $$;

create or replace function docgen_list(p_repositories text[])
returns table (repository_id text, status text, progress integer, step text, queue_position integer, job_id text,
    generation bigint, revision bigint, requested_ms bigint, started_ms bigint, updated_ms bigint, finished_ms bigint,
    locked_until_ms bigint, server_ms bigint, error_message text, published_job_id text, published_commit text,
    published_branch text, published_ms bigint, published_pages integer, title text, registered boolean,
    committed_ms bigint, checked_ms bigint, percents integer[], row_version bigint)
language plpgsql as $$
#variable_conflict use_column
declare
    v_due text;
begin
    if not pg_is_in_recovery() then
        for v_due in
            select g.repository_id from generated_docs g
             where g.status = 'generating'
               and (case when g.claim is null then g.wait_until else g.lease_until end) <= clock_timestamp()
             order by g.repository_id
        loop
            perform docgen_expire(v_due);
        end loop;
    end if;
    return query
        with queue as (
            select g.repository_id, (row_number() over (order by g.requested_at, g.repository_id))::integer as place
              from generated_docs g where g.status = 'generating' and g.claim is null
        )
        select v.repository_id, v.status, v.progress, v.step, q.place, v.job_id, v.generation, v.revision,
        v.requested_ms, v.started_ms, v.updated_ms, v.finished_ms, v.locked_until_ms, v.server_ms, v.error_message,
        v.published_job_id, v.published_commit, v.published_branch, v.published_ms, v.published_pages, v.title, v.registered,
        v.committed_ms, v.checked_ms, v.percents, v.row_version
          from docgen__status v left join queue q on q.repository_id = v.repository_id
         where v.registered or v.repository_id = any (p_repositories)
        union all
        select n.repository_id, 'idle'::text, 0, null::text, null::integer, null::text, 0::bigint, 0::bigint,
            null::bigint, null::bigint, null::bigint, null::bigint, null::bigint,
            (date_part('epoch', clock_timestamp()) * 1000)::bigint, null::text, null::text, null::text, null::text,
            null::bigint, null::integer, d.title, d.repository_id is not null, null::bigint, null::bigint, null::integer[], null::bigint
          from (select unnest(p_repositories) as repository_id
                union select r.repository_id from docgen_repositories r where r.registered) n
               left join docgen_repositories d on d.repository_id = n.repository_id and d.registered
         where not exists (select from generated_docs g where g.repository_id = n.repository_id)
         order by 1;
end $$;

do $$ begin perform docgen__seal(); end $$;
