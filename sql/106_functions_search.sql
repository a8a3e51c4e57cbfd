-- Search over what is published: the exact public symbol first, then titles and headings, then text. Each source
-- gives a bounded number of candidates before anything is ranked, so a common word costs no more than a rare one.
-- SPDX-License-Identifier: Apache-2.0

drop function if exists docgen__similar(text, integer);

-- Typing errors in symbol names need pg_trgm, which may be installed in any schema or not at all.
do $migration$
declare
    v_schema text;
begin
    begin
        create extension if not exists pg_trgm;
    exception when others then
        raise warning 'The extension pg_trgm is not available (%), so search forgives no typing errors in symbol names: '
            'let an administrator run "create extension pg_trgm" before the next migration.', sqlerrm;
    end;
    select quote_ident(n.nspname) into v_schema from pg_extension x join pg_namespace n on n.oid = x.extnamespace where x.extname = 'pg_trgm';
    if v_schema is not null then
        -- Asked for only when it is missing: the command locks writers out even when the index exists.
        if to_regclass(format('%I.docgen_symbols_similar', current_schema())) is null then
            execute format('create index docgen_symbols_similar on docgen_symbols using gin (lower("left"(name, 200)) %s.gin_trgm_ops)', v_schema);
        end if;
        execute format($f$
            create or replace function docgen__similar(p_name text, p_jobs uuid[], p_max integer)
            returns table (job_id uuid, symbol uuid, similarity real) language plpgsql stable as $$
            #variable_conflict use_column
            begin
                -- The index knows nothing of jobs: where there are few symbols they are looked at one by one.
                if (select count(*) from (select from docgen_symbols s where s.job_id = any (p_jobs) limit 4001) few) <= 4000 then
                    return query
                        select s.job_id, s.symbol, %1$s.similarity(lower("left"(s.name, 200)), lower(p_name))
                          from (select * from docgen_symbols where job_id = any (p_jobs) offset 0) s
                         where lower("left"(s.name, 200)) operator(%1$s.%%) lower(p_name) limit p_max;
                else
                    return query
                        select s.job_id, s.symbol, %1$s.similarity(lower("left"(s.name, 200)), lower(p_name))
                          from docgen_symbols s where lower("left"(s.name, 200)) operator(%1$s.%%) lower(p_name)
                           and (s.job_id in (select unnest(p_jobs))) is true limit p_max;
                end if;
            end
            $$ $f$, v_schema);
    else
        create or replace function docgen__similar(p_name text, p_jobs uuid[], p_max integer)
        returns table (job_id uuid, symbol uuid, similarity real) language sql stable as $$
            select null::uuid, null::uuid, null::real where false
        $$;
    end if;
end
$migration$;

-- A piece of a plain text around its place `p_from`; hits stand between chr(2) and chr(3). Where the words are only inside
-- identifiers, the identifiers are marked.
create or replace function docgen__excerpt(p_text text, p_from integer, p_query tsquery, p_words text[]) returns text
language plpgsql stable as $$
declare
    v_piece text := translate(substr(p_text, greatest(1, p_from - 120), 700), chr(2) || chr(3), '');
begin
    if p_from > 121 then
        v_piece := regexp_replace(v_piece, '^\S*\s', '');
    end if;
    v_piece := ts_headline('english', v_piece, p_query,
                           'StartSel="' || chr(2) || '", StopSel="' || chr(3) || '", MaxWords=40, MinWords=20, ShortWord=2');
    if strpos(v_piece, chr(2)) = 0 and cardinality(p_words) > 0 then
        v_piece := regexp_replace(v_piece, '(\w*(?:' || array_to_string(p_words, '|') || ')\w*)', chr(2) || '\1' || chr(3), 'gi');
    end if;
    return btrim(v_piece);
end $$;

-- Where there is something to search: what is published of the registered repositories and of these. Asked before every
-- search over everything, where docgen_list would cost more than the search.
create or replace function docgen_published(p_repositories text[]) returns table (repository_id text) language sql stable as $$
    select g.repository_id from generated_docs g left join docgen_repositories r on r.repository_id = g.repository_id
     where g.published_parts is not null and (r.registered or g.repository_id in (select unnest(p_repositories)))
     order by g.repository_id
$$;

-- A hit before it is shown; `body` is null for a symbol.
do $migration$
begin
    if to_regtype(format('%I.docgen__hit', current_schema())) is null then
        create type docgen__hit as (kind text, job_id uuid, path text, body bigint, name text, symbol_kind text, anchor text, score real);
        revoke all on type docgen__hit from public;
    end if;
end
$migration$;

-- Planning took most of a search, so these are written to have one sensible plan, which is then kept: "offset 0" makes the
-- index of words answer row by row, and "(… in (select …)) is true" is looked up in a hash table of the jobs for each.

-- Symbols that `p_words` fits, and those of exactly this name, which a common word must not crowd out.
create or replace function docgen__find_symbols(p_query text, p_words tsquery, p_score real, p_jobs uuid[], p_max integer) returns docgen__hit[]
language plpgsql stable as $$
begin
    return (select array_agg(row('symbol', s.job_id, s.page, null, s.name, s.kind, s.anchor,
                         case when s.name = p_query then 10 when lower(s.name) = lower(p_query) then 9
                              when lower(regexp_replace(s.name, '^.*[.:#/>]', '')) = lower(p_query) then 8
                              else p_score end - least(length(s.name), 400) / 1000.0)::docgen__hit)
      from (
        select distinct on (u.job_id, u.symbol) u.* from (
            (select s.* from (select job_id, symbol, name, kind, page, anchor from docgen_symbols
                               where lower("left"(name, 200)) = lower(p_query) offset 0) s
              where (s.job_id in (select unnest(p_jobs))) is true limit p_max)
            union all
            (select s.* from (select job_id, symbol, name, kind, page, anchor from docgen_symbols where words @@ p_words offset 0) s
              where (s.job_id in (select unnest(p_jobs))) is true limit p_max)
        ) u
      ) s);
end $$;

create or replace function docgen__find_headings(p_text tsquery, p_match tsquery, p_jobs uuid[], p_max integer) returns docgen__hit[]
language plpgsql stable as $$
begin
    return (select array_agg(h.hit) from (
        select row('heading', p.job_id, p.path, b.body, null, null, null,
                   3 + ts_rank(b.head, p_text) + (to_tsvector('english', p.title) @@ p_text)::integer)::docgen__hit as hit
          from (select body, head from docgen_bodies where head @@ p_match offset 0) b join docgen_pages p on p.body = b.body
         where (p.job_id in (select unnest(p_jobs))) is true limit p_max) h);
end $$;

-- Pages whose text fits; those with a fitting heading are hits already.
create or replace function docgen__find_texts(p_text tsquery, p_match tsquery, p_jobs uuid[], p_max integer) returns docgen__hit[]
language plpgsql stable as $$
begin
    return (select array_agg(h.hit) from (
        select row('text', p.job_id, p.path, b.body, null, null, null, 1 + ts_rank(b.words, p_text, 32))::docgen__hit as hit
          from (select body, words from docgen_bodies where words @@ p_match and not head @@ p_match offset 0) b
               join docgen_pages p on p.body = b.body
         where (p.job_id in (select unnest(p_jobs))) is true limit p_max) h);
end $$;

create or replace function docgen__find_similar(p_query text, p_jobs uuid[]) returns docgen__hit[] language plpgsql stable as $$
begin
    -- One wrong letter of five. As an option of the function only a superuser could set it.
    perform set_config('pg_trgm.similarity_threshold', case when length(p_query) <= 6 then '0.32' else '0.45' end, true);
    return (select array_agg(row('symbol', s.job_id, s.page, null, s.name, s.kind, s.anchor,
                                 3 + x.similarity - least(length(s.name), 400) / 1000.0)::docgen__hit)
              from (select * from docgen__similar(p_query, p_jobs, 2000) order by similarity desc limit 20) x
                   join docgen_symbols s on s.job_id = x.job_id and s.symbol = x.symbol);
end $$;

-- The page of hits that is shown. Its plan sees how many hits and jobs there are.
create or replace function docgen__best(p_hits docgen__hit[], p_jobs uuid[], p_ids text[], p_limit integer, p_offset integer)
returns table (repository_id text, hit docgen__hit) language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
    return query
        select j.id, h from unnest(p_hits) h join unnest(p_jobs, p_ids) j(job, id) on j.job = h.job_id
         order by h.score desc, j.id, h.path, h.name, h.anchor limit p_limit offset p_offset;
end $$;

-- In stages, best first: every hit of a stage ranks above every hit of the next, so a stage is asked only while the
-- page of hits is not full. No plan reads a whole table because a word looks common.
create or replace function docgen_search(p_query text, p_repositories text[], p_limit integer, p_offset integer)
returns table (repository_id text, path text, title text, heading text, excerpt text, kind text, anchor text, rank real)
language plpgsql stable
set plan_cache_mode = force_generic_plan set enable_seqscan = off set client_min_messages = warning as $$
#variable_conflict use_column
declare
    v_query text := btrim("left"(coalesce(p_query, ''), 200));
    v_limit integer := least(greatest(coalesce(p_limit, 20), 0), 100);
    v_offset integer := least(greatest(coalesce(p_offset, 0), 0), 1000);
    v_wanted integer := v_limit + v_offset;
    -- Of how many hits the best are chosen. Pages of the same hits need the same pool.
    v_pool integer := case when v_wanted <= 200 then 300 else 1200 end;
    v_split text := docgen__split(v_query);
    v_text tsquery := websearch_to_tsquery('english', v_query);
    v_match tsquery;
    v_whole tsquery;
    v_prefix tsquery;
    v_mark tsquery;
    v_words text[];
    v_jobs uuid[];
    v_ids text[];
    v_hits docgen__hit[];
    v_lexemes text[] := tsvector_to_array(to_tsvector('english', v_query || ' ' || v_split));
begin
    if v_query = '' or v_limit = 0 then
        return;
    end if;
    select array_agg(g.published_parts), array_agg(g.repository_id) into v_jobs, v_ids
      from generated_docs g where g.repository_id = any (p_repositories) and g.published_parts is not null;
    if v_jobs is null then
        return;
    end if;
    if v_split <> v_query then
        v_text := v_text || plainto_tsquery('english', v_split);
    end if;
    select array_agg(w.w), string_agg(quote_literal(w.w), ' & ')::tsquery, string_agg(quote_literal(w.w) || ':*', ' & ')::tsquery
      into v_words, v_whole, v_prefix
      from (select w from unnest(string_to_array(lower(btrim(v_split)), ' ')) w where w <> '' limit 12) w;
    if numnode(v_text) = 0 and v_words is not null then
        v_text := plainto_tsquery('simple', array_to_string(v_words, ' '));   -- only stop words
    end if;
    v_match := v_text;
    -- A few repositories are named to the index; of many the hits are filtered, they are most of what is stored.
    if cardinality(v_ids) <= 24 then
        v_mark := (select string_agg(quote_literal(chr(1) || i), ' | ') from unnest(v_ids) i)::tsquery;
        v_match := v_text && v_mark;
        v_whole := v_whole && v_mark;
        v_prefix := v_prefix && v_mark;
    end if;

    v_hits := docgen__find_symbols(v_query, v_whole, 6.5, v_jobs, v_pool);
    if v_prefix is not null and coalesce(cardinality(v_hits), 0) < v_wanted then
        v_hits := v_hits || docgen__find_symbols(null, v_prefix && !!v_whole, 5.5, v_jobs, v_pool);   -- beginnings of words
    end if;
    if coalesce(cardinality(v_hits), 0) < v_wanted then
        v_hits := v_hits || docgen__find_headings(v_text, v_match, v_jobs, v_pool);
    end if;
    if coalesce(cardinality(v_hits), 0) < v_wanted then
        v_hits := v_hits || docgen__find_texts(v_text, v_match, v_jobs, v_pool);
    end if;
    if coalesce(cardinality(v_hits), 0) = 0 and v_query ~ '^[^[:space:]]{4,60}$' then
        v_hits := docgen__find_similar(v_query, v_jobs);   -- found nowhere as it is written
    end if;

    return query
    with best as (
        select x.repository_id, (x.hit).*, x.n from docgen__best(v_hits, v_jobs, v_ids, v_limit, v_offset) with ordinality x(repository_id, hit, n)
    )
    select b.repository_id, b.path, coalesce(p.title, ''),
           coalesce(b.name, place.heading),
           case when b.kind = 'symbol' then concat_ws(': ', coalesce(nullif(b.symbol_kind, '') || ' ', '') || chr(2) || translate(b.name, chr(2) || chr(3), '') || chr(3),
                                                      (select nullif(translate("left"(s.summary, 300), chr(2) || chr(3), ''), '') from docgen_symbols s
                                                        where s.job_id = b.job_id and s.page = b.path and s.anchor = b.anchor and s.name = b.name limit 1))
                else docgen__excerpt(place.text, place.at, v_text, v_words) end,
           b.kind, coalesce(b.anchor, place.anchor, ''), b.score
      from best b
      left join docgen_pages p on p.job_id = b.job_id and p.path = b.path
      left join docgen_bodies d on d.body = b.body
      left join lateral (
          -- where the hit is: of a heading the one that matches, else the section with most of the query's words
          select t.heading, t.anchor, t.text, coalesce(w.at, 1) as at
            from (select null, null, coalesce(d.texts[1], docgen__plain(d.markdown)), 0
                  union all
                  select h.heading, h.anchor, coalesce(d.texts[h.n + 1], ''), h.n
                    from unnest(d.headings, d.anchors) with ordinality h(heading, anchor, n)) t(heading, anchor, text, n)
            cross join lateral (
                select count(*) as words, min(x.at) as at
                  from (select nullif(strpos(lower(t.text), l), 0) as at, strpos(lower(t.heading), l) as titled
                          from unnest(v_lexemes) l) x where x.at > 0 or x.titled > 0) w
           order by b.kind = 'heading' and coalesce(to_tsvector('english', t.heading || ' ' || docgen__split(t.heading)) @@ v_text, false) desc,
                    w.words desc, t.n limit 1
      ) place on b.kind <> 'symbol'
     order by b.n;
end $$;

do $$ begin perform docgen__seal(); end $$;
