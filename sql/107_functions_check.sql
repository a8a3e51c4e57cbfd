-- docgen_check: every invariant of the state machine as a query. One statement, so one snapshot: it returns no row
-- on a healthy database, also while jobs run. It reads everything; call it after a fault or once an hour, not per request.
-- SPDX-License-Identifier: Apache-2.0

create or replace function docgen_check() returns table (rule text, what text) language sql stable as $$
    with verdict as (
        select e.* from generation_events e where e.kind in ('completed', 'failed', 'superseded', 'expired', 'forgotten')
    ), request as (
        select e.* from generation_events e where e.kind = 'requested'
    ), run as (
        select r.repository_id, r.job_id, r.generation, r.id as begun, v.id as ended, v.kind
          from request r left join verdict v on v.job_id = r.job_id
    )
    -- a job and its verdict
    select 'a job has two verdicts', v.job_id::text from verdict v group by v.job_id having count(*) > 1
    union all
    select 'a job was taken twice', e.job_id::text from generation_events e where e.kind = 'taken' group by e.job_id having count(*) > 1
    union all
    select 'an event without a request', e.job_id::text from generation_events e
     where not exists (select from request r where r.job_id = e.job_id) group by e.job_id
    union all
    select 'an event after the verdict', e.job_id::text from generation_events e join verdict v on v.job_id = e.job_id and e.id > v.id
    union all
    select 'an ended job without a verdict', g.job_id::text from generated_docs g
     where g.status in ('completed', 'failed') and g.job_id is not null
       and not exists (select from verdict v where v.job_id = g.job_id and (v.kind = 'completed') = (g.status = 'completed'))
    union all
    select 'a generating job with a verdict', g.job_id::text from generated_docs g join verdict v on v.job_id = g.job_id
     where g.status = 'generating'
    union all
    select 'a job vanished without a verdict', r.job_id::text from run r
     where r.ended is null and not exists (select from generated_docs g where g.job_id = r.job_id and g.status = 'generating')
    union all
    select 'a generating job without a request', g.job_id::text from generated_docs g
     where g.status = 'generating' and not exists (select from request r where r.job_id = g.job_id)
    union all
    -- one job at a time, in order
    select 'two jobs of a repository at once', b.job_id::text
      from (select r.*, lag(r.ended) over w as previous_end, lag(r.begun) over w as previous
              from run r window w as (partition by r.repository_id order by r.begun)) b
     where b.previous is not null and (b.previous_end is null or b.previous_end > b.begun)
    union all
    select 'a job was superseded inside its lock', v.job_id::text
      from verdict v cross join lateral (
           select e.locked_until - e.at as locked_for from generation_events e
            where e.job_id = v.job_id and e.locked_until is not null order by e.id desc limit 1) granted
     where v.kind = 'superseded' and v.started_at > v.at - granted.locked_for and v.started_at <= v.at + granted.locked_for
    union all
    select 'a generation that does not rise', b.job_id::text
      from (select r.*, lag(r.generation) over (partition by r.repository_id order by r.begun) as previous from run r) b
     where b.generation <= b.previous
    union all
    select 'a generation that fell', g.repository_id from generated_docs g
     where g.generation < (select max(r.generation) from request r where r.repository_id = g.repository_id)
    union all
    select 'progress fell', p.job_id::text
      from (select e.job_id, e.percent, lag(e.percent) over (partition by e.job_id order by e.id) as previous
              from generation_events e where e.kind = 'progress') p where p.percent < p.previous
    union all
    -- the row
    select 'a row of an impossible shape', g.repository_id from generated_docs g
     where g.status not in ('idle', 'generating', 'completed', 'failed')
        or (g.status = 'completed') <> (g.progress = 100)
        or (g.status = 'completed') <> coalesce(g.published_job_id = g.job_id, false)
        or (g.status = 'failed') <> (g.error_message is not null)
        or (g.claim is null) <> (g.lease_until is null) or (g.claim is not null and g.status <> 'generating')
    union all
    select 'a repository has two rows', g.repository_id from generated_docs g group by g.repository_id having count(*) > 1
    union all
    select 'a claim holds two jobs', g.claim::text from generated_docs g where g.claim is not null group by g.claim having count(*) > 1
    union all
    select 'a lease ran out and nobody swept', g.repository_id from generated_docs g, docgen_pulse p
     where g.lease_until < clock_timestamp() - 2 * g.lease - interval '2 s' and p.seen > clock_timestamp() - g.lease
    union all
    select 'a job of a removed repository', g.repository_id from generated_docs g
     where g.status = 'generating' and not exists (select from docgen_repositories d where d.repository_id = g.repository_id and d.url is not null)
    union all
    -- what is published, and only that, is visible
    select 'something published by a job that did not complete', g.published_job_id::text from generated_docs g
     where g.published_job_id is not null and not exists (select from verdict v where v.job_id = g.published_job_id and v.kind = 'completed')
    union all
    select 'parts shown of a job that did not complete', g.published_parts::text from generated_docs g
     where exists (select from verdict v where v.job_id = g.published_parts and v.kind <> 'completed')
    union all
    select 'published pages are missing', g.repository_id from generated_docs g
     where g.published_parts is not null
       and (g.published_pages = 0 or g.published_pages <> (select count(*) from docgen_pages p where p.job_id = g.published_parts))
    union all
    select 'something published that was never checked', g.repository_id from generated_docs g
     where (g.published_job_id is null) <> (g.checked_at is null)
    union all
    select 'garbage in use', x.job_id::text from docgen_garbage x join generated_docs g
        on g.published_parts = x.job_id or (g.job_id = x.job_id and g.status = 'generating')
    union all
    select 'parts that nobody will remove', p.job_id::text
      from (select job_id from docgen_pages union select job_id from docgen_assets union select job_id from docgen_symbols
            union select job_id from docgen_facts) p
     where not exists (select from generated_docs g where g.published_parts = p.job_id or (g.job_id = p.job_id and g.status = 'generating'))
       and not exists (select from docgen_garbage x where x.job_id = p.job_id)
    union all
    select 'a page without its bytes', p.job_id::text || ' ' || p.path from docgen_pages p
     where not exists (select from docgen_bodies b where b.body = p.body)
    union all
    select 'an asset without its bytes', a.job_id::text || ' ' || a.path from docgen_assets a
     where not exists (select from docgen_bodies b where b.body = a.body)
    union all
    select 'bytes without a page', b.body::text from docgen_bodies b
     where not exists (select from docgen_pages p where p.body = b.body) and not exists (select from docgen_assets a where a.body = b.body)
    union all
    -- the guards themselves
    select 'a guard is missing', n from unnest(array['generation_events_one_request', 'generation_events_one_taking',
           'generation_events_one_verdict']) n
     where not exists (select from pg_class c join pg_index i on i.indexrelid = c.oid
                        where c.relname = n and c.relnamespace = current_schema()::regnamespace and i.indisunique and i.indisvalid)
    union all
    select 'a guard is missing', n from unnest(array['docgen_status_word', 'docgen_generating_shape', 'docgen_claim_shape',
           'docgen_claim_generating', 'docgen_completed_progress', 'docgen_completed_published', 'docgen_published_shape',
           'docgen_failed_shape', 'docgen_idle_shape', 'docgen_lease_in_deadline']) n
     where not exists (select from pg_constraint k where k.conname = n and k.connamespace = current_schema()::regnamespace and k.convalidated)
    union all
    -- who may touch it
    select 'another role has a right', format('%s: %s%s on %s', f.grantee, case when f.option_only then 'grant option for ' else '' end,
           string_agg(f.privilege, ', ' order by f.privilege), f.object)
      from docgen__foreign_grants() f group by f.grantee, f.option_only, f.object
    union all
    select 'the module''s role is missing', 'docgen_module' where not exists (select from pg_roles where rolname = 'docgen_module')
    union all
    select 'the module may not execute', p::text from docgen__module_functions() p
     where not exists (select from pg_proc f cross join lateral aclexplode(f.proacl) a join pg_roles r on r.oid = a.grantee
                        where f.oid = p and r.rolname = 'docgen_module');
$$;

do $$ begin perform docgen__seal(); end $$;
