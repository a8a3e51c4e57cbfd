-- What the generator says of pages, symbols and the repository since version 2 of its protocol.
-- SPDX-License-Identifier: Apache-2.0

-- One more than headings: the text before the first heading, then the text below each. Null: stored before this column was.
alter table docgen_bodies add column if not exists texts text[];

alter table docgen_symbols
    add column if not exists visibility text,
    add column if not exists signature text,
    add column if not exists summary text,
    add column if not exists parent text,
    add column if not exists file text,
    add column if not exists first_line integer,
    add column if not exists last_line integer;

-- What the repository is, as the job that stored it found: a part of that job like its pages.
create table if not exists docgen_facts (
    job_id uuid primary key,
    facts jsonb not null
);
