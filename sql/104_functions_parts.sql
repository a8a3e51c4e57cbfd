-- Parts: a job stores its pages, assets and symbols; readers see those of the published job only.
-- The bytes of the published job are used again. That is safe without reference counts: a job may only share bodies
-- of what is published for the same repository, reads them while it holds the row FOR KEY SHARE, and every end of
-- a job takes the row FOR UPDATE before anything becomes garbage.
-- SPDX-License-Identifier: Apache-2.0

-- Text as its words, plus the words inside its identifiers: ParseConfig is found by "config".
create or replace function docgen__vector(p_text text) returns tsvector language plpgsql immutable as $$
declare
    v_inner text;
begin
    v_inner := (select string_agg(distinct docgen__split(m[1]), ' ')
                  from regexp_matches(p_text, '([A-Za-z]+[a-z0-9][A-Z][A-Za-z0-9]*)', 'g') m);
    return to_tsvector('english', p_text) || to_tsvector('english', coalesce(v_inner, ''));
exception when program_limit_exceeded then
    -- A tsvector ends at 1 MiB; the rest of such a page is not searchable.
    return to_tsvector('english', "left"(p_text, 20000));
end $$;

-- "ParseHTTPConfig_file" is "Parse HTTP Config file".
create or replace function docgen__split(p_name text) returns text language sql immutable as $$
    select regexp_replace(regexp_replace(regexp_replace(p_name, '([a-z0-9])([A-Z])', '\1 \2', 'g'),
                                         '([A-Z])([A-Z][a-z])', '\1 \2', 'g'), '[^[:alnum:]]+', ' ', 'g')
$$;

-- A lexeme that names the repository, so that an index intersects with it first. No word has a control character.
create or replace function docgen__mark(p_repository text) returns tsvector language sql immutable as $$
    select array_to_tsvector(array[chr(1) || p_repository])
$$;

-- Markdown without most of its marks, for pages whose text the generator did not give.
create or replace function docgen__plain(p_markdown text) returns text language sql immutable as $$
    select regexp_replace(regexp_replace(regexp_replace(regexp_replace(p_markdown, '\]\([^)]*\)', ']', 'g'), '<[^>]*>', ' ', 'g'),
                                         '[][#*`|>~\\]+', ' ', 'g'), '\s+', ' ', 'g')
$$;

-- What search reads of a page: its headings, their anchors, and the text around them. Of version 1 of the protocol there
-- is the title alone.
create or replace function docgen__outline(p_title text, p_markdown text, p_headings jsonb, p_text jsonb,
                                           out headings text[], out anchors text[], out texts text[])
language sql immutable as $$
    select case when p_text is null then array[p_title] else array(select h ->> 'text' from jsonb_array_elements(p_headings) with ordinality x(h, n) order by n) end,
           case when p_text is null then array[''] else array(select h ->> 'id' from jsonb_array_elements(p_headings) with ordinality x(h, n) order by n) end,
           case when p_text is null then array['', docgen__plain(p_markdown)] else array(select t from jsonb_array_elements_text(p_text) with ordinality x(t, n) order by n) end
$$;
drop function if exists docgen__headings(text);

create or replace function docgen_store_pages(p_repository text, p_claim uuid, p_pages jsonb) returns boolean language plpgsql as $$
declare
    v_job uuid;
    v_published uuid;
begin
    select g.job_id, g.published_parts into v_job, v_published from generated_docs g
     where g.repository_id = p_repository and g.claim = p_claim and g.status = 'generating' for key share;
    if not found then
        return false;
    end if;
    with sent as (
        select distinct on (x.path) x.path, coalesce(x.title, '') as title, coalesce(x."order", 0) as ord,
               coalesce(x.markdown, '') as markdown, coalesce(x.html, '') as html,
               x.headings, x.text,
               sha256(convert_to(concat_ws(E'\x01', case when x.text is null then 1 else 2 end, x.title, x.markdown, x.html,
                                           x.headings::text, x.text::text), 'UTF8')) as hash
          from jsonb_to_recordset(p_pages) as x(path text, title text, "order" integer, markdown text, html text, headings jsonb, text jsonb)
         -- A batch that is sent again stores nothing twice.
         where not exists (select from docgen_pages p where p.job_id = v_job and p.path = x.path)
         order by x.path
    ), known as (
        select s.path, p.body from sent s join docgen_pages p on p.job_id = v_published and p.path = s.path and p.hash = s.hash
    ), fresh as (
        select s.*, nextval(pg_get_serial_sequence('docgen_bodies', 'body')) as body
          from sent s where not exists (select from known k where k.path = s.path)
    ), bodies as (
        insert into docgen_bodies (body, repository_id, hash, markdown, html, headings, anchors, texts, head, words)
        overriding system value
        select f.body, p_repository, f.hash, f.markdown, f.html, o.headings, o.anchors, o.texts,
               docgen__vector("left"(w.head, 100000)) || docgen__mark(p_repository),
               docgen__vector("left"(w.head || ' ' || array_to_string(o.texts, ' '), 150000)) || docgen__mark(p_repository)
          from fresh f cross join lateral docgen__outline(f.title, f.markdown, f.headings, f.text) o
               cross join lateral (select f.title || ' ' || array_to_string(o.headings, ' ') as head) w
    )
    insert into docgen_pages (job_id, path, title, ord, body, hash)
    select v_job, s.path, s.title, s.ord, coalesce(k.body, f.body), s.hash
      from sent s left join known k using (path) left join fresh f using (path);
    return true;
end $$;

create or replace function docgen_store_assets(p_repository text, p_claim uuid, p_assets jsonb) returns boolean language plpgsql as $$
declare
    v_job uuid;
    v_published uuid;
begin
    select g.job_id, g.published_parts into v_job, v_published from generated_docs g
     where g.repository_id = p_repository and g.claim = p_claim and g.status = 'generating' for key share;
    if not found then
        return false;
    end if;
    with sent as (
        select distinct on (x.path) x.path, x."mediaType" as media_type, d.data,
               sha256(convert_to(x."mediaType", 'UTF8') || '\x01'::bytea || d.data) as hash
          from jsonb_to_recordset(p_assets) as x(path text, "mediaType" text, base64 text)
               cross join lateral (select decode(coalesce(x.base64, ''), 'base64') as data) d
         where not exists (select from docgen_assets a where a.job_id = v_job and a.path = x.path)
         order by x.path
    ), known as (
        select s.path, a.body from sent s join docgen_assets a on a.job_id = v_published and a.path = s.path and a.hash = s.hash
    ), fresh as (
        select s.*, nextval(pg_get_serial_sequence('docgen_bodies', 'body')) as body
          from sent s where not exists (select from known k where k.path = s.path)
    ), bodies as (
        insert into docgen_bodies (body, repository_id, hash, data) overriding system value
        select f.body, p_repository, f.hash, f.data from fresh f
    )
    insert into docgen_assets (job_id, path, media_type, body, hash)
    select v_job, s.path, s.media_type, coalesce(k.body, f.body), s.hash
      from sent s left join known k using (path) left join fresh f using (path);
    return true;
end $$;

create or replace function docgen_store_symbols(p_repository text, p_claim uuid, p_symbols jsonb) returns boolean language plpgsql as $$
declare
    v_job uuid;
begin
    select g.job_id into v_job from generated_docs g
     where g.repository_id = p_repository and g.claim = p_claim and g.status = 'generating' for key share;
    if not found then
        return false;
    end if;
    insert into docgen_symbols (job_id, symbol, name, kind, page, anchor, words, visibility, signature, summary, parent, file, first_line, last_line)
    select v_job, md5(jsonb_build_array(x.name, x.kind, x.page, x.anchor)::text)::uuid, x.name, coalesce(x.kind, ''), coalesce(x.page, ''),
           coalesce(x.anchor, ''),
           to_tsvector('simple', "left"(docgen__split("left"(x.name, 1000)) || ' ' || "left"(x.name, 1000), 2000)) || docgen__mark(p_repository),
           x.visibility, x.signature, x.summary, x.parent, x.file, x.line, x."endLine"
      from jsonb_to_recordset(p_symbols) as x(name text, kind text, page text, anchor text, visibility text, signature text, summary text,
                                              parent text, file text, line integer, "endLine" integer)
     where x.name <> ''
    on conflict do nothing;
    return true;
end $$;

create or replace function docgen_store_facts(p_repository text, p_claim uuid, p_facts jsonb) returns boolean language plpgsql as $$
declare
    v_job uuid;
begin
    select g.job_id into v_job from generated_docs g
     where g.repository_id = p_repository and g.claim = p_claim and g.status = 'generating' for key share;
    if not found then
        return false;
    end if;
    insert into docgen_facts (job_id, facts) values (v_job, p_facts) on conflict (job_id) do update set facts = excluded.facts;
    return true;
end $$;

-- What is published of these repositories' facts.
create or replace function docgen_facts(p_repositories text[])
returns table (repository_id text, facts text) language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
        select g.repository_id, f.facts::text from generated_docs g join docgen_facts f on f.job_id = g.published_parts
         where g.repository_id = any (p_repositories);
end $$;

create or replace function docgen_pages(p_repository text)
returns table (path text, title text, "order" integer) language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
        select p.path, p.title, p.ord from generated_docs g join docgen_pages p on p.job_id = g.published_parts
         where g.repository_id = p_repository order by p.ord, p.path;
end $$;

-- One join: two statements would miss the page when a new version is published between them.
create or replace function docgen_page(p_repository text, p_path text)
returns table (title text, markdown text, html text, published_job_id text, commit text, branch text, published_ms bigint,
               status text, server_ms bigint) language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
        select p.title, b.markdown, b.html, g.published_job_id::text, g.published_commit, g.published_branch,
               (date_part('epoch', g.published_at) * 1000)::bigint, g.status, (date_part('epoch', clock_timestamp()) * 1000)::bigint
          from generated_docs g join docgen_pages p on p.job_id = g.published_parts join docgen_bodies b on b.body = p.body
         where g.repository_id = p_repository and p.path = p_path;
end $$;

create or replace function docgen_asset(p_repository text, p_path text)
returns table (media_type text, base64 text, published_job_id text) language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
        select a.media_type, translate(encode(b.data, 'base64'), E'\n', ''), g.published_job_id::text
          from generated_docs g join docgen_assets a on a.job_id = g.published_parts join docgen_bodies b on b.body = a.body
         where g.repository_id = p_repository and a.path = p_path;
end $$;

-- The place of a symbol, best first: the name as written, then in any case.
create or replace function docgen_symbol(p_repository text, p_name text)
returns table (page text, anchor text, kind text) language plpgsql stable as $$
#variable_conflict use_column
begin
    return query
        select s.page, s.anchor, s.kind
          from generated_docs g join docgen_symbols s on s.job_id = g.published_parts
         where g.repository_id = p_repository and lower("left"(s.name, 200)) = lower("left"(p_name, 200)) and lower(s.name) = lower(p_name)
         order by s.name = p_name desc, s.page, s.anchor limit 20;
end $$;

do $$ begin perform docgen__seal(); end $$;
