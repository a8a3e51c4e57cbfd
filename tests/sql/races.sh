# Races: many sessions at once, with pgbench. Each test counts what happened, then asks docgen_check.
# SPDX-License-Identifier: Apache-2.0
ready_database races
bench=$(ls /usr/lib/postgresql/*/bin/pgbench | sort -V | tail -n 1)
# storm NAME CLIENTS TRANSACTIONS SCRIPT: fails on any error of any client.
storm() {
    local out
    cat > "$scratch/storm.sql"
    out=$("$bench" -n -c "$2" -j 2 -t "$3" -f "$scratch/storm.sql" -d "$conninfo" 2>&1) || true
    if [[ $out == *"number of failed transactions: 0"* && $out != *"aborted"* ]]; then pass "$1: no client meets an error"
    else fail "$1: no client meets an error" "$(grep -i -m 3 error <<< "$out")"; fi
}

storm "64 clients ask for 200 repositories" 64 40 <<'SQL'
\set r random(1, 200)
select verdict from docgen_request('s' || :r, gen_random_uuid(), 'https://example.org/' || :r, null, null, '300 s', '1 h', '20 s');
SQL
eq "each has exactly one winner" "200 200 200" "select count(*), count(distinct repository_id), count(distinct job_id) from generation_events where kind = 'requested'"
healthy

storm "16 takers, three jobs allowed" 16 10 <<SQL
select count(*) from docgen_take('$H1', 3, '$OWN', gen_random_uuid(), (select array_agg('s' || i) from generate_series(1, 200) i), '20 s', '270 s', '300 s');
SQL
eq "exactly three run" 3 "select count(*) from generated_docs where host = '$H1' and claim is not null"
storm "16 takers on a second host, each with its own jobs" 16 4 <<SQL
select count(*) from docgen_take('$H2', 1000, '$OWN2', gen_random_uuid(), (select array_agg('s' || i) from generate_series(1, 200) i), '20 s', '270 s', '300 s');
SQL
eq "no job was taken twice" "t 0" "select count(*) > 50, count(*) - count(distinct job_id) from generation_events where kind = 'taken'"
healthy
q "insert into docgen_hosts values ('$(uuid 103)')" > /dev/null
storm "16 clients take and end jobs where two are allowed, never seeing a third" 16 60 <<SQL
select gen_random_uuid() as claim \\gset
select verdict from docgen_request('h' || :client_id, gen_random_uuid(), 'https://example.org/h', null, null, '0 s', '1 h', '20 s');
select coalesce((select repository_id from docgen_take('$(uuid 103)', 2, '$OWN', ':claim', (select array_agg('h' || i) from generate_series(0, 15) i), '20 s', '270 s', '0 s')), '-') as repo \\gset
select 1 / (count(*) <= 2)::integer from generated_docs where host = '$(uuid 103)' and claim is not null;
select docgen_fail(':repo', ':claim', 'done', null);
SQL
healthy
q "select docgen_fail_owner('$OWN', 'end'), docgen_fail_owner('$OWN2', 'end'); update generated_docs set wait_until = clock_timestamp() where status = 'generating'; select docgen_expire(r) from docgen_due(1000) r" > /dev/null

# A finish racing a sweep a thousand times: the lease ends while the job completes.
cat > "$scratch/finish.sql" <<SQL
\set r :client_id
select gen_random_uuid() as job, gen_random_uuid() as claim \gset
\set pause random(0, 4000)
select verdict from docgen_request('f' || :r, ':job', 'https://example.org/f', null, null, '0 s', '1 h', '2 ms');
select count(*) from docgen_take(('00000000-0000-4000-8000-' || lpad(:r::text, 12, '0'))::uuid, 1, '$OWN', ':claim', array['f' || :r], '2 ms', '270 s', '0 s');
select docgen_store_pages('f' || :r, ':claim', '[{"path":"index","title":"T","order":1,"markdown":"m","html":"h"}]');
\sleep :pause us
select docgen_complete('f' || :r, ':job', ':claim', 1);
SQL
cat > "$scratch/sweep.sql" <<'SQL'
select docgen_beat('2 ms');
select docgen_expire(r) from docgen_due(20) r;
select docgen_purge(50);
SQL
"$bench" -n -c 2 -j 1 -T 60 -f "$scratch/sweep.sql" -d "$conninfo" > "$scratch/sweep.out" 2>&1 &
sweeper=$!
out=$("$bench" -n -c 8 -j 1 -t 135 -f "$scratch/finish.sql" -d "$conninfo" 2>&1)
kill "$sweeper"; wait "$sweeper" 2>/dev/null
q "select docgen_expire(r) from docgen_due(1000) r" > /dev/null; sleep 0.1; q "select docgen_expire(r) from docgen_due(1000) r" > /dev/null
if [[ $out == *"number of failed transactions: 0"* && $out != *aborted* ]] && ! grep -q ERROR "$scratch/sweep.out"; then pass "a finish racing a sweep: no errors"
else fail "a finish racing a sweep: no errors" "$out" "$(grep -m 2 ERROR "$scratch/sweep.out")"; fi
eq "over a thousand jobs, a verdict each, never two" "t t t" "select requests >= 1000, requests = verdicts, verdicts = jobs from (select count(*) filter (where kind = 'requested') requests, count(*) filter (where kind in ('completed', 'failed', 'expired', 'superseded')) verdicts, count(distinct job_id) jobs from generation_events where repository_id like 'f%') x"
eq "the sweep and the finish both won sometimes" "t t" "select count(*) filter (where kind = 'completed') > 20, count(*) filter (where kind in ('expired', 'superseded')) > 20 from generation_events where repository_id like 'f%'"
echo "#   $(q "select string_agg(kind || ' ' || n, ', ') from (select kind, count(*) n from generation_events where repository_id like 'f%' and kind not in ('requested', 'taken') group by 1) x")"
healthy

# Everything at once: takeovers with lock 0, forgetting, failing, shared bytes, purging, sweeping, reading.
cat > "$scratch/life.sql" <<SQL
\set r random(1, 12)
\set same random(1, 3)
\set act random(1, 10)
select gen_random_uuid() as job, gen_random_uuid() as claim \gset
select verdict from docgen_request('x' || :r, ':job', 'https://example.org/x', null, null, '0 s', '1 h', '20 s');
select coalesce((select repository_id || '|' || job_id from docgen_take('$H1', 6, '$OWN', ':claim', array['x' || :r], '5 s', '10 ms', '0 s')), '-|00000000-0000-4000-8000-000000000000') as got \gset
select split_part(':got', '|', 1) as repo, split_part(':got', '|', 2) as mine \gset
select docgen_progress(':repo', ':claim', 10, 'Fetching', '5 s'), docgen_source(':repo', ':claim', 'c' || :same, 'main', null);
select docgen_store_pages(':repo', ':claim', jsonb_build_array(jsonb_build_object('path', 'index', 'title', 't', 'order', 1, 'markdown', 'm' || :same, 'html', 'h'), jsonb_build_object('path', 'p', 'title', 't', 'order', 2, 'markdown', 'm', 'html', 'h')));
select docgen_store_assets(':repo', ':claim', '[{"path":"a.svg","mediaType":"image/svg+xml","base64":"PHN2Zy8+"}]');
\if :act < 2
select docgen_fail(':repo', ':claim', 'broken', 'log');
\elif :act < 3
select docgen_forget('x' || :r);
\elif :act < 4
select docgen_up_to_date(':repo', ':mine', ':claim');
\else
select docgen_complete(':repo', ':mine', ':claim', 2);
\endif
select count(*) from docgen_status('x' || :r);
select count(*) from docgen_page('x' || :r, 'index');
SQL
"$bench" -n -c 2 -j 1 -T 60 -f "$scratch/sweep.sql" -d "$conninfo" > "$scratch/sweep.out" 2>&1 &
sweeper=$!
(for i in $(seq 1 25); do q "select * from docgen_check()"; sleep 0.05; done) > "$scratch/check.out" 2>&1 &
checker=$!
out=$("$bench" -n -c 16 -j 1 -t 45 -f "$scratch/life.sql" -d "$conninfo" 2>&1)
kill "$sweeper"; wait "$sweeper" "$checker" 2>/dev/null
if [[ $out == *"number of failed transactions: 0"* && $out != *aborted* ]] && ! grep -q ERROR "$scratch/sweep.out"; then pass "a storm of whole lives: no error, no deadlock"
else fail "a storm of whole lives: no error, no deadlock" "$(grep -m 3 -i error <<< "$out")" "$(grep -m 2 ERROR "$scratch/sweep.out")"; fi
if [ -s "$scratch/check.out" ]; then fail "check stays empty in the middle of it" "$(sort "$scratch/check.out" | uniq -c | head -n 5)"; else pass "check stays empty in the middle of it"; fi
eq "all kinds of ends happened" "t" "select count(distinct kind) >= 4 from generation_events where repository_id like 'x%' and kind in ('completed', 'failed', 'superseded', 'expired', 'forgotten')"
echo "#   $(q "select string_agg(kind || ' ' || n, ', ') from (select kind, count(*) n from generation_events where repository_id like 'x%' and kind not in ('progress') group by 1) x")"
healthy

# The same lives under a lock of five minutes, while hands set the start back, take it away and set it anew.
sed "s/'0 s'/'300 s'/g; s/'10 ms'/'270 s'/; s/'x'/'y'/g" "$scratch/life.sql" > "$scratch/locked.sql"
cat > "$scratch/hand.sql" <<'SQL'
\set r random(1, 12)
update generated_docs set generation_started_at = (array[null, clock_timestamp() - interval '300 s', '-infinity', clock_timestamp()])[1 + :r % 4]
 where repository_id = 'y' || :r;
SQL
"$bench" -n -c 2 -j 1 -T 60 -f "$scratch/hand.sql" -d "$conninfo" > "$scratch/hand.out" 2>&1 &
hand=$!
out=$("$bench" -n -c 16 -j 1 -t 45 -f "$scratch/locked.sql" -d "$conninfo" 2>&1)
kill "$hand"; wait "$hand" 2>/dev/null
if [[ $out == *"number of failed transactions: 0"* && $out != *aborted* ]] && ! grep -q ERROR "$scratch/hand.out"; then pass "a storm while hands move the locks: no error, no deadlock"
else fail "a storm while hands move the locks: no error, no deadlock" "$(grep -m 3 -i error <<< "$out")" "$(grep -m 2 ERROR "$scratch/hand.out")"; fi
eq "hands freed locks, and only they" "t" "select count(*) > 0 from generation_events where repository_id like 'y%' and kind = 'superseded'"
echo "#   $(q "select string_agg(kind || ' ' || n, ', ') from (select kind, count(*) n from generation_events where repository_id like 'y%' and kind not in ('progress') group by 1) x")"
healthy
for i in 1 2 3 4 5 6 7 8; do q "do \$\$ declare n int; begin for i in 1..400 loop n := docgen_purge(100); exit when n < 0; end loop; end \$\$" > /dev/null; done
eq "nothing leaks: every body is published or of a live job" 0 "select count(*) from docgen_bodies b where not exists (select from docgen_pages p join generated_docs g on p.job_id = g.published_parts or p.job_id = g.job_id where p.body = b.body) and not exists (select from docgen_assets p join generated_docs g on p.job_id = g.published_parts or p.job_id = g.job_id where p.body = b.body)"
healthy

# A process is killed while its take is on its way: what that takes still fails with the rest.
q "$(request killed "$(uuid 61)")" > /dev/null
q "select docgen_owner_start('$(uuid 204)', '$H1', 4711, 99)" > /dev/null
run_sql <<< "begin; $(take killed "$(uuid 62)" 1000 "$H1" "$(uuid 204)"); select pg_sleep(1); commit" > "$scratch/take.out" &
taker=$!
for _ in $(seq 500); do
    [ "$(q "select count(*) from pg_stat_activity where wait_event = 'PgSleep'")" = 0 ] || break
    sleep 0.01
done
q "select docgen_owner_end('$(uuid 204)')" > /dev/null
eq "a take under way is waited for, and its job fails" "1 failed" "select n, status from (select docgen_fail_owner('$(uuid 204)', 'gone') n) x, lateral docgen_status('killed')"
wait "$taker"
is "it had taken the job" "killed $(uuid 61)" "$(head -n 1 "$scratch/take.out")"
healthy
