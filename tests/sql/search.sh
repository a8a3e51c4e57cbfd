# Search: what is found, in which order, and that nothing else is.
# SPDX-License-Identifier: Apache-2.0
ready_database search
# As old clients have it: the functions must not count on what a session sets.
q "alter database search set standard_conforming_strings = off; alter database search set backslash_quote = off;
   alter database search set default_text_search_config = 'german'; alter database search set pg_trgm.similarity_threshold = 1" > /dev/null
fill() { # REPOSITORY JOB CLAIM
    q "$(request "$1" "$2")" > /dev/null; q "$(take "$1" "$3")" > /dev/null
    { echo 'set standard_conforming_strings = on;'; cat; } <<SQL | run_sql > "$scratch/out"
select docgen_store_pages('$1', '$3', '[
 {"path":"index","title":"Overview","order":1,"markdown":"# Overview\n\nAbout the *configuration* of <b>$1</b>.\n\n## Reading files\n\nThe ParseHTTPConfig function reads [files](http://x).",
  "html":"<h1 id=\"overview\">Overview</h1>",
  "headings":[{"level":1,"id":"overview","text":"Overview"},{"level":2,"id":"reading-files","text":"Reading files"}],
  "text":["","About the configuration of one.","The ParseHTTPConfig function reads files."]},
 {"path":"other","title":"Lock \u0026 key","order":2,"markdown":"# Lock & key\n\nNothing about reading here, but a lock.","html":"<h1 id=\"lock\">Lock &amp; key</h1>",
  "headings":[{"level":1,"id":"lock","text":"Lock & key"}], "text":["","Nothing about reading here, but a lock."]},
 {"path":"plain","title":"Plain file","order":3,"markdown":"only **bold** [words](http://y)","html":"<h2 id=\"no\">no</h2>"}]');
select docgen_store_symbols('$1', '$3', '[
 {"name":"Parser.parseConfig","kind":"method","page":"index","anchor":"a"}, {"name":"parse_config","kind":"function","page":"index","anchor":"b"},
 {"name":"parse","kind":"function","page":"index","anchor":"c","summary":"Reads <all> of it."}, {"name":"Parse","kind":"type","page":"index","anchor":"d"}]');
SQL
    q "select docgen_complete('$1', '$2', '$3', ${4:-3})" > /dev/null
}
fill one "$(uuid 1)" "$(uuid 11)"
fill two "$(uuid 2)" "$(uuid 12)"
find() { echo "select string_agg(kind || ' ' || coalesce(heading, '-'), ', ') from docgen_search('$1', '{${2:-one}}', ${3:-10}, ${4:-0})"; }
eq "the exact symbol is first, then its case, then names with the word, then text" \
    "symbol parse, symbol Parse, symbol parse_config, symbol Parser.parseConfig, text Reading files" "$(find parse)"
eq "a word inside names" "symbol parse_config, symbol Parser.parseConfig, text Overview" "$(find config)"
eq "the last part of a name" "symbol Parser.parseConfig" "select split_part(string_agg(kind || ' ' || heading, ', '), ', ', 1) from docgen_search('parseConfig', '{one}', 10, 0)"
eq "the beginning of a name" 4 "select count(*) from docgen_search('pars', '{one}', 10, 0) where kind = 'symbol'"
eq "a symbol's summary stands in its hit" "function "$'\x02'"parse"$'\x03'": Reads <all> of it." "select excerpt from docgen_search('parse', '{one}', 1, 0)"
eq "a page that gave no text is found by its title, and its text without marks" "heading Plain file.text: only bold words" \
    "select string_agg(x, '.') from (select kind || ' ' || heading as x from docgen_search('plain', '{one}', 1, 0) union all select kind || ': ' || translate(excerpt, chr(2) || chr(3), '') from docgen_search('bold', '{one}', 1, 0)) y"
eq "a heading before text" "heading Reading files, text Lock & key" "$(find reading)"
eq "with its anchor" "index reading-files" "select path, anchor from docgen_search('reading files', '{one}', 1, 0)"
eq "a title's entities are text" "heading Lock & key" "$(find lock)"
eq "an identifier in text is found by its parts and marked" "t" "select excerpt like '%' || chr(2) || 'ParseHTTPConfig' || chr(3) || '%' from docgen_search('http', '{one}', 10, 0)"
eq "excerpts mark hits and hold no markup" "t f f" "select excerpt like '%' || chr(2) || 'configuration' || chr(3) || '%', excerpt like '%<%', excerpt like '%](%' from docgen_search('configuration', '{one}', 10, 0)"
eq "a typing error in a symbol" "t" "select count(*) > 0 from docgen_search('parze_config', '{one}', 10, 0) where kind = 'symbol' and heading = 'parse_config'"
eq "a typing error in a short one" parse "select lower(heading) from docgen_search('parze', '{one}', 1, 0)"
eq "only what was asked for" "one" "select string_agg(distinct repository_id, ',') from docgen_search('parse', '{one}', 50, 0)"
eq "two repositories" "one,two" "select string_agg(distinct repository_id, ',') from docgen_search('parse', '{one,two,nothing}', 50, 0)"
eq "none" 0 "select count(*) from docgen_search('parse', '{}', 50, 0)"
eq "pages of hits do not overlap" "5 5" "select count(*), count(distinct x.heading) from (select * from docgen_search('parse', '{one}', 2, 0) union all select * from docgen_search('parse', '{one}', 2, 2) union all select * from docgen_search('parse', '{one}', 2, 4)) x"
for odd in "" " " "the" "\"" "'' or 1=1 --" "<b>" "a & b | !" "(((" "%_" "*" "-" "é" "$(printf 'x%.0s' {1..300})"; do
    eq "an odd query is answered: ${odd:0:12}" t "select count(*) >= 0 from docgen_search('${odd//\'\'/\'\'}', '{one}', 10, 0)"
done
q "$(request one "$(uuid 3)")" > /dev/null; q "$(take one "$(uuid 13)")" > /dev/null
q "select docgen_store_pages('one', '$(uuid 13)', '[{\"path\":\"new\",\"title\":\"Unpublished\",\"order\":1,\"markdown\":\"unpublished\",\"html\":\"h\"}]')" > /dev/null
eq "what is not published is not found" 0 "select count(*) from docgen_search('unpublished', '{one}', 10, 0)"
q "select docgen_complete('one', '$(uuid 3)', '$(uuid 13)', 1)" > /dev/null
eq "after publishing it is, and the old is gone" "1 0" "select (select count(*) from docgen_search('unpublished', '{one}', 10, 0)), (select count(*) from docgen_search('parse', '{one}', 10, 0))"
# More repositories than the index is told of, all with the same word on every page, and a name that only the first has.
run_sql > "$scratch/out" <<SQL
do \$\$
declare v_job uuid; v_claim uuid; v_id text;
begin
    for i in 1..40 loop
        v_job := gen_random_uuid(); v_claim := gen_random_uuid(); v_id := 'many' || i;
        perform docgen_register(v_id, 'https://example.org/' || v_id, null, null);
        perform docgen_request(v_id, v_job, 'https://example.org/' || v_id, null, null, '5 min', '1 h', '20 s');
        perform docgen_take('00000000-0000-0000-0000-0000000000a1', 99, '00000000-0000-0000-0000-0000000000a2', v_claim, array[v_id], '1 h', '1 h', '1 h');
        perform docgen_store_pages(v_id, v_claim, (select jsonb_agg(jsonb_build_object('path', 'p' || n, 'title', 'Page ' || n, 'order', n,
            'markdown', 'Everywhere is said: nimbus.' || case when i = 1 then ' Only here: cumulonimbvs.' else '' end,
            'html', '', 'headings', case when n = 1 then '[{"level":1,"id":"a","text":"Altostratus"}]'::jsonb end,
            'text', case when n = 1 then '["","Everywhere is said: nimbus."]'::jsonb end)) from generate_series(1, 20) n));
        perform docgen_store_symbols(v_id, v_claim, jsonb_build_array(jsonb_build_object('name', 'cumulonimbus' || i, 'kind', 'function', 'page', 'p1', 'anchor', 's'),
            jsonb_build_object('name', 'stratus_' || i, 'kind', 'function', 'page', 'p1', 'anchor', 't')));
        perform docgen_complete(v_id, v_job, v_claim, 20);
    end loop;
end \$\$;
SQL
few="array(select 'many' || i from generate_series(11, 36) i)" # the caller sees these, and none of the others
eq "who sees some of many finds all that is theirs" "50 0" \
    "select count(*), count(*) filter (where substr(repository_id, 5)::integer not between 11 and 36) from docgen_search('nimbus', $few, 50, 0)"
eq "and as many as there are" 520 "select sum(n) from (select count(*) as n from generate_series(0, 1000, 50) o, docgen_search('nimbus', $few, 50, o)) x"
eq "what stands in a hidden repository only does not spoil a guess" t "select count(*) > 0 from docgen_search('cumulonimbvs', $few, 20, 0) where kind = 'symbol'"
eq "symbols, then headings, then text; nothing twice" "symbol 26, heading 26" "select string_agg(kind || ' ' || n, ', ' order by kind desc)
    from (select kind, count(*) as n from (select distinct kind, repository_id, path, anchor from docgen_search('stratus', $few, 60, 0) union all
                                           select distinct kind, repository_id, path, anchor from docgen_search('altostratus', $few, 60, 0)) y group by kind) x"
eq "two pages of hits are one list cut in two" t "select (select array_agg((repository_id, path, kind, heading)::text) from docgen_search('nimbus', $few, 40, 0))
    = (select array_agg(x) from (select (repository_id, path, kind, heading)::text as x from docgen_search('nimbus', $few, 20, 0)
       union all select (repository_id, path, kind, heading)::text from docgen_search('nimbus', $few, 20, 20)) y)"
healthy
