create type doc_status as enum ('idle', 'generating', 'completed', 'failed');
create table generated_docs (repository_id text, status doc_status default 'idle', progress numeric, error_message varchar(255), generation_started_at timestamp,
    is_done boolean generated always as (status = 'completed'::doc_status) stored, check (progress <= 100));
create index active on generated_docs (status) where status = 'generating'::doc_status;
create view running as select repository_id, progress from generated_docs where status = 'generating';
create view running_names with (security_barrier = true) as select repository_id from running;
alter table generated_docs add constraint failed_says_why check (status <> 'failed'::doc_status or error_message is not null);
alter table generated_docs force row level security;
insert into generated_docs (repository_id, status, progress, error_message) values
    ('owner/name', 'completed', 100, null), ('good', 'generating', 33.3, null), ('good', 'generating', 66, 'x'), (null, 'failed', 0, 'e'), ('a b', 'failed', 0, 'why');
