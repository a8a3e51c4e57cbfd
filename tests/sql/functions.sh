# What every function answers, first and again, to its owner and to somebody who lost the job.
# SPDX-License-Identifier: Apache-2.0
ready_database functions
J=$(uuid 1) J2=$(uuid 2) J3=$(uuid 3) C=$(uuid 11) C2=$(uuid 12) C3=$(uuid 13)
X=$(uuid 99)   # nobody's claim

# request
eq "unknown: neither configured nor registered" "unknown t" "select verdict, repository_id is null from docgen_request('u', '$J', null, null, null, '300 s', '1 h', '20 s')"
eq "unknown leaves no row" 0 "select count(*) from generated_docs where repository_id = 'u'"
eq "an id of the wrong shape is unknown" unknown "$(request '../x' "$J")"
eq "configured: accepted" "accepted generating 0 1 1 f t" "select verdict, status, progress, queue_position, generation, registered, locked_until_ms - server_ms between 290000 and 300001 from docgen_request('r', '$J', 'https://example.org/r', 'main', 'R', '300 s', '1 h', '20 s')"
eq "the same job again: accepted, as at first" "accepted $J 1" "select verdict, job_id, generation from docgen_request('r', '$J', 'https://example.org/r', 'main', 'R', '300 s', '1 h', '20 s')"
eq "another job inside the lock: in progress, with the running one" "in_progress $J generating" "select verdict, job_id, status from docgen_request('r', '$J2', 'https://example.org/r', 'main', 'R', '300 s', '1 h', '20 s')"
eq "one request is recorded" 1 "select count(*) from generation_events where repository_id = 'r'"
refuses "a job id of another repository is refused" "generation_events_one_request" "$(request other "$J")"
eq "the second in the queue" "accepted 2" "select verdict, queue_position from docgen_request('s', '$J2', 'https://example.org/s', null, null, '300 s', '1 h', '20 s')"
eq "the list has places and only what was asked" "r 1|s 2" "select string_agg(repository_id || ' ' || queue_position, '|') from docgen_list('{r,s,nothing}')"

# owners, take
q "select docgen_owner_start('$OWN', '$H1', 4711, 99)" > /dev/null
q "select docgen_owner_start('$OWN', '$H1', 4711, 99)" > /dev/null
eq "an owner without a job is not listed" "" "select * from docgen_owners('$H1')"
eq "what this host may not run is not taken" "" "$(take none "$C")"
eq "and not counted" "0 2" "select docgen_queued('{none}'), docgen_queued('{r,s,none}')"
eq "take gives the oldest with all it needs" "r $J https://example.org/r main  R t" "select repository_id, job_id, url, branch, previous_commit, title, remaining_ms between 269000 and 270000 from docgen_take('$H1', 2, '$OWN', '$C', '{s,r}', '20 s', '270 s', '300 s')"
eq "the same claim gets the same job" "r $J" "$(take s,r "$C")"
eq "the host's limit holds" "" "$(take s,r "$C2" 1)"
eq "another host has its own" "s $J2" "$(take s,r "$C2" 1 "$H2" "$OWN2")"
eq "a host without an announced owner is not listed" "" "select * from docgen_owners('$H2')"
eq "an owner with a job is" "$OWN 4711 99 1" "select * from docgen_owners('$H1')"

# progress, source, parts: fenced
eq "progress of the owner" t "select docgen_progress('r', '$C', 30, 'Metadata', '20 s')"
eq "progress never falls" "t 30 Again" "select docgen_progress('r', '$C', 10, 'Again', '20 s'), s.progress, s.step from (select docgen_progress('r', '$C', 10, 'Again', '20 s')) x, lateral docgen_status('r') s"
rev=$(q "select revision from docgen_status('r')")
eq "the same progress again" t "select docgen_progress('r', '$C', 30, 'Again', '20 s')"
eq "is no new revision" "$rev" "select revision from docgen_status('r')"
eq "and no new event" 2 "select count(*) from generation_events where job_id = '$J' and kind = 'progress'"
eq "100 is not for progress" t "select docgen_progress('r', '$C', 100, 'Almost', '20 s')"
eq "it stops at 99" 99 "select progress from docgen_status('r')"
for call in "docgen_progress('r', '$X', 50, 'x', '20 s')" "docgen_source('r', '$X', 'c', 'b', null)" "docgen_store_pages('r', '$X', '[]')" \
    "docgen_store_assets('r', '$X', '[]')" "docgen_store_symbols('r', '$X', '[]')" "docgen_store_facts('r', '$X', '{}')" "docgen_log('r', '$X', 'l')" "docgen_fail('r', '$X', 'm', null)" \
    "docgen_progress('s', '$C', 50, 'x', '20 s')"; do
    eq "the fence refuses ${call%%(*} of a stranger" f "select $call"
done
eq "complete of a stranger is lost" "lost lost" "select docgen_complete('r', '$J', '$X', 1), docgen_up_to_date('r', '$J', '$X')"
eq "source" t "select docgen_source('r', '$C', 'abc', 'main', '2026-01-02T03:04:05Z')"
eq "complete without pages is incomplete" incomplete "select docgen_complete('r', '$J', '$C', 0)"
eq "pages" t "$(page r "$C" index)"
eq "more pages, one sent twice" t "select docgen_store_pages('r', '$C', '[{\"path\":\"index\",\"title\":\"T\",\"order\":1,\"markdown\":\"m\",\"html\":\"h\"},{\"path\":\"b\",\"title\":\"B\",\"order\":2,\"markdown\":\"m\",\"html\":\"h\"}]')"
eq "assets" t "select docgen_store_assets('r', '$C', '[{\"path\":\"a.svg\",\"mediaType\":\"image/svg+xml\",\"base64\":\"PHN2Zy8+\"}]')"
eq "symbols, sent twice" "t t" "select docgen_store_symbols('r', '$C', s), docgen_store_symbols('r', '$C', s) from (select '[{\"name\":\"Parse\",\"kind\":\"function\",\"page\":\"b\",\"anchor\":\"parse\"},{\"name\":\"parse\",\"kind\":\"field\",\"page\":\"index\",\"anchor\":\"p\"}]'::jsonb as s) x"
eq "facts, sent twice" "t t" "select docgen_store_facts('r', '$C', '{\"licence\":\"x\"}'), docgen_store_facts('r', '$C', '{\"licence\":\"MIT\"}')"
eq "nothing is visible before completion" "0 0 0 0" "select (select count(*) from docgen_facts('{r}')), (select count(*) from docgen_pages('r')), (select count(*) from docgen_asset('r', 'a.svg')), (select count(*) from docgen_symbol('r', 'parse'))"
eq "a wrong count is incomplete" incomplete "select docgen_complete('r', '$J', '$C', 3)"
eq "log" t "select docgen_log('r', '$C', 'the log')"
eq "complete" done "select docgen_complete('r', '$J', '$C', 2)"
eq "complete again: done" done "select docgen_complete('r', '$J', '$C', 2)"
eq "the row says so" "completed 100 $J abc main 2 t" "select status, progress, published_job_id, published_commit, published_branch, published_pages, locked_until_ms is null from docgen_status('r')"
eq "one verdict" completed "select kind from generation_events where job_id = '$J' and kind in ('completed', 'failed', 'superseded', 'expired', 'forgotten')"
eq "late calls are refused" "f f f f" "select docgen_progress('r', '$C', 99, 'x', '20 s'), docgen_store_pages('r', '$C', '[{\"path\":\"late\"}]'), docgen_fail('r', '$C', 'm', 'l'), docgen_log('r', '$C', 'x')"
eq "pages in order" "index 1|b 2" "select string_agg(path || ' ' || \"order\", '|') from docgen_pages('r')"
eq "a page with all about it" "B m h $J abc main completed" "select title, markdown, html, published_job_id, commit, branch, status from docgen_page('r', 'b')"
eq "an asset" "image/svg+xml PHN2Zy8+ $J" "select * from docgen_asset('r', 'a.svg')"
eq "a symbol, the exact case first" "index p field|b parse function" "select string_agg(page || ' ' || anchor || ' ' || kind, '|') from docgen_symbol('r', 'parse')"
eq "the facts, the last ones" '{"licence": "MIT"}' "select facts from docgen_facts('{r,s,nobody}')"
eq "no such page" "" "select * from docgen_page('r', 'nope')"
eq "the run is listed with its log" "$J 1 completed abc the log" "select job_id, generation, outcome, commit, log_tail from docgen_runs('r', 5)"

# fail
eq "fail" t "select docgen_fail('s', '$C2', 'It broke.', 'log of s')"
eq "fail again" f "select docgen_fail('s', '$C2', 'It broke.', 'log of s')"
eq "complete after fail is lost" lost "select docgen_complete('s', '$J2', '$C2', 1)"
eq "failed, 0, the message" "failed 0 It broke." "select status, progress, error_message from docgen_status('s')"
eq "the run says why" "failed It broke. log of s" "select outcome, message, log_tail from docgen_runs('s', 1)"
eq "a failed repository may ask again at once" accepted "$(request s "$J3")"
eq "a late retry of the first request is still recognised" accepted "$(request s "$J2")"
eq "without a new job" "$J3" "select job_id from docgen_status('s')"
eq "fail_owner without jobs" 0 "select docgen_fail_owner('$OWN', 'gone')"
q "$(take s "$C3")" > /dev/null
eq "fail_owner" "1 failed gone" "select n, status, error_message from (select docgen_fail_owner('$OWN', 'gone') n) x, lateral docgen_status('s')"
q "$(request e "$(uuid 51)")" > /dev/null
q "select docgen_owner_start('$OWN', '$H1', 4711, 99), docgen_owner_end('$OWN')" > /dev/null
eq "an owner that ended takes nothing more: it sent this before it was killed" "" "$(take e "$(uuid 52)")"
q "select docgen_owner_start('$OWN', '$H1', 4711, 99)" > /dev/null
eq "nor when it announces itself too late" "" "$(take e "$(uuid 52)")"
eq "another owner takes the job" "e $(uuid 51)" "$(take e "$(uuid 52)" 9 "$H1" "$OWN2")"
q "select docgen_fail('e', '$(uuid 52)', 'over', null)" > /dev/null
q "update docgen_owners set seen = clock_timestamp() - interval '2 hours'; update docgen_pulse set pruned = '-infinity'" > /dev/null
q "select docgen__prune()" > /dev/null
eq "it is forgotten after a while" 0 "select count(*) from docgen_owners where owner = '$OWN'"
healthy

# what a run changed, in words
results() { # JOB COMMIT PAGES SYMBOLS: one whole run of the repository told
    q "$(request told "$(uuid "$1")")" > /dev/null; q "$(take told "$(uuid "$1")")" > /dev/null
    q "select docgen_source('told', '$(uuid "$1")', '$2', 'main', '2026-01-02T03:04:05Z'), docgen_store_pages('told', '$(uuid "$1")', '$3'), docgen_store_symbols('told', '$(uuid "$1")', $4)" > /dev/null
    q "select docgen_complete('told', '$(uuid "$1")', '$(uuid "$1")', jsonb_array_length('$3'))" > /dev/null
    q "select message from docgen_runs('told', 1)"
}
told_a='{"path":"a","title":"A","html":"1"}' told_a2='{"path":"a","title":"A","html":"2"}' told_b='{"path":"b","title":"B","html":"1"}'
told_x='{"name":"x","kind":"f","page":"a","anchor":"x"}' told_x2='{"name":"x","kind":"f","page":"b","anchor":"x"}' told_y='{"name":"y","kind":"f","page":"b","anchor":"y"}'
is "the first run tells what there is" "Documented aaaaaaa: 1 page, 1 name" "$(results 301 aaaaaaaaaa "[$told_a]" "'[$told_x]'")"
eq "the row has the commit's date" "2026-01-02 03:04:05+00 t" "select to_timestamp(committed_ms / 1000) at time zone 'UTC' || '+00', checked_ms <= published_ms from docgen_status('told')"
is "a later one what changed: pages that differ or are new, names that were not there" "Updated aaaaaaa → bbbbbbb: 2 pages, 1 new name" "$(results 302 bbbbbbbbbb "[$told_a2,$told_b]" "'[$told_x2,$told_y]'")"
is "nothing that is documented changed" "Updated bbbbbbb → ccccccc: 0 pages, 0 new names" "$(results 303 cccccccccc "[$told_a2,$told_b]" "'[$told_x2,$told_y]'")"
is "the same commit, made again" "Documented ccccccc anew: 1 page, 0 new names" "$(results 304 cccccccccc "[$told_a,$told_b]" "'[$told_x]'")"
is "names are not compared where that takes long" "Updated ccccccc → ddddddd: 1 page" "$(results 305 dddddddddd "[$told_a2,$told_b]" "(select jsonb_agg(jsonb_build_object('name', 'n' || n)) from generate_series(1, 50001) n)")"

# the same bytes again, up to date, supersede, purge
is "an unchanged job publishes" done "$(publish d "$(uuid 21)" "$(uuid 31)" same)"
is "a second one" done "$(publish d "$(uuid 22)" "$(uuid 32)" same)"
eq "shares the bytes" "1 2" "select (select count(*) from docgen_bodies where repository_id = 'd'), count(*) from docgen_pages p join docgen_bodies b using (body) where repository_id = 'd'"
q "select docgen_purge(100) from generate_series(1, 9)" > /dev/null
for i in 1 2 3 4 5 6; do q "select docgen_purge(100)" > /dev/null; done
eq "purge takes the old page and leaves the shared bytes" "1 1 0" "select (select count(*) from docgen_bodies where repository_id = 'd'), (select count(*) from docgen_pages p join docgen_bodies b using (body) where repository_id = 'd'), (select count(*) from docgen_garbage)"
q "$(request d "$(uuid 23)")" > /dev/null; q "$(take d "$(uuid 33)")" > /dev/null
eq "up to date needs the published commit" incomplete "select docgen_up_to_date('d', '$(uuid 23)', '$(uuid 33)')"
q "select docgen_source('d', '$(uuid 33)', 'c-$(uuid 22)', null, 'no date')" > /dev/null
eq "up to date" "done done" "select docgen_up_to_date('d', '$(uuid 23)', '$(uuid 33)'), docgen_up_to_date('d', '$(uuid 23)', '$(uuid 33)')"
eq "the row is completed by the new job" "completed $(uuid 23) 1" "select status, published_job_id, published_pages from docgen_status('d')"
q "select docgen_purge(100)" > /dev/null
eq "the page is still there" "<h1>same</h1> $(uuid 23)" "select html, published_job_id from docgen_page('d', 'index')"
eq "of an unchanged run stay commit, branch and age, and the remote was asked now" "c-$(uuid 22) main t t" "select n.published_commit, n.published_branch, n.published_ms = (select (date_part('epoch', e.at) * 1000)::bigint from generation_events e where e.job_id = '$(uuid 22)' and e.kind = 'completed'), n.checked_ms > n.published_ms from docgen_status('d') n"
eq "and it says so" "Nothing changed since c-00000" "select message from docgen_runs('d', 1)"
is "a full job after that replaces it" done "$(publish d "$(uuid 24)" "$(uuid 34)" other)"
q "select docgen_purge(100)" > /dev/null; q "select docgen_purge(100)" > /dev/null
eq "and the bytes of the first are gone" 1 "select count(*) from docgen_bodies where repository_id = 'd'"
healthy

q "$(request p "$(uuid 41)" "" '0 s')" > /dev/null
q "$(take p "$(uuid 51)" 9 "$H1" "$OWN" '20 s' '60 s' '0 s')" > /dev/null
q "$(page p "$(uuid 51)")" > /dev/null
eq "inside the job's own limit nobody takes over, whatever lock he has" in_progress "$(request p "$(uuid 42)" "" '0 s')"
q "$(request t "$(uuid 43)" "" '0 s')" > /dev/null
q "$(take t "$(uuid 53)" 9 "$H1" "$OWN" '20 s' '60 s' '0 s')" > /dev/null
age() { q "update generated_docs set generation_started_at = $2 where repository_id = '$1'" > /dev/null; }
age t "generation_started_at - interval '30 s'"
eq "a start that is moved by hand, less than the lock" in_progress "$(request t "$(uuid 44)")"
eq "is seen: the lock ends earlier, and the row's version differs" "t t t" "select locked_until_ms - server_ms between 0 and 30000, revision = 2, row_version <> lag from docgen_status('t'), (select row_version as lag from docgen_status('p')) x"
age t "generation_started_at - interval '30 s'"
eq "past the lock a new job is accepted" "accepted 2" "select verdict, generation from docgen_request('t', '$(uuid 44)', 'https://example.org/t', null, null, '300 s', '1 h', '20 s')"
eq "the old one is superseded" superseded "select outcome from docgen_runs('t', 5) where job_id = '$(uuid 43)'"
eq "and can no longer write" "f f f lost" "select docgen_progress('t', '$(uuid 53)', 90, 'x', '20 s'), docgen_store_pages('t', '$(uuid 53)', '[]'), docgen_fail('t', '$(uuid 53)', 'm', null), docgen_complete('t', '$(uuid 43)', '$(uuid 53)', 1)"
healthy "a start moved by hand breaks no invariant"

# generation_started_at alone decides, whoever sets it
row=0
for start in null "'-infinity'" "'2000-01-01'" "clock_timestamp() - interval '300 s'" "clock_timestamp() + interval '1 hour'" "'infinity'" \
    "'294276-12-31 23:59:59'"; do
    row=$((row + 1)) old=$(uuid $((400 + row))) new=$(uuid $((420 + row))) claim=$(uuid $((440 + row)))
    q "$(request "hand$row" "$old")" > /dev/null
    q "$(take "hand$row" "$claim")" > /dev/null
    eq "locked" in_progress "$(request "hand$row" "$new")"
    before=$(q "select row_version from docgen_status('hand$row')")
    age "hand$row" "$start"
    eq "a start of $start is no violation and shows at once" "generating t t" "select status, coalesce(locked_until_ms <= server_ms, true), row_version <> $before from docgen_status('hand$row')"
    eq "it frees the lock" "accepted $new 2" "select verdict, job_id, generation from docgen_request('hand$row', '$new', 'https://example.org/h', null, null, '300 s', '1 h', '20 s')"
    eq "the old job is superseded, and its writes are fenced off" "superseded f f lost f" "select outcome, docgen_progress('hand$row', '$claim', 90, 'x', '20 s'), docgen_store_pages('hand$row', '$claim', '[]'), docgen_complete('hand$row', '$old', '$claim', 1), docgen_fail('hand$row', '$claim', 'm', null) from docgen_runs('hand$row', 5) where job_id = '$old'"
    eq "the new one holds the lock" "in_progress" "$(request "hand$row" "$(uuid $((460 + row)))")"
    age "hand$row" "$start"
    place=$(q "select queue_position, wait_until from docgen_status('hand$row') join generated_docs using (repository_id)")
    eq "a queued one keeps its id" "accepted $new 2" "select verdict, job_id, generation from docgen_request('hand$row', '$(uuid $((460 + row)))', 'https://example.org/h', null, null, '300 s', '1 h', '20 s')"
    eq "and its place and its limit, with a lock anew" "$place t" "select queue_position, wait_until, locked_until_ms - server_ms between 290000 and 300000 from docgen_status('hand$row') join generated_docs using (repository_id)"
done
age hand1 "clock_timestamp() + interval '200 s'"
eq "a start in the near future locks until its lock ends" "in_progress" "$(request hand1 "$(uuid 470)")"
eq "and is shown" "generating t" "select status, locked_until_ms - server_ms between 400000 and 500000 from docgen_status('hand1')"
q "$(take hand2 "$(uuid 471)")" > /dev/null
age hand2 null
eq "a job whose start was taken away completes" "t t done" "select docgen_source('hand2', '$(uuid 471)', 'c', 'b', null), docgen_store_pages('hand2', '$(uuid 471)', '[{\"path\":\"index\",\"title\":\"T\",\"order\":1,\"markdown\":\"m\",\"html\":\"h\"}]'), (select docgen_complete('hand2', '$(uuid 422)', '$(uuid 471)', 1) from pg_sleep(0))"
healthy "check judges by the start that a takeover saw"
q "select docgen_forget(repository_id) from generated_docs where repository_id like 'hand%' or repository_id = 't'" > /dev/null
for _ in $(seq 12); do q "select docgen_purge(100)" > /dev/null; done

# a queued job past the lock is refreshed in place
q "$(request qa "$(uuid 61)" "" '0 s')" > /dev/null; q "$(request qb "$(uuid 62)" "" '0 s')" > /dev/null
wait_until=$(q "select wait_until from generated_docs where repository_id = 'qa'")
eq "a queued job past the lock: accepted, same job" "accepted $(uuid 61) 1 t" "select verdict, job_id, generation, locked_until_ms > server_ms from docgen_request('qa', '$(uuid 63)', 'https://example.org/qa', null, null, '300 s', '1 h', '20 s')"
eq "same place, the wait is not longer" "t $wait_until" "select v.queue_position < w.queue_position, g.wait_until from docgen_status('qa') v, docgen_status('qb') w, generated_docs g where g.repository_id = 'qa'"
eq "the refresher's retry is recognised" "accepted $(uuid 61)" "select verdict, job_id from docgen_request('qa', '$(uuid 63)', 'https://example.org/qa', null, null, '300 s', '1 h', '20 s')"
eq "a third asks inside the new lock" in_progress "$(request qa "$(uuid 64)")"

# expiry: waiting, lease with grace, deadline
q "$(request w "$(uuid 71)" "" '300 s' '0 s')" > /dev/null
eq "nobody takes a job that waited too long" "" "$(take w "$(uuid 72)")"
eq "it is due" "t" "select 'w' in (select docgen_due(10))"
eq "the first reader persists its end" "failed t" "select status, error_message like 'No worker%' from docgen_status('w')"
eq "expire again does nothing" f "select docgen_expire('w')"
eq "expired is its verdict" expired "select outcome from docgen_runs('w', 1)"
q "$(request l "$(uuid 73)")" > /dev/null; q "$(take l "$(uuid 74)" 9 "$H1" "$OWN" '0.1 s')" > /dev/null
q "update docgen_pulse set seen = clock_timestamp() - interval '1 h'" > /dev/null
sleep 0.15
eq "a lease that ended while no sweeper reached the database gets grace" generating "select status from docgen_status('l')"
sleep 0.15
eq "once" "failed t" "select status, error_message like 'The worker stopped%' from docgen_status('l')"
q "$(request m "$(uuid 75)")" > /dev/null; q "$(take m "$(uuid 76)" 9 "$H1" "$OWN" '20 s')" > /dev/null
q "update generated_docs set lease_until = clock_timestamp() where repository_id = 'm'" > /dev/null
q "update docgen_pulse set seen = clock_timestamp()" > /dev/null
eq "with a sweeper at work there is no grace" "t failed" "select e, status from (select docgen_expire('m') e) x, lateral docgen_status('m')"
q "$(request n "$(uuid 77)")" > /dev/null; q "$(take n "$(uuid 78)" 9 "$H1" "$OWN" '0.2 s')" > /dev/null
q "update docgen_pulse set seen = clock_timestamp() - interval '1 h'; select docgen_beat('20 s')" > /dev/null
eq "the beat after a gap extends every lease once" t "select graced from generated_docs where repository_id = 'n'"
eq "renewing answers what is lost and what waits" "{$X} 2" "select * from docgen_renew('{$(uuid 78),$X}', '20 s')"
eq "and ends the grace" "f t" "select graced, lease_until > clock_timestamp() + interval '15 s' from generated_docs where repository_id = 'n'"
q "$(request o "$(uuid 81)")" > /dev/null; q "$(take o "$(uuid 82)" 9 "$H1" "$OWN" '20 s' '0.05 s')" > /dev/null
sleep 0.1
eq "the deadline binds whatever is renewed" "failed t" "select status, error_message like 'The job ran past%' from docgen_status('o')"

# register, forget, repository
refuses "a bad id is refused" "is not a repository id" "select docgen_register('a/b', 'https://example.org/x')"
refuses "a URL with a token is refused" "password or token" "select docgen_register('a', 'https://tok@example.org/x')"
refuses "a URL with a password is refused" "password or token" "select docgen_register('a', 'ssh://u:p@example.org/x')"
refuses "an option is no URL" "is not the URL" "select docgen_register('a', '--upload-pack=x')"
refuses "a transport helper is no URL" "is not the URL" "select docgen_register('a', 'ext::sh -c x')"
refuses "an option is no branch" "name of a branch" "select docgen_register('a', 'https://example.org/x', '-b')"
eq "register" "" "select docgen_register('reg', 'ssh://git@example.org/x', 'main', 'Title')"
eq "a registered repository reads idle" "idle 0 Title t" "select status, progress, title, registered from docgen_status('reg')"
eq "it is in every list" "reg" "select repository_id from docgen_list('{}')"
eq "its origin" "ssh://git@example.org/x main Title t" "select * from docgen_repository('reg')"
eq "requested without a configuration" accepted "select verdict from docgen_request('reg', '$(uuid 91)', null, null, null, '300 s', '1 h', '20 s')"
eq "taken without a configuration" "reg $(uuid 91)" "$(take none "$(uuid 92)")"
eq "its pages" t "$(page reg "$(uuid 92)")"
eq "forget ends its job" "t f" "select docgen_forget('reg'), docgen_progress('reg', '$(uuid 92)', 50, 'x', '20 s')"
eq "as forgotten" forgotten "select outcome from docgen_runs('reg', 1)"
eq "a forgotten one is unknown" "unknown f 0" "select verdict, (select registered from docgen_status('reg')), (select count(*) from docgen_repository('reg')) from docgen_request('reg', '$(uuid 93)', null, null, null, '300 s', '1 h', '20 s')"
eq "forget twice, forget nothing" "f f" "select docgen_forget('reg'), docgen_forget('never')"
q "select docgen_register('reg', 'https://example.org/x')" > /dev/null
eq "registered again, its generation goes on" "accepted 2" "select verdict, generation from docgen_request('reg', '$(uuid 94)', null, null, null, '300 s', '1 h', '20 s')"
eq "forget purges what was published" "t" "select docgen_forget('r')"
for i in 1 2 3 4 5; do q "select docgen_purge(1)" > /dev/null; done
for i in 1 2 3 4 5 6; do q "select docgen_purge(50)" > /dev/null; done
eq "and the facts go with the rest" 0 "select count(*) from docgen_facts"
eq "to the last byte" "0 -1" "select (select count(*) from docgen_bodies where repository_id in ('r', 'reg')), docgen_purge(50)"
eq "health" "t t t" "select schema_version = docgen_schema_version(), queued >= 2, oldest_queued_ms > 0 from docgen_health()"

# retention
q "insert into generation_events (repository_id, job_id, generation, kind, at) select 'n', md5(i::text)::uuid, i - 100, k, clock_timestamp() - interval '40 days' from generate_series(1, 40) i, unnest(array['requested', 'failed']) k order by i, k desc;
   update docgen_pulse set pruned = clock_timestamp() - interval '1 h'" > /dev/null
eq "old events beyond the last 50 runs go, small step" t "select docgen_purge(10) > 0"
eq "those of the live job stay" 2 "select count(*) from generation_events where job_id = '$(uuid 77)'"
refuses "an event is never changed" "append-only" "update generation_events set detail = 'x'"
healthy

# A row that is deleted, by hand or by a foreign key that cascades, leaves nothing behind that only a person could mend.
q "$(request gone "$(uuid 604)")" > /dev/null
q "$(take gone "$(uuid 605)" 9 "$(uuid 190)" "$(uuid 290)")" > /dev/null
q "$(page gone "$(uuid 605)" half)" > /dev/null
q "delete from generated_docs where repository_id = 'gone'" > /dev/null
eq "a job whose row was deleted can store nothing" f "select docgen_progress('gone', '$(uuid 605)', 50, 'x', '20 s')"
eq "a deleted row is made again by the next request" accepted "$(request gone "$(uuid 606)")"
eq "its generations go on rising" 2 "select generation from generated_docs where repository_id = 'gone'"
eq "the job that ran has its verdict" "failed" "select outcome from docgen_runs('gone', 9) where job_id = '$(uuid 604)'"
q "select docgen_purge(1000) from generate_series(1, 20)" > /dev/null
healthy "check returns no row after a deleted row"
q "$(request swept "$(uuid 610)")" > /dev/null
q "$(take swept "$(uuid 611)" 9 "$(uuid 190)" "$(uuid 290)")" > /dev/null
q "$(page swept "$(uuid 611)" half)" > /dev/null
q "delete from generated_docs where repository_id = 'swept'" > /dev/null
q "select docgen_forget('swept')" > /dev/null
q "select docgen_purge(1000) from generate_series(1, 20)" > /dev/null
healthy "forget mends a deleted row, too"

# A start at the end of time holds no lock, and harms nobody's status.
q "$(request late "$(uuid 620)")" > /dev/null
q "update generated_docs set generation_started_at = '294276-12-31 23:59:59' where repository_id = 'late'" > /dev/null
eq "a start at the end of time has a status" "generating" "select status from docgen_status('late')"
eq "and a list" t "select count(*) > 1 from docgen_list('{late}')"
eq "and frees the lock" accepted "$(request late "$(uuid 621)")"
q "update generated_docs set generation_started_at = '4713-01-02 BC' where repository_id = 'late'" > /dev/null
eq "a start before the beginning of time frees it" accepted "$(request late "$(uuid 622)")"
q "select docgen_forget('late'), docgen_forget('gone')" > /dev/null
q "select docgen_purge(1000) from generate_series(1, 20)" > /dev/null
healthy "check returns no row after starts of any time"

# check must find what is wrong
breaks() { # NAME RULE SQL
    local got
    got=$(run_sql <<SQL
begin;
$3;
select 'found' from docgen_check() where rule = '$2' limit 1;
rollback;
SQL
)
    if [[ $got =~ found ]]; then pass "check finds: $1"; else fail "check finds: $1" "$got"; fi
}
last=$(q "select id from generation_events order by id desc limit 1")
breaks "a second verdict" "a job has two verdicts" "drop index generation_events_one_verdict; insert into generation_events (repository_id, job_id, generation, kind, at) select repository_id, job_id, generation, 'failed', at from generation_events where kind = 'completed' limit 1"
breaks "a lost guard" "a guard is missing" "drop index generation_events_one_verdict"
breaks "a verdict that vanished" "an ended job without a verdict" "delete from generation_events where kind = 'completed'"
breaks "a live job with a verdict" "a generating job with a verdict" "insert into generation_events (repository_id, job_id, generation, kind, at) values ('n', '$(uuid 77)', 1, 'failed', now())"
breaks "falling progress" "progress fell" "insert into generation_events (repository_id, job_id, generation, kind, percent, at) select 'n', '$(uuid 77)', 1, 'progress', p, now() from unnest(array[50, 40]) p"
breaks "a page lost" "published pages are missing" "delete from docgen_pages"
breaks "bytes lost" "a page without its bytes" "delete from docgen_bodies"
breaks "bytes leaked" "bytes without a page" "delete from docgen_pages"
breaks "published garbage" "garbage in use" "insert into docgen_garbage select published_parts, now() from generated_docs where published_parts is not null"
breaks "orphan parts" "parts that nobody will remove" "insert into docgen_symbols values (gen_random_uuid(), gen_random_uuid(), 'n', 'k', 'p', 'a')"
breaks "a stale lease" "a lease ran out and nobody swept" "update docgen_pulse set seen = clock_timestamp(); update generated_docs set lease_until = clock_timestamp() - interval '90 s' where repository_id = 'n'"
breaks "a falling generation" "a generation that fell" "update generated_docs set generation = 0 where repository_id = 'd'"
breaks "a takeover inside the lock" "a job was superseded inside its lock" "update generated_docs set generation_started_at = null where repository_id = 'n'; $(request n "$(uuid 480)"); set local session_replication_role = replica; update generation_events set started_at = at where kind = 'superseded'"
breaks "two jobs at once" "two jobs of a repository at once" "insert into generation_events (repository_id, job_id, generation, kind, at) values ('n', gen_random_uuid(), 9, 'requested', now())"
breaks "an open function" "another role has a right" "grant execute on function docgen_check() to public"
