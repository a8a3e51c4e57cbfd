create table generated_docs (
    id uuid primary key default gen_random_uuid(), repository_id text not null, status varchar(20) default 'idle', progress int default 0, error_message text);
alter table generated_docs enable row level security;
create policy own on generated_docs for select using (exists (select from repositories r where r.name = generated_docs.repository_id));
create policy "only idle" on generated_docs as restrictive for update to public using (status <> 'generating') with check (progress >= 0);
create index by_status on generated_docs (status) where status = 'generating';
insert into generated_docs (repository_id, status) values ('r1', 'pending'), ('r2', 'completed');
