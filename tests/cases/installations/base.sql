-- What such a database has before: users and repositories of an application.
create table users (id uuid primary key default gen_random_uuid());
create table repositories (id uuid primary key, user_id uuid references users on delete cascade, name text unique not null);
create function current_user_id() returns uuid language sql stable as $$ select null::uuid $$;
create function touch() returns trigger language plpgsql as $$ begin new.updated_at = now(); return new; end $$;
insert into repositories (id, name) select ('11111111-0000-0000-0000-0000000000' || lpad(i::text, 2, '0'))::uuid, 'r' || i from generate_series(1, 9) i;
