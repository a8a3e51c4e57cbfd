-- The lock ends at generation_started_at + locked_for. So the start alone decides: whoever sets it back by the lock's
-- length, or to null, frees the repository for the next request.
-- SPDX-License-Identifier: Apache-2.0

do $migration$
declare
    t constant regclass := format('%I.generated_docs', current_schema())::regclass;
begin
    if exists (select from pg_attribute where attrelid = t and attname = 'locked_for' and not attisdropped
               and (atttypid <> 'interval'::regtype or not attnotnull)) then
        -- An older table's column that happens to have our name keeps its data under another.
        alter table generated_docs rename column locked_for to legacy_locked_for;
        raise warning 'generated_docs: the column locked_for is now called legacy_locked_for.';
    end if;
    if not exists (select from pg_attribute where attrelid = t and attname = 'locked_for' and not attisdropped) then
        -- The default is for rows that the functions of the release before write while this is being applied.
        alter table generated_docs add column locked_for interval not null default interval '5 minutes';
        update generated_docs set locked_for = greatest(locked_until - generation_started_at, interval '0')
         where status = 'generating';
    end if;
end
$migration$;

-- A start of null, by hand, is a lock that ended.
alter table generated_docs
    drop constraint if exists docgen_generating_shape,
    add constraint docgen_generating_shape check (status <> 'generating'
        or (job_id is not null and requested_at is not null and wait_until is not null and error_message is null)),
    alter column locked_until set default '-infinity';
-- It stays for one release, whose functions may be running now, and has a value for 003, which may be applied again.
update generated_docs set locked_until = '-infinity' where locked_until is null;

alter table generation_events add column if not exists started_at timestamptz;

comment on column generated_docs.generation_started_at is 'When the job was asked for, then taken, or its place in the queue renewed. The lock ends locked_for later; null: it has ended.';
comment on column generated_docs.locked_for is 'How long the lock was granted for, from generation_started_at on.';
comment on column generated_docs.locked_until is 'Of the release before: neither read nor written.';
comment on column generation_events.started_at is 'Of a verdict: the generation_started_at that it saw, by which docgen_check judges it.';
