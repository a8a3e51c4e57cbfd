-- What exists and who works: repositories, hosts, owners (a child process each), the sweepers' pulse and
-- this installation's id. No foreign keys to generated_docs: cascades deadlock with jobs; docgen_forget cleans up.
-- SPDX-License-Identifier: Apache-2.0

-- A forgotten repository stays as a tombstone (url null, not registered), so that forget and request
-- always meet on a row they can lock.
create table if not exists docgen_repositories (
    repository_id text primary key,
    url text,
    branch text,
    title text,
    registered boolean not null default false,
    changed_at timestamptz not null default clock_timestamp(),
    constraint docgen_registered_has_url check (not registered or url is not null)
);

create table if not exists docgen_hosts (
    host uuid primary key,
    seen timestamptz not null default clock_timestamp()
) with (fillfactor = 50);

create table if not exists docgen_owners (
    owner uuid primary key,
    host uuid not null,
    pid integer not null,
    started bigint not null,
    seen timestamptz not null default clock_timestamp()
) with (fillfactor = 50);
-- One that ended stays for a while: a statement that it sent before may still be on its way.
alter table docgen_owners add column if not exists ended boolean not null default false;

-- When a sweeper last reached this database. A gap means that owners could not reach it either.
create table if not exists docgen_pulse (
    one boolean primary key default true check (one),
    seen timestamptz not null,
    pruned timestamptz not null
) with (fillfactor = 50);
insert into docgen_pulse (seen, pruned) values (clock_timestamp(), clock_timestamp()) on conflict do nothing;

create table if not exists docgen_installation (
    one boolean primary key default true check (one),
    installation_id uuid not null
);
insert into docgen_installation (installation_id) values (gen_random_uuid()) on conflict do nothing;
