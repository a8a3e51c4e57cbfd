-- What happened to every job, append-only: requested, taken, progress, log and exactly one verdict.
-- SPDX-License-Identifier: Apache-2.0

create table if not exists generation_events (
    id bigint generated always as identity primary key,
    repository_id text not null,
    job_id uuid not null,
    generation bigint not null,
    kind text not null check (kind in ('requested', 'refreshed', 'taken', 'progress', 'log',
                                       'completed', 'failed', 'superseded', 'expired', 'forgotten')),
    percent integer check (percent between 0 and 100),
    detail text,
    commit text,
    locked_until timestamptz,
    at timestamptz not null
) with (autovacuum_vacuum_scale_factor = 0.05);

do $migration$
begin
    if (select count(*) from pg_attribute where attrelid = format('%I.generation_events', current_schema())::regclass
          and attname in ('repository_id', 'job_id', 'generation', 'kind', 'percent', 'detail', 'commit', 'locked_until', 'at')
          and not attisdropped) <> 9 then
        raise exception 'There is another table generation_events in this schema: rename it, then run the migration again.';
    end if;
end
$migration$;

create index if not exists generation_events_job on generation_events (job_id, id);
create index if not exists generation_events_run on generation_events (repository_id, generation desc) where kind = 'requested';
-- An id that a bad random source repeats changes nothing.
create unique index if not exists generation_events_one_request on generation_events (job_id) where kind = 'requested';
create unique index if not exists generation_events_one_taking on generation_events (job_id) where kind = 'taken';
create unique index if not exists generation_events_one_verdict on generation_events (job_id)
    where kind in ('completed', 'failed', 'superseded', 'expired', 'forgotten');
create index if not exists generation_events_verdict_age on generation_events (at)
    where kind in ('completed', 'failed', 'superseded', 'expired', 'forgotten');

create or replace function docgen__refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'generation_events is append-only: an event is never changed.';
end $$;
revoke all on function docgen__refuse_change() from public;

create or replace trigger docgen_append_only before update on generation_events
    for each statement execute function docgen__refuse_change();
