-- What a run found: when the remote was asked, when the published commit was made. The sentence for people is the
-- detail of the run's completed event.
-- SPDX-License-Identifier: Apache-2.0

do $migration$
declare
    t constant regclass := format('%I.generated_docs', current_schema())::regclass;
    c record;
begin
    if (select count(*) from pg_attribute where attrelid = t and not attisdropped
          and attname in ('source_checked_at', 'checked_at', 'published_committed_at')) <> 3 then
        -- An older table's column that happens to have one of our names keeps its data under another.
        for c in
            select a.attname from pg_attribute a
             where a.attrelid = t and a.attnum > 0 and not a.attisdropped
               and a.attname in ('source_checked_at', 'checked_at', 'published_committed_at')
        loop
            execute format('alter table %s rename column %I to %I', t, c.attname, 'legacy_' || c.attname);
            raise warning 'generated_docs: the column % is now called legacy_%.', c.attname, c.attname;
        end loop;
    end if;
    alter table generated_docs
        add column if not exists source_checked_at timestamptz,
        add column if not exists checked_at timestamptz,
        add column if not exists published_committed_at timestamptz;
    -- The remote was asked for the run that published.
    update generated_docs set checked_at = published_at where published_at is not null and checked_at is null;
end
$migration$;

comment on column generated_docs.source_checked_at is 'When the remote told the running job its newest commit.';
comment on column generated_docs.checked_at is 'When the remote was last asked by a run that completed: until then the documentation is known to be current.';
comment on column generated_docs.published_committed_at is 'The date of the published commit, as its author claims.';
