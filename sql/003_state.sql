-- generated_docs becomes the queue and the lock: one row for each repository holds its job, who has claimed
-- it, and every limit that was granted with it, so hosts with other settings cannot disagree about a job.
-- No secondary index: every update stays HOT.
-- SPDX-License-Identifier: Apache-2.0

do $migration$
declare
    t constant regclass := format('%I.generated_docs', current_schema())::regclass;
    v_first boolean;
    c record;
begin
    select count(*) <> 3 into v_first from pg_attribute
     where attrelid = t and not attisdropped and attname in ('claim', 'deadline', 'graced');
    if v_first then
        -- An older table's column that happens to have one of our names keeps its data under another.
        for c in
            select a.attname from pg_attribute a
             where a.attrelid = t and a.attnum > 0 and not a.attisdropped
               and (a.attname in ('generation', 'revision', 'step', 'job_id', 'claim', 'owner', 'host', 'lease', 'url',
                                  'branch', 'refreshed_by', 'requested_at', 'locked_until', 'wait_until', 'lease_until',
                                  'deadline', 'graced', 'finished_at', 'source_commit', 'source_branch', 'source_at',
                                  'published_job_id', 'published_parts', 'published_commit', 'published_branch',
                                  'published_at', 'published_pages')
                    or (a.attname = 'updated_at' and a.atttypid <> 'timestamptz'::regtype))
        loop
            execute format('alter table %s rename column %I to %I', t, c.attname, 'legacy_' || c.attname);
            raise warning 'generated_docs: the column % is now called legacy_%.', c.attname, c.attname;
        end loop;
    end if;

    alter table generated_docs
        add column if not exists generation bigint not null default 0,
        add column if not exists revision bigint not null default 0,
        add column if not exists step text,
        add column if not exists job_id uuid,
        add column if not exists claim uuid,
        add column if not exists owner uuid,
        add column if not exists host uuid,
        add column if not exists lease interval,
        add column if not exists url text,
        add column if not exists branch text,
        add column if not exists refreshed_by uuid,
        add column if not exists requested_at timestamptz,
        add column if not exists locked_until timestamptz,
        add column if not exists wait_until timestamptz,
        add column if not exists lease_until timestamptz,
        add column if not exists deadline timestamptz,
        add column if not exists graced boolean not null default false,
        add column if not exists updated_at timestamptz,
        add column if not exists finished_at timestamptz,
        add column if not exists source_commit text,
        add column if not exists source_branch text,
        add column if not exists source_at timestamptz,
        add column if not exists published_job_id uuid,
        add column if not exists published_parts uuid,
        add column if not exists published_commit text,
        add column if not exists published_branch text,
        add column if not exists published_at timestamptz,
        add column if not exists published_pages integer;
    alter table generated_docs set (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05,
                                    autovacuum_vacuum_threshold = 200);

    -- Nobody works on a legacy job, and legacy documentation is not stored here.
    update generated_docs set status = 'failed', progress = 0,
           error_message = 'The generation was interrupted when the documentation moved to mod_docgen: start it again.'
     where status = 'generating' and job_id is null;
    update generated_docs set status = 'idle', progress = 0, error_message = null
     where status = 'completed' and published_job_id is null;
end
$migration$;

-- The invariants that one row can hold are held by the row itself.
alter table generated_docs
    drop constraint if exists docgen_status_word,
    drop constraint if exists docgen_progress_range,
    drop constraint if exists docgen_generating_shape,
    drop constraint if exists docgen_claim_shape,
    drop constraint if exists docgen_claim_generating,
    drop constraint if exists docgen_completed_progress,
    drop constraint if exists docgen_completed_published,
    drop constraint if exists docgen_published_shape,
    drop constraint if exists docgen_failed_shape,
    drop constraint if exists docgen_idle_shape,
    drop constraint if exists docgen_lease_in_deadline;
alter table generated_docs
    add constraint docgen_status_word check (status in ('idle', 'generating', 'completed', 'failed')),
    add constraint docgen_progress_range check (progress between 0 and 100),
    add constraint docgen_generating_shape check (status <> 'generating'
        or (job_id is not null and requested_at is not null and generation_started_at is not null
            and locked_until is not null and wait_until is not null and error_message is null)),
    add constraint docgen_claim_shape check ((claim is null) = (lease_until is null) and (claim is null) = (deadline is null)
        and (claim is null) = (owner is null) and (claim is null) = (host is null)),
    add constraint docgen_claim_generating check (claim is null or (status = 'generating' and lease is not null)),
    add constraint docgen_completed_progress check ((status = 'completed') = (progress = 100)),
    add constraint docgen_completed_published check ((status = 'completed') = coalesce(published_job_id = job_id, false)),
    add constraint docgen_published_shape check ((published_job_id is null) = (published_parts is null)
        and (published_job_id is null) = (published_at is null) and (published_job_id is null) = (published_pages is null)),
    add constraint docgen_failed_shape check (status <> 'failed' or (progress = 0 and error_message is not null)),
    add constraint docgen_idle_shape check (status <> 'idle' or (progress = 0 and error_message is null)),
    add constraint docgen_lease_in_deadline check (lease_until <= deadline);

comment on table generated_docs is 'One row for each repository: its state, its queue place and its lock. Changed only by the docgen_ functions.';
comment on column generated_docs.claim is 'Random UUID of the taking: the fence of every write of the job.';
comment on column generated_docs.published_parts is 'The job that stored what is published; older than published_job_id when a later job found nothing new.';
comment on column generated_docs.refreshed_by is 'The last request that refreshed a queued job in place, so that its retry is recognised.';
