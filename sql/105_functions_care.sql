-- Care: heartbeats, the sweep, clean-up, and what an administrator does with psql (register, forget, health).
-- Renewing never waits for a row; the sweep is a plain read, then one row in each statement: no deadlock, and one
-- bad row stops no other.
-- SPDX-License-Identifier: Apache-2.0

create or replace function docgen_renew(p_claims uuid[], p_lease interval)
returns table (lost text[], queued integer) language plpgsql as $$
begin
    with mine as (
        select g.repository_id from generated_docs g
         where g.claim = any (p_claims) and g.status = 'generating' order by g.repository_id for no key update skip locked
    )
    update generated_docs g
       set lease = p_lease, lease_until = greatest(g.lease_until, least(clock_timestamp() + p_lease, g.deadline)), graced = false
      from mine where g.repository_id = mine.repository_id;
    -- A claim whose row was locked just now is not lost. One that just finished is: the job looks for itself.
    select coalesce(array_agg(c::text), '{}') into lost from unnest(p_claims) c
     where not exists (select from generated_docs g where g.claim = c);
    select count(*) into queued from generated_docs g where g.status = 'generating' and g.claim is null;
    return next;
end $$;

-- Before each sweep: after a gap in which no sweeper reached this database, every running job gets one lease, once.
create or replace function docgen_beat(p_lease interval) returns boolean language plpgsql as $$
declare
    v_seen timestamptz;
    v_now timestamptz;
begin
    select p.seen into v_seen from docgen_pulse p for update skip locked;
    if not found then
        return false;
    end if;
    v_now := clock_timestamp();
    if v_seen < v_now - p_lease / 2 then
        with running as (
            select g.repository_id from generated_docs g
             where g.claim is not null and not g.graced order by g.repository_id for no key update skip locked
        )
        update generated_docs g
           set lease_until = greatest(g.lease_until, least(v_now + g.lease, g.deadline)), graced = true
          from running where g.repository_id = running.repository_id;
    end if;
    update docgen_pulse set seen = v_now;
    return true;
end $$;

create or replace function docgen_due(p_max integer) returns setof text language plpgsql stable as $$
begin
    return query
        select g.repository_id from generated_docs g
         where g.status = 'generating'
           and (case when g.claim is null then g.wait_until else g.lease_until end) <= clock_timestamp()
         order by g.repository_id limit p_max;
end $$;

-- How many queued jobs this host may take.
create or replace function docgen_queued(p_repositories text[]) returns integer language plpgsql stable as $$
begin
    return (select count(*)::integer from generated_docs g
         where g.status = 'generating' and g.claim is null
           and (g.repository_id = any (p_repositories)
                or exists (select from docgen_repositories d where d.repository_id = g.repository_id and d.registered)));
end $$;

-- Once a minute: events of runs that are old and many runs ago, owners and hosts that are long gone.
create or replace function docgen__prune() returns integer language plpgsql as $$
declare
    v_now timestamptz := clock_timestamp();
    v_count integer;
begin
    update docgen_pulse set pruned = v_now where pruned < v_now - interval '1 minute';
    if not found then
        return 0;
    end if;
    with old as (
        select e.job_id from generation_events e join generated_docs g on g.repository_id = e.repository_id
         where e.kind in ('completed', 'failed', 'superseded', 'expired', 'forgotten') and e.at < v_now - interval '30 days'
           and e.generation <= g.generation - 50
           and e.job_id is distinct from g.job_id and e.job_id is distinct from g.published_job_id
           and e.job_id is distinct from g.published_parts
         order by e.at limit 50
    )
    delete from generation_events e using old where e.job_id = old.job_id;
    get diagnostics v_count = row_count;
    delete from docgen_owners o where (o.seen < v_now - interval '7 days' or o.ended and o.seen < v_now - interval '1 hour')
       and not exists (select from generated_docs g where g.owner = o.owner);
    delete from docgen_hosts h where h.seen < v_now - interval '30 days'
       and not exists (select from generated_docs g where g.host = h.host);
    return v_count;
end $$;

-- A small step of clean-up; how many rows went, -1 when there is nothing to do. One purger at a time: two that
-- remove jobs sharing a body would each leave it to the other.
create or replace function docgen_purge(p_max integer) returns integer language plpgsql as $$
declare
    v_job uuid;
    v_rows integer;
    v_count integer := 0;
    v_bodies bigint[];
begin
    if not pg_try_advisory_xact_lock(hashtext('docgen.purge'), hashtext(current_schema())) then
        return -1;
    end if;
    select x.job_id into v_job from docgen_garbage x order by x.since limit 1 for update skip locked;
    if not found then
        v_count := docgen__prune();
        return case when v_count = 0 then -1 else v_count end;
    end if;
    with gone as (
        delete from docgen_pages p where p.job_id = v_job
           and p.path in (select q.path from docgen_pages q where q.job_id = v_job order by q.path limit p_max) returning p.body
    )
    select count(*), array_agg(gone.body) into v_count, v_bodies from gone;
    if v_count < p_max then
        with gone as (
            delete from docgen_assets a where a.job_id = v_job
               and a.path in (select q.path from docgen_assets q where q.job_id = v_job order by q.path limit p_max - v_count) returning a.body
        )
        select count(*), v_bodies || array_agg(gone.body) into v_rows, v_bodies from gone;
        v_count := v_count + v_rows;
    end if;
    -- A statement of its own: it sees the deletions above.
    delete from docgen_bodies b where b.body = any (v_bodies)
       and not exists (select from docgen_pages p where p.body = b.body)
       and not exists (select from docgen_assets a where a.body = b.body);
    if v_count < p_max then
        -- Symbols are small rows.
        delete from docgen_symbols s where s.job_id = v_job
           and s.symbol in (select q.symbol from docgen_symbols q where q.job_id = v_job order by q.symbol limit p_max * 10);
        get diagnostics v_rows = row_count;
        v_count := v_count + v_rows;
        if v_rows < p_max * 10 then
            delete from docgen_facts f where f.job_id = v_job;
            delete from docgen_garbage x where x.job_id = v_job;
            v_count := v_count + 1;
        end if;
    end if;
    return v_count;
end $$;

create or replace function docgen_runs(p_repository text, p_max integer)
returns table (job_id text, generation bigint, outcome text, requested_ms bigint, taken_ms bigint, finished_ms bigint,
               commit text, message text, log_tail text) language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
        select r.job_id::text, r.generation,
               coalesce(v.kind, case when t.at is null then 'queued' else 'running' end),
               (date_part('epoch', r.at) * 1000)::bigint, (date_part('epoch', t.at) * 1000)::bigint, (date_part('epoch', v.at) * 1000)::bigint,
               coalesce(v.commit, g.source_commit), v.detail,
               (select l.detail from generation_events l where l.job_id = r.job_id and l.kind = 'log' order by l.id desc limit 1)
          from generation_events r
          left join generation_events t on t.job_id = r.job_id and t.kind = 'taken'
          left join generation_events v on v.job_id = r.job_id and v.kind in ('completed', 'failed', 'superseded', 'expired', 'forgotten')
          left join generated_docs g on g.repository_id = r.repository_id and g.job_id = r.job_id
         where r.repository_id = p_repository and r.kind = 'requested'
         order by r.generation desc limit p_max;
end $$;

create or replace function docgen_repository(p_repository text)
returns table (url text, branch text, title text, registered boolean) language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
        select d.url, d.branch, d.title, d.registered from docgen_repositories d
         where d.repository_id = p_repository and d.url is not null;
end $$;

create or replace function docgen_register(p_repository text, p_url text, p_branch text default null, p_title text default null)
returns void language plpgsql as $$
begin
    if p_repository is null or p_repository !~ '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$' then
        raise exception 'docgen_register: "%" is not a repository id: use 1 to 100 letters, digits, dots, dashes and underscores, '
            'a letter or digit first.', p_repository;
    end if;
    if coalesce(p_url, '') = '' or length(p_url) > 2048 or p_url ~ '[[:space:][:cntrl:]]' or p_url ~ '^-' or p_url ~ '^[A-Za-z0-9+.-]*::' then
        raise exception 'docgen_register: "%" is not the URL of a Git repository: give https://HOST/PATH, ssh://git@HOST/PATH or git@HOST:PATH.', p_url;
    end if;
    if p_url ~* '^[a-z][a-z0-9+.-]*://[^/@]*:[^/@]*@' or p_url ~* '^https?://[^/@]*@' then
        raise exception 'docgen_register: the URL carries a password or token: leave it out and name a credentials file with DocGenCredentials.';
    end if;
    if p_branch is not null and (p_branch !~ '^[^-[:space:][:cntrl:]~^:?*\[\\][^[:space:][:cntrl:]~^:?*\[\\]{0,254}$' or p_branch ~ '\.\.|@\{') then
        raise exception 'docgen_register: "%" is not the name of a branch.', p_branch;
    end if;
    if length(p_title) > 200 or p_title ~ '[[:cntrl:]]' then
        raise exception 'docgen_register: a title is one line of at most 200 characters.';
    end if;
    insert into docgen_repositories as d (repository_id, url, branch, title, registered)
    values (p_repository, p_url, nullif(p_branch, ''), nullif(p_title, ''), true)
    on conflict (repository_id) do update
       set url = excluded.url, branch = excluded.branch, title = excluded.title, registered = true, changed_at = clock_timestamp();
    perform docgen__row(p_repository);
end $$;

-- Removes a repository and what was published for it; a running job loses its fence. False when there was nothing.
-- The row stays, so that its generation never falls.
create or replace function docgen_forget(p_repository text) returns boolean language plpgsql as $$
declare
    v_source docgen_repositories;
    v_known boolean;
    r generated_docs;
    v_now timestamptz;
begin
    select exists (select from docgen_repositories d where d.repository_id = p_repository)
        or exists (select from generated_docs g where g.repository_id = p_repository) into v_known;
    if not v_known then
        return false;
    end if;
    insert into docgen_repositories (repository_id) values (p_repository) on conflict (repository_id) do nothing;
    select d.* into v_source from docgen_repositories d where d.repository_id = p_repository for update;
    if exists (select from generation_events e where e.repository_id = p_repository) then
        perform docgen__row(p_repository);
    end if;
    select g.* into r from generated_docs g where g.repository_id = p_repository for update;
    if not found then
        v_known := v_source.url is not null;
    else
        v_known := v_source.url is not null or r.status <> 'idle' or r.published_job_id is not null;
        v_now := clock_timestamp();
        if r.status = 'generating' then
            perform docgen__end(r, 'forgotten', 'The repository was removed.', null, v_now);
        end if;
        if r.published_parts is not null then
            insert into docgen_garbage values (r.published_parts, v_now) on conflict do nothing;
        end if;
        update generated_docs g
           set status = 'idle', progress = 0, step = null, error_message = null, job_id = null, refreshed_by = null, url = null,
               branch = null, generation_started_at = null, requested_at = null, finished_at = null,
               wait_until = null, lease = null, source_commit = null, source_branch = null, source_at = null,
               source_checked_at = null, published_job_id = null, published_parts = null, published_commit = null, published_branch = null,
               published_at = null, published_pages = null, published_committed_at = null, checked_at = null,
               revision = g.revision + 1, updated_at = v_now
         where g.repository_id = p_repository;
    end if;
    update docgen_repositories d
       set url = null, branch = null, title = null, registered = false, changed_at = clock_timestamp()
     where d.repository_id = p_repository;
    return v_known;
end $$;

create or replace function docgen_health()
returns table (schema_version integer, installation_id text, server_version text, isolation text, statement_timeout text,
               queued integer, running integer, oldest_queued_ms bigint, server_ms bigint) language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
        select docgen_schema_version(), (select i.installation_id::text from docgen_installation i),
               current_setting('server_version'), current_setting('transaction_isolation'), current_setting('statement_timeout'),
               (count(*) filter (where g.claim is null))::integer, (count(*) filter (where g.claim is not null))::integer,
               (date_part('epoch', min(g.requested_at) filter (where g.claim is null)) * 1000)::bigint,
               (date_part('epoch', clock_timestamp()) * 1000)::bigint
          from generated_docs g where g.status = 'generating';
end $$;

do $$ begin perform docgen__seal(); end $$;
