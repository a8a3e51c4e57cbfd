create table generated_docs (
    id uuid primary key default gen_random_uuid(), repository_id uuid not null references repositories on delete cascade,
    docs jsonb default '{}', status text default 'pending', progress int default 0, error_message text, updated_at timestamptz default now());
alter table generated_docs enable row level security;
create policy own on generated_docs for select
    using (exists (select from repositories r where r.id = generated_docs.repository_id and r.user_id = current_user_id()));
create policy everybody on generated_docs for insert with check (true);
create trigger touched before update on generated_docs for each row execute function touch();
insert into generated_docs (repository_id, docs, status, progress, updated_at) values
    ('11111111-0000-0000-0000-000000000001', '{"page": 1}', 'completed', 100, now() - interval '1 day'),
    ('11111111-0000-0000-0000-000000000001', '{}', 'failed', 0, now()), ('11111111-0000-0000-0000-000000000002', '{}', null, null, now());
