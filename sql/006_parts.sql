-- The parts of a job: pages, assets, symbols. They belong to the job that stored them and are visible only
-- while generated_docs.published_parts names it. The bytes live in docgen_bodies and are shared by the jobs of
-- one repository; parts that nobody can see any more are listed in docgen_garbage and removed in small steps.
-- SPDX-License-Identifier: Apache-2.0

create table if not exists docgen_bodies (
    body bigint generated always as identity primary key,
    repository_id text not null,
    hash bytea not null,
    markdown text,
    html text,
    data bytea,
    headings text[],
    anchors text[],
    words tsvector,
    head tsvector,
    constraint docgen_body_is_page_or_asset check ((data is null) = (html is not null))
) with (autovacuum_vacuum_scale_factor = 0.05, toast.autovacuum_vacuum_scale_factor = 0.05);

create table if not exists docgen_pages (
    job_id uuid not null,
    path text not null,
    title text not null,
    ord integer not null,
    body bigint not null,
    hash bytea not null,
    primary key (job_id, path)
) with (autovacuum_vacuum_scale_factor = 0.05);
create index if not exists docgen_pages_body on docgen_pages (body);

create table if not exists docgen_assets (
    job_id uuid not null,
    path text not null,
    media_type text not null,
    body bigint not null,
    hash bytea not null,
    primary key (job_id, path)
) with (autovacuum_vacuum_scale_factor = 0.05);
create index if not exists docgen_assets_body on docgen_assets (body);

create table if not exists docgen_symbols (
    job_id uuid not null,
    symbol uuid not null,
    name text not null,
    kind text not null,
    page text not null,
    anchor text not null,
    words tsvector,
    primary key (job_id, symbol)
) with (autovacuum_vacuum_scale_factor = 0.05);
create index if not exists docgen_symbols_name on docgen_symbols (lower("left"(name, 200)), job_id);

create table if not exists docgen_garbage (
    job_id uuid primary key,
    since timestamptz not null
);
