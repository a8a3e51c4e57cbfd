# Search: what is found, in which order, and that nothing else is.
# SPDX-License-Identifier: Apache-2.0
ready_database search
fill() { # REPOSITORY JOB CLAIM
    q "$(request "$1" "$2")" > /dev/null; q "$(take "$1" "$3")" > /dev/null
    run_sql > "$scratch/out" <<SQL
select docgen_store_pages('$1', '$3', '[
 {"path":"index","title":"Overview","order":1,"markdown":"# Overview\n\nAbout the *configuration* of <b>$1</b>.\n\n## Reading files\n\nThe ParseHTTPConfig function reads [files](http://x).",
  "html":"<h1 id=\"overview\">Overview</h1><p>x</p><h2 id=\"reading-files\">Reading <code>files</code></h2>"},
 {"path":"other","title":"Lock \u0026 key","order":2,"markdown":"# Lock & key\n\nNothing about reading here, but a lock.","html":"<h1 id=\"lock\">Lock &amp; key</h1>"}]');
select docgen_store_symbols('$1', '$3', '[
 {"name":"Parser.parseConfig","kind":"method","page":"index","anchor":"a"}, {"name":"parse_config","kind":"function","page":"index","anchor":"b"},
 {"name":"parse","kind":"function","page":"index","anchor":"c"}, {"name":"Parse","kind":"type","page":"index","anchor":"d"}]');
SQL
    q "select docgen_complete('$1', '$2', '$3', ${4:-2})" > /dev/null
}
fill one "$(uuid 1)" "$(uuid 11)"
fill two "$(uuid 2)" "$(uuid 12)"
find() { echo "select string_agg(kind || ' ' || coalesce(heading, '-'), ', ') from docgen_search('$1', '{${2:-one}}', ${3:-10}, ${4:-0})"; }
eq "the exact symbol is first, then its case, then names with the word, then text" \
    "symbol parse, symbol Parse, symbol parse_config, symbol Parser.parseConfig, text Reading files" "$(find parse)"
eq "a word inside names" "symbol parse_config, symbol Parser.parseConfig, text Overview" "$(find config)"
eq "the last part of a name" "symbol Parser.parseConfig" "select split_part(string_agg(kind || ' ' || heading, ', '), ', ', 1) from docgen_search('parseConfig', '{one}', 10, 0)"
eq "the beginning of a name" 4 "select count(*) from docgen_search('pars', '{one}', 10, 0) where kind = 'symbol'"
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
healthy
