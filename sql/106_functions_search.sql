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
            returns table (job_id uuid, symbol uuid, similarity real) language sql stable as $$
                select s.job_id, s.symbol, %1$s.similarity(lower("left"(s.name, 200)), lower(p_name))
                  from docgen_symbols s where lower("left"(s.name, 200)) operator(%1$s.%%) lower(p_name) and s.job_id = any (p_jobs)
                 limit p_max
            $$ $f$, v_schema);
    else
        create or replace function docgen__similar(p_name text, p_jobs uuid[], p_max integer)
        returns table (job_id uuid, symbol uuid, similarity real) language sql stable as $$
            select null::uuid, null::uuid, null::real where false
        $$;
    end if;
end
$migration$;

-- A piece of a page around the first hit, as plain text; hits stand between chr(2) and chr(3). Where the words are only
-- inside identifiers, the identifiers are marked.
create or replace function docgen__excerpt(p_markdown text, p_from integer, p_query tsquery, p_words text[]) returns text
language plpgsql stable as $$
declare
    v_piece text := translate(substr(p_markdown, greatest(1, p_from - 120), 700), chr(2) || chr(3), '');
begin
    v_piece := regexp_replace(regexp_replace(v_piece, '\]\([^)]*\)', ']', 'g'), '<[^>]*>', ' ', 'g');
    if p_from > 121 then
        v_piece := regexp_replace(v_piece, '^\S*\s', '');
    end if;
    v_piece := regexp_replace(regexp_replace(v_piece, '[][#*`|>~\\]+', ' ', 'g'), '\s+', ' ', 'g');
    v_piece := ts_headline('english', v_piece, p_query,
                           'StartSel="' || chr(2) || '", StopSel="' || chr(3) || '", MaxWords=40, MinWords=20, ShortWord=2');
    if strpos(v_piece, chr(2)) = 0 and cardinality(p_words) > 0 then
        v_piece := regexp_replace(v_piece, '(\w*(?:' || array_to_string(p_words, '|') || ')\w*)', chr(2) || '\1' || chr(3), 'gi');
    end if;
    return btrim(v_piece);
end $$;

-- Plans see the real query, and never read a whole table because a word looks common.
create or replace function docgen_search(p_query text, p_repositories text[], p_limit integer, p_offset integer)
returns table (repository_id text, path text, title text, heading text, excerpt text, kind text, anchor text, rank real)
language plpgsql stable
set plan_cache_mode = force_custom_plan set enable_seqscan = off set client_min_messages = warning set pg_trgm.similarity_threshold = 0.45 as $$
#variable_conflict use_column
declare
    v_query text := btrim("left"(coalesce(p_query, ''), 200));
    v_limit integer := least(greatest(coalesce(p_limit, 20), 0), 100);
    v_offset integer := least(greatest(coalesce(p_offset, 0), 0), 1000);
    v_pool integer := 200;
    v_text tsquery;
    v_whole tsquery;
    v_prefix tsquery;
    v_mark tsquery;
    v_words text[];
    v_jobs uuid[];
    v_ids text[];
    v_symbols uuid[];
    v_symbol_jobs uuid[];
    v_similar real[];
begin
    if v_query = '' or v_limit = 0 then
        return;
    end if;
    select array_agg(g.published_parts), array_agg(g.repository_id) into v_jobs, v_ids
      from generated_docs g where g.repository_id = any (p_repositories) and g.published_parts is not null;
    if v_jobs is null then
        return;
    end if;
    v_pool := least(1200, v_pool + v_limit + v_offset);
    -- A few repositories are named to the index; of many the hits are filtered, they are most of what is stored.
    if cardinality(v_ids) <= 24 then
        v_mark := (select string_agg(quote_literal(chr(1) || i), ' | ') from unnest(v_ids) i)::tsquery;
    end if;
    v_text := websearch_to_tsquery('english', v_query);
    if docgen__split(v_query) <> v_query then
        v_text := v_text || plainto_tsquery('english', docgen__split(v_query));
    end if;
    v_words := array(select w from unnest(string_to_array(lower(btrim(docgen__split(v_query))), ' ')) w where w <> '' limit 12);
    if numnode(v_text) = 0 and cardinality(v_words) > 0 then
        v_text := plainto_tsquery('simple', array_to_string(v_words, ' '));   -- only stop words
    end if;
    v_whole := (select string_agg(quote_literal(w), ' & ') from unnest(v_words) w)::tsquery;
    v_prefix := (select string_agg(quote_literal(w) || ':*', ' & ') from unnest(v_words) w)::tsquery;
    if v_mark is not null then
        v_whole := v_whole && v_mark;
        v_prefix := v_prefix && v_mark;
    end if;

    -- Symbols: the name itself, then its words, then their beginnings, then what looks like it.
    select array_agg(s.symbol), array_agg(s.job_id) into v_symbols, v_symbol_jobs from (
        (select s.symbol, s.job_id from docgen_symbols s
          where lower("left"(s.name, 200)) = lower(v_query) and s.job_id = any (v_jobs) limit v_pool)
        union
        (select s.symbol, s.job_id from docgen_symbols s where s.words @@ v_whole and s.job_id = any (v_jobs) limit v_pool)
    ) s;
    if coalesce(cardinality(v_symbols), 0) < v_limit + v_offset and v_prefix is not null then
        select array_agg(s.symbol), array_agg(s.job_id) into v_symbols, v_symbol_jobs from (
            select u.symbol, u.job_id from unnest(v_symbols, v_symbol_jobs) u(symbol, job_id)
            union
            (select s.symbol, s.job_id from docgen_symbols s where s.words @@ v_prefix and s.job_id = any (v_jobs) limit v_pool)
        ) s;
    end if;
    if v_symbols is null and v_query ~ '^[^[:space:]]{4,60}$'
       and not exists (select from docgen_bodies b where b.words @@ (case when v_mark is null then v_text else v_text && v_mark end)) then
        -- Found nowhere as it is written.
        if length(v_query) <= 6 then
            perform set_config('pg_trgm.similarity_threshold', '0.32', true);   -- one wrong letter of five; until this function ends
        end if;
        select array_agg(s.symbol), array_agg(s.job_id), array_agg(s.similarity) into v_symbols, v_symbol_jobs, v_similar
          from (select x.* from docgen__similar(v_query, v_jobs, 2000) x order by x.similarity desc limit 20) s;
    end if;

    return query
    with shown as (
        select * from unnest(v_jobs, v_ids) j(job_id, repository_id)
    ), heads as materialized (
        select b.body, ts_rank(b.head, v_text) as weight from docgen_bodies b
         where b.head @@ (case when v_mark is null then v_text else v_text && v_mark end) limit v_pool * 2
    ), texts as materialized (
        select b.body, ts_rank(b.words, v_text, 32) as weight from docgen_bodies b
         where b.words @@ (case when v_mark is null then v_text else v_text && v_mark end) limit v_pool * 2
    ), hits as (
        select j.repository_id, s.page as path, s.job_id, s.name, s.kind as symbol_kind, s.anchor as place, null::bigint as body, 'symbol' as kind,
               (case when s.name = v_query then 10 when lower(s.name) = lower(v_query) then 9
                     when lower(regexp_replace(s.name, '^.*[.:#/>]', '')) = lower(v_query) then 8
                     when u.similarity is not null then 3 + u.similarity
                     when s.words @@ v_whole then 6.5 else 5 end - least(length(s.name), 400) / 1000.0)::real as score
          from unnest(v_symbols, v_symbol_jobs, v_similar) u(symbol, job_id, similarity)
          join docgen_symbols s on s.job_id = u.job_id and s.symbol = u.symbol
          join shown j on j.job_id = s.job_id
        union all
        select j.repository_id, p.path, p.job_id, null, null, null, p.body, 'heading', (3 + h.weight + (to_tsvector('english', p.title) @@ v_text)::integer)::real
          from heads h join docgen_pages p on p.body = h.body join shown j on j.job_id = p.job_id
        union all
        select j.repository_id, p.path, p.job_id, null, null, null, p.body, 'text', (1 + t.weight)::real
          from texts t join docgen_pages p on p.body = t.body join shown j on j.job_id = p.job_id
         where not exists (select from heads h where h.body = t.body)
    ), best as (
        select h.*, row_number() over (order by h.score desc, h.repository_id, h.path, h.name) as n from hits h
         order by n limit v_limit offset v_offset
    )
    select b.repository_id, b.path, coalesce(p.title, ''),
           coalesce(b.name, place.heading),
           case when b.kind = 'symbol' then coalesce(nullif(b.symbol_kind, '') || ' ', '') || chr(2) || translate(b.name, chr(2) || chr(3), '') || chr(3)
                else docgen__excerpt(d.markdown, place.at, v_text, v_words) end,
           b.kind, coalesce(b.place, place.anchor, ''), b.score
      from best b
      left join docgen_pages p on p.job_id = b.job_id and p.path = b.path
      left join docgen_bodies d on d.body = b.body
      left join lateral (
          -- where the hit is: the heading that matches, or the first word of the query and the heading above it
          select case when b.kind = 'heading' then coalesce(nullif(f.at, 0), 1) else w.at end as at, f.heading, f.anchor
            from (select coalesce(min(nullif(strpos(lower(d.markdown), l), 0)), 1) as at
                    from unnest(tsvector_to_array(to_tsvector('english', v_query))) l) w
            left join lateral (
                select t.heading, t.anchor, strpos(d.markdown, t.heading) as at from unnest(d.headings, d.anchors) with ordinality t(heading, anchor, n)
                 where case when b.kind = 'heading' then to_tsvector('english', t.heading || ' ' || docgen__split(t.heading)) @@ v_text
                            else strpos(d.markdown, t.heading) between 1 and w.at end
                 order by case when b.kind = 'heading' then t.n else -t.n end limit 1) f on true
           where b.kind <> 'symbol'
      ) place on true
     order by b.n;
end $$;

do $$ begin perform docgen__seal(); end $$;
