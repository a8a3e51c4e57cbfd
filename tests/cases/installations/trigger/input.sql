create table generated_docs (repository_id uuid, user_id uuid references users, status text default 'pending', progress int default 0, error_message text);
alter table generated_docs enable row level security;
create policy own on generated_docs using (user_id = current_user_id());
create function owner_of() returns trigger language plpgsql as $$ begin
    select user_id into new.user_id from repositories where id = new.repository_id;
    return new;
end $$;
create trigger owned before insert or update on generated_docs for each row execute function owner_of();
insert into generated_docs (repository_id, status) select id, 'generating' from repositories;
