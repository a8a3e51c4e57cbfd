-- Working: take a job, say how far it is, end it. Every write is fenced by the claim, a random UUID that the
-- taker made, so a worker that lost its job can change nothing, whatever it lost it by.
-- SPDX-License-Identifier: Apache-2.0

create or replace function docgen_owner_start(p_owner uuid, p_host uuid, p_pid integer, p_started bigint)
returns void language sql as $$
    insert into docgen_owners (owner, host, pid, started) values (p_owner, p_host, p_pid, p_started)
    on conflict (owner) do update set host = excluded.host, pid = excluded.pid, started = excluded.started, seen = clock_timestamp();
$$;

-- Waits for a take of this owner that is under way; those that come later get nothing. So whoever fails the owner's jobs
-- after this fails all that it will ever have.
create or replace function docgen_owner_end(p_owner uuid) returns void language sql as $$
    update docgen_owners set ended = true, seen = clock_timestamp() where owner = p_owner;
$$;

create or replace function docgen_owners(p_host uuid)
returns table (owner text, pid integer, started bigint, jobs integer) language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
        select o.owner::text, o.pid, o.started, count(*)::integer
          from generated_docs g join docgen_owners o on o.owner = g.owner
         where g.host = p_host and g.status = 'generating' and g.claim is not null
         group by o.owner, o.pid, o.started order by o.owner;
end $$;

create or replace function docgen_take(p_host uuid, p_max integer, p_owner uuid, p_claim uuid, p_repositories text[],
    p_lease interval, p_limit interval, p_lock interval)
returns table (repository_id text, job_id text, url text, branch text, previous_commit text, title text, remaining_ms integer)
language plpgsql as $$
#variable_conflict use_column
declare
    v_repository text;
    v_now timestamptz;
    v_ended boolean;
    r generated_docs;
begin
    if p_host is null or p_owner is null or p_claim is null then
        raise exception 'docgen_take: host, owner and claim must not be null.';
    end if;
    -- The reply of an earlier call was lost: the same claim has the same job.
    select g.* into r from generated_docs g where g.claim = p_claim;
    if not found then
        -- An idle look locks nothing.
        if not exists (select from generated_docs g where g.status = 'generating' and g.claim is null) then
            return;
        end if;
        -- Counting without the host's lock lets 16 takers run 15 jobs where 2 are allowed.
        perform 1 from docgen_hosts h where h.host = p_host for no key update;
        if not found then
            insert into docgen_hosts as h (host) values (p_host) on conflict (host) do nothing;
            perform 1 from docgen_hosts h where h.host = p_host for no key update;
        end if;
        if (select count(*) from generated_docs g where g.host = p_host and g.claim is not null) >= p_max then
            return;
        end if;
        -- A process that was killed may have sent this before. After the host's lock: two takes of one owner, each with a
        -- share of its row, could not update that below.
        select o.ended into v_ended from docgen_owners o where o.owner = p_owner for share;
        if v_ended then
            return;
        end if;
        select g.repository_id into v_repository from generated_docs g
         where g.status = 'generating' and g.claim is null and g.wait_until > clock_timestamp()
           and (g.repository_id = any (p_repositories)
                or exists (select from docgen_repositories d where d.repository_id = g.repository_id and d.registered))
         order by g.requested_at, g.repository_id limit 1 for update of g skip locked;
        if not found then
            return;
        end if;
        v_now := clock_timestamp();
        update generated_docs g
           set claim = p_claim, owner = p_owner, host = p_host, step = 'Starting', lease = p_lease, graced = false,
               lease_until = v_now + least(p_lease, p_limit), deadline = v_now + p_limit, generation_started_at = v_now,
               locked_for = greatest(p_lock, p_limit), updated_at = v_now, revision = g.revision + 1
         where g.repository_id = v_repository returning g.* into r;
        insert into generation_events (repository_id, job_id, generation, kind, locked_until, at)
        values (v_repository, r.job_id, r.generation, 'taken', docgen__lock_end(r), v_now);
        update docgen_hosts h set seen = v_now where h.host = p_host and h.seen < v_now - interval '1 hour';
        update docgen_owners o set seen = v_now where o.owner = p_owner and o.seen < v_now - interval '1 hour';
    end if;
    return query
        select r.repository_id, r.job_id::text, r.url, r.branch, r.published_commit,
               (select d.title from docgen_repositories d where d.repository_id = r.repository_id),
               greatest(0, date_part('epoch', r.deadline - clock_timestamp()) * 1000)::integer;
end $$;

-- Progress only rises. Saying the same again renews the lease and is otherwise no change.
create or replace function docgen_progress(p_repository text, p_claim uuid, p_percent integer, p_step text, p_lease interval)
returns boolean language plpgsql as $$
declare
    r generated_docs;
    v_now timestamptz;
    v_percent integer;
    v_changed boolean;
begin
    select g.* into r from generated_docs g
     where g.repository_id = p_repository and g.claim = p_claim and g.status = 'generating' for no key update;
    if not found then
        return false;
    end if;
    v_now := clock_timestamp();
    v_percent := greatest(r.progress, least(p_percent, 99));
    v_changed := v_percent <> r.progress or p_step is distinct from r.step;
    update generated_docs g
       set progress = v_percent, step = coalesce(p_step, g.step),
           revision = g.revision + v_changed::integer, updated_at = case when v_changed then v_now else g.updated_at end,
           lease = p_lease, lease_until = greatest(g.lease_until, least(v_now + p_lease, g.deadline)), graced = false
     where g.repository_id = p_repository;
    if v_changed then
        insert into generation_events (repository_id, job_id, generation, kind, percent, detail, at)
        values (p_repository, r.job_id, r.generation, 'progress', v_percent, coalesce(p_step, r.step), v_now);
    end if;
    return true;
end $$;

create or replace function docgen_source(p_repository text, p_claim uuid, p_commit text, p_branch text, p_committed text)
returns boolean language plpgsql as $$
declare
    v_at timestamptz;
begin
    begin
        v_at := nullif(p_committed, '')::timestamptz;
    exception when datetime_field_overflow or invalid_datetime_format then
        v_at := null;   -- a commit's date is its author's claim; a bad one must not fail the job
    end;
    update generated_docs g set source_commit = p_commit, source_branch = p_branch, source_at = v_at, source_checked_at = clock_timestamp()
     where g.repository_id = p_repository and g.claim = p_claim and g.status = 'generating';
    return found;
end $$;

-- The end of the log of a job that is about to complete; docgen_runs shows it with the verdict.
create or replace function docgen_log(p_repository text, p_claim uuid, p_log text) returns boolean language plpgsql as $$
declare
    r generated_docs;
begin
    select g.* into r from generated_docs g
     where g.repository_id = p_repository and g.claim = p_claim and g.status = 'generating' for no key update;
    if not found then
        return false;
    end if;
    if p_log <> '' and not exists (select from generation_events e where e.job_id = r.job_id and e.kind = 'log'
                                      and e.detail = "right"(p_log, 65536)) then
        insert into generation_events (repository_id, job_id, generation, kind, detail, at)
        values (p_repository, r.job_id, r.generation, 'log', "right"(p_log, 65536), clock_timestamp());
    end if;
    return true;
end $$;

-- "1 page", "3 pages"; null for null.
create or replace function docgen__count(p_count bigint, p_what text) returns text language sql immutable as $$
    select p_count || ' ' || p_what || case when p_count <> 1 then 's' else '' end
$$;

-- What a run that completes with parts of its own has changed, in one sentence: the pages that are new or differ, and
-- the names that the published documentation does not have. Names are compared up to a number that stays far below
-- the statement timeout.
create or replace function docgen__result(r generated_docs) returns text language plpgsql as $$
declare
    c_most constant integer := 50000;
    v_from text := "left"(r.published_commit, 7);
    v_to text := "left"(r.source_commit, 7);
    v_pages bigint;
    v_names bigint;
begin
    select count(*) into v_pages from docgen_pages p
     where p.job_id = r.job_id
       and not exists (select from docgen_pages q where q.job_id = r.published_parts and q.path = p.path and q.hash = p.hash);
    if (select count(*) from (select from docgen_symbols s where s.job_id in (r.job_id, r.published_parts) limit c_most + 1) few) <= c_most then
        select count(*) into v_names
          from (select s.name from docgen_symbols s where s.job_id = r.job_id
                except select s.name from docgen_symbols s where s.job_id = r.published_parts) fresh;
    end if;
    if r.published_parts is not null and v_from = v_to and v_pages = 0 and coalesce(v_names, 0) = 0 then
        return format('Documented %s anew: nothing differs', v_to);
    end if;
    return case when r.published_parts is null then concat_ws(' ', 'Documented', v_to)
                when v_from is distinct from v_to then format(E'Updated %s \u2192 %s', coalesce(v_from, 'unknown'), coalesce(v_to, 'unknown'))
                else concat_ws(' ', 'Documented', v_to, 'anew') end
        || ': ' || concat_ws(', ', docgen__count(v_pages, 'page'),
                             case when r.published_parts is null then docgen__count(nullif(v_names, 0), 'name')
                                  else docgen__count(v_names, 'new name') end);
end $$;

-- Completes: status, 100 and the pointers in one update. p_parts is the job whose parts are shown from now on: this
-- one, or the one that made what is published, whose commit, branch and age then stay.
create or replace function docgen__publish(r generated_docs, p_parts uuid, p_pages integer) returns void language plpgsql as $$
declare
    v_now timestamptz := clock_timestamp();
    v_result text := format('Nothing changed since %s', "left"(r.published_commit, 7));
    p generated_docs := r;
begin
    if p_parts = r.job_id then
        v_result := docgen__result(r);
        p.published_parts := p_parts;
        p.published_pages := p_pages;
        p.published_commit := r.source_commit;
        p.published_branch := coalesce(r.source_branch, r.branch);
        p.published_at := v_now;
        p.published_committed_at := r.source_at;
    end if;
    update generated_docs g
       set status = 'completed', progress = 100, step = 'Completed', error_message = null, published_job_id = r.job_id,
           published_parts = p.published_parts, published_pages = p.published_pages, published_commit = p.published_commit,
           published_branch = p.published_branch, published_at = p.published_at,
           published_committed_at = p.published_committed_at, checked_at = coalesce(r.source_checked_at, v_now),
           finished_at = v_now, updated_at = v_now,
           revision = g.revision + 1, claim = null, owner = null, host = null, lease_until = null, deadline = null, graced = false
     where g.repository_id = r.repository_id;
    insert into generation_events (repository_id, job_id, generation, kind, percent, detail, commit, at)
    values (r.repository_id, r.job_id, r.generation, 'completed', 100, v_result, r.source_commit, v_now);
    insert into docgen_garbage
    select old, v_now from unnest(array[r.published_parts, r.job_id]) old where old <> p_parts
    on conflict do nothing;
end $$;

create or replace function docgen_complete(p_repository text, p_job uuid, p_claim uuid, p_pages integer)
returns text language plpgsql as $$
declare
    r generated_docs;
    v_pages integer;
begin
    select g.* into r from generated_docs g where g.repository_id = p_repository for update;
    if found and r.job_id = p_job and r.claim = p_claim and r.status = 'generating' then
        select count(*) into v_pages from docgen_pages p where p.job_id = p_job;
        if v_pages is distinct from p_pages or v_pages = 0 then
            return 'incomplete';
        end if;
        perform docgen__publish(r, p_job, v_pages);
        return 'done';
    end if;
    -- A retry after a lost reply.
    if exists (select from generation_events e where e.job_id = p_job and e.kind = 'completed' and e.repository_id = p_repository) then
        return 'done';
    end if;
    return 'lost';
end $$;

-- The commit is the published one and the job stored no page: it completes, and what is published stays where it is.
create or replace function docgen_up_to_date(p_repository text, p_job uuid, p_claim uuid)
returns text language plpgsql as $$
declare
    r generated_docs;
begin
    select g.* into r from generated_docs g where g.repository_id = p_repository for update;
    if found and r.job_id = p_job and r.claim = p_claim and r.status = 'generating' then
        if r.published_parts is null or r.source_commit is null or r.source_commit is distinct from r.published_commit
           or exists (select from docgen_pages p where p.job_id = p_job) then
            return 'incomplete';
        end if;
        perform docgen__publish(r, r.published_parts, r.published_pages);
        return 'done';
    end if;
    if exists (select from generation_events e where e.job_id = p_job and e.kind = 'completed' and e.repository_id = p_repository) then
        return 'done';
    end if;
    return 'lost';
end $$;

create or replace function docgen_fail(p_repository text, p_claim uuid, p_message text, p_log text)
returns boolean language plpgsql as $$
declare
    r generated_docs;
begin
    select g.* into r from generated_docs g where g.repository_id = p_repository for update;
    if not found or r.claim is distinct from p_claim or r.status <> 'generating' or p_claim is null then
        return false;
    end if;
    perform docgen__end(r, 'failed', coalesce(nullif(p_message, ''), 'The job failed without a message: see the server''s error log.'),
                        p_log, clock_timestamp());
    return true;
end $$;

create or replace function docgen_fail_owner(p_owner uuid, p_message text) returns integer language plpgsql as $$
declare
    r generated_docs;
    v_count integer := 0;
begin
    for r in
        select g.* from generated_docs g where g.owner = p_owner and g.status = 'generating' order by g.repository_id for update
    loop
        perform docgen__end(r, 'failed', coalesce(nullif(p_message, ''), 'The server process that ran the job ended: start it again.'),
                            null, clock_timestamp());
        v_count := v_count + 1;
    end loop;
    return v_count;
end $$;

do $$ begin perform docgen__seal(); end $$;
