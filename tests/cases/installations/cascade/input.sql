create table generated_docs (repository_id text primary key references repositories (name) on delete cascade, status text, progress int, error_message text);
insert into generated_docs values ('r1', 'completed', 100, null), ('r2', 'idle', 0, null);
