/* Every function of store.h against the real SQL: a job's life, its fence, the sweep, and what is read.
 * SPDX-License-Identifier: Apache-2.0 */
#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <libpq-fe.h>
#include <apr_strings.h>

#include "docgen_private.h"
#include "store/call.h"
#include "store/row.h"
#include "store/world.h"

#define HOST "11111111-1111-4111-8111-111111111111"

TestSuite(store, .init = world_open, .fini = world_close, .timeout = 60);

static apr_array_header_t *list_of(const char *one, const char *two)
{
    apr_array_header_t *list = apr_array_make(pool, 2, sizeof(const char *));

    APR_ARRAY_PUSH(list, const char *) = one;
    if (two) {
        APR_ARRAY_PUSH(list, const char *) = two;
    }
    return list;
}

static docgen_taken *take(const char *id, const docgen_uuid *lease_token, const char *owner)
{
    docgen_taken *taken = NULL;

    cr_assert_eq(docgen_store_take(store, pool, HOST, 1000, owner, lease_token, list_of(id, NULL),
                                   20 * SEC, 270 * SEC, 300 * SEC, &taken),
                 APR_SUCCESS);
    return taken;
}

static docgen_uuid new_owner(void)
{
    docgen_uuid owner = uuid();

    cr_assert_eq(docgen_store_owner_start(store, pool, owner.text, HOST, 4711, 123456789012LL),
                 APR_SUCCESS);
    return owner;
}

static void check_database(void)
{
    const char *broken = admin("select string_agg(rule || ': ' || what, '; ') from docgen_check()");

    cr_expect_null(broken, "%s", broken);
}

Test(store, values_survive_the_way_in_and_out)
{
    static const docgen_statement echo = {
        .name = "echo",
        .sql = "select $1::text[], $2::text, $3::interval = '1.5 s', $4::int",
        .parameters = 4};
    apr_array_header_t *texts = list_of("a", "b\"c\\d,{}' é"), *back;
    const char *parameters[] = {NULL, NULL, docgen_parameter_interval(pool, 1500000), NULL};
    PGresult *result;

    APR_ARRAY_PUSH(texts, const char *) = "";
    APR_ARRAY_PUSH(texts, const char *) = "NULL";
    parameters[0] = docgen_parameter_texts(pool, texts);
    cr_assert_eq(docgen_call(store, pool, &echo, parameters, &result), APR_SUCCESS);
    back = docgen_row_texts(pool, result, 0, 0);
    cr_assert_eq(back->nelts, 4);
    for (int i = 0; i < 4; i++) {
        cr_expect_str_eq(APR_ARRAY_IDX(back, i, const char *),
                         APR_ARRAY_IDX(texts, i, const char *));
    }
    cr_expect_null(docgen_row_text(pool, result, 0, 1));
    cr_expect(docgen_row_bool(result, 0, 2));
    cr_expect_eq(docgen_row_number(result, 0, 3), 0);
    PQclear(result);
    cr_expect_str_eq(docgen_parameter_texts(pool, NULL), "{}");
}

Test(store, a_job_from_request_to_published_page)
{
    docgen_uuid job = uuid(), other = uuid(), lease_token = uuid(), owner = new_owner();
    docgen_state *state = NULL;
    docgen_taken *taken;
    docgen_complete_result outcome = DOCGEN_COMPLETE_LOST;
    docgen_page_contents *page = NULL;
    docgen_asset_contents *asset = NULL;
    docgen_symbol_place *place = NULL;
    apr_array_header_t *found;
    apr_status_t rv;
    int mine = 0, queued = 0;

    cr_assert_eq(docgen_store_status(store, pool, "life", &state), APR_SUCCESS);
    cr_assert(state->status == DOCGEN_STATUS_IDLE && state->server_time && !state->registered);
    cr_assert_eq(request("life", &job, &state), DOCGEN_REQUEST_ACCEPTED);
    cr_assert_eq(state->status, DOCGEN_STATUS_GENERATING);
    cr_assert_eq(state->progress, 0);
    cr_assert_eq(state->queue_position, 1);
    cr_assert_str_eq(state->job_id, job.text);
    cr_assert_str_eq(state->step, "Waiting for a worker");
    cr_assert_eq(state->generation, 1);
    cr_assert(llabs(state->server_time - apr_time_now()) < 5 * SEC);
    cr_assert(llabs(state->locked_until - state->requested_at - 300 * SEC) < SEC);
    cr_assert_eq(request("life", &job, &state), DOCGEN_REQUEST_ACCEPTED,
                 "a lost reply asked again");
    cr_assert_eq(request("life", &other, &state), DOCGEN_REQUEST_IN_PROGRESS);
    cr_assert_str_eq(state->job_id, job.text);
    cr_assert_eq(docgen_store_queued(store, pool, list_of("life", NULL), &queued), APR_SUCCESS);
    cr_assert_geq(queued, 1);

    taken = take("life", &lease_token, owner.text);
    cr_assert_not_null(taken);
    cr_assert_str_eq(taken->repository_id, "life");
    cr_assert_str_eq(taken->job_id, job.text);
    cr_assert_str_eq(taken->url, "https://example.org/a.git");
    cr_assert_str_eq(taken->branch, "main");
    cr_assert_str_eq(taken->title, "A title");
    cr_assert_null(taken->previous_commit);
    cr_assert(taken->remaining > 260 * SEC && taken->remaining <= 270 * SEC);
    cr_assert_str_eq(take("life", &lease_token, owner.text)->job_id, job.text,
                     "the same lease token, the same job");

    rv = docgen_store_progress(store, pool, "life", &lease_token, 10, "Fetching repository",
                               20 * SEC, &mine);
    cr_assert(rv == APR_SUCCESS && mine);
    rv = docgen_store_source(store, pool, "life", &lease_token, "abc1234", "main",
                             "2026-01-02T03:04:05Z", &mine);
    cr_assert(rv == APR_SUCCESS && mine);
    rv = docgen_store_pages(
        store, pool, "life", &lease_token,
        "[{\"path\":\"index\",\"title\":\"Over\",\"order\":1,\"markdown\":\"# Zebra\","
        "\"html\":\"<h1>Zebra</h1>\"},{\"path\":\"api/x\",\"title\":\"X\",\"order\":2,"
        "\"markdown\":\"x\",\"html\":\"<p>x</p>\"}]",
        &mine);
    cr_assert(rv == APR_SUCCESS && mine);
    rv = docgen_store_assets(
        store, pool, "life", &lease_token,
        "[{\"path\":\"a/b.png\",\"mediaType\":\"image/png\",\"base64\":\"AAECAP8=\"}]", &mine);
    cr_assert(rv == APR_SUCCESS && mine);
    rv = docgen_store_symbols(
        store, pool, "life", &lease_token,
        "[{\"name\":\"zebra_run\",\"kind\":\"function\",\"page\":\"api/x\",\"anchor\":\"zr\"}]",
        &mine);
    cr_assert(rv == APR_SUCCESS && mine);
    cr_assert_eq(docgen_store_page(store, pool, "life", "index", &page), APR_SUCCESS);
    cr_assert_null(page, "parts of an unfinished job are invisible");
    rv = docgen_store_log(store, pool, "life", &lease_token, "all well", &mine);
    cr_assert(rv == APR_SUCCESS && mine);
    cr_assert_eq(docgen_store_complete(store, pool, "life", job.text, &lease_token, 3, &outcome),
                 APR_SUCCESS);
    cr_assert_eq(outcome, DOCGEN_COMPLETE_INCOMPLETE, "two pages are there, three were promised");
    cr_assert_eq(docgen_store_complete(store, pool, "life", job.text, &lease_token, 2, &outcome),
                 APR_SUCCESS);
    cr_assert_eq(outcome, DOCGEN_COMPLETE_DONE);
    cr_assert_eq(docgen_store_complete(store, pool, "life", job.text, &lease_token, 2, &outcome),
                 APR_SUCCESS);
    cr_assert_eq(outcome, DOCGEN_COMPLETE_DONE, "a lost reply asked again");

    cr_assert_eq(docgen_store_status(store, pool, "life", &state), APR_SUCCESS);
    cr_assert_eq(state->status, DOCGEN_STATUS_COMPLETED);
    cr_assert_eq(state->progress, 100);
    cr_assert_str_eq(state->published_job_id, job.text);
    cr_assert_str_eq(state->published_commit, "abc1234");
    cr_assert_str_eq(state->published_branch, "main");
    cr_assert_eq(state->published_pages, 2);
    cr_assert(state->published_at && state->finished_at && !state->queue_position);
    cr_assert(!state->registered);
    cr_assert_null(state->error_message);

    cr_assert_eq(docgen_store_page_list(store, pool, "life", &found), APR_SUCCESS);
    cr_assert_eq(found->nelts, 2);
    cr_assert_str_eq(APR_ARRAY_IDX(found, 0, docgen_page_entry).path, "index");
    cr_assert_eq(APR_ARRAY_IDX(found, 1, docgen_page_entry).order, 2);
    cr_assert_eq(docgen_store_page(store, pool, "life", "index", &page), APR_SUCCESS);
    cr_assert_str_eq(page->html, "<h1>Zebra</h1>");
    cr_assert_str_eq(page->markdown, "# Zebra");
    cr_assert_str_eq(page->title, "Over");
    cr_assert_str_eq(page->job_id, job.text);
    cr_assert_str_eq(page->commit, "abc1234");
    cr_assert_eq(page->status, DOCGEN_STATUS_COMPLETED);
    cr_assert(page->published_at && page->server_time);
    cr_assert_eq(docgen_store_page(store, pool, "life", "none", &page), APR_SUCCESS);
    cr_assert_null(page);
    cr_assert_eq(docgen_store_asset(store, pool, "life", "a/b.png", &asset), APR_SUCCESS);
    cr_assert_str_eq(asset->media_type, "image/png");
    cr_assert_str_eq(asset->job_id, job.text);
    cr_assert_eq(asset->length, 5);
    cr_assert_arr_eq(asset->data, "\x00\x01\x02\x00\xff", 5);
    cr_assert_eq(docgen_store_asset(store, pool, "life", "a/c.png", &asset), APR_SUCCESS);
    cr_assert_null(asset);
    cr_assert_eq(docgen_store_symbol(store, pool, "life", "zebra_run", &place), APR_SUCCESS);
    cr_assert_str_eq(place->page, "api/x");
    cr_assert_str_eq(place->anchor, "zr");
    cr_assert_str_eq(place->kind, "function");
    cr_assert_eq(docgen_store_symbol(store, pool, "life", "none", &place), APR_SUCCESS);
    cr_assert_null(place);
    cr_assert_eq(docgen_store_runs(store, pool, "life", 10, &found), APR_SUCCESS);
    cr_assert_eq(found->nelts, 1);
    cr_assert_str_eq(APR_ARRAY_IDX(found, 0, docgen_run_record).outcome, "completed");
    cr_assert_str_eq(APR_ARRAY_IDX(found, 0, docgen_run_record).log_tail, "all well");
    cr_assert_str_eq(APR_ARRAY_IDX(found, 0, docgen_run_record).commit, "abc1234");
    cr_assert(APR_ARRAY_IDX(found, 0, docgen_run_record).taken_at);
    cr_assert_eq(docgen_store_list(store, pool, list_of("life", "never"), &found), APR_SUCCESS);
    cr_assert_eq(found->nelts, 2);
    cr_assert_str_eq(APR_ARRAY_IDX(found, 0, docgen_state *)->repository_id, "life");
    cr_assert_str_eq(APR_ARRAY_IDX(found, 1, docgen_state *)->repository_id, "never");
    cr_assert_eq(APR_ARRAY_IDX(found, 1, docgen_state *)->status, DOCGEN_STATUS_IDLE);
    cr_assert_eq(docgen_store_owner_end(store, pool, owner.text), APR_SUCCESS);
    check_database();
}

Test(store, search_finds_the_symbol_first)
{
    docgen_uuid job = uuid(), lease_token = uuid(), owner = new_owner();
    docgen_state *state;
    docgen_complete_result outcome;
    apr_array_header_t *hits;
    const docgen_hit *hit;
    int mine;

    request("search", &job, &state);
    take("search", &lease_token, owner.text);
    docgen_store_pages(
        store, pool, "search", &lease_token,
        "[{\"path\":\"index\",\"title\":\"Giraffe\",\"order\":1,\"markdown\":\"The walk_giraffe "
        "walks.\",\"html\":\"<p>x</p>\"}]",
        &mine);
    docgen_store_symbols(
        store, pool, "search", &lease_token,
        "[{\"name\":\"walk_giraffe\",\"kind\":\"function\",\"page\":\"index\",\"anchor\":\"w\"}]",
        &mine);
    cr_assert_eq(docgen_store_complete(store, pool, "search", job.text, &lease_token, 1, &outcome),
                 APR_SUCCESS);
    cr_assert_eq(
        docgen_store_search(store, pool, "walk_giraffe", list_of("search", NULL), 10, 0, &hits),
        APR_SUCCESS);
    cr_assert_geq(hits->nelts, 1);
    hit = &APR_ARRAY_IDX(hits, 0, docgen_hit);
    cr_assert_str_eq(hit->repository_id, "search");
    cr_assert_str_eq(hit->kind, "symbol");
    cr_assert_str_eq(hit->path, "index");
    cr_assert_str_eq(hit->anchor, "w");
    cr_assert(hit->rank > 0);
    cr_assert_eq(
        docgen_store_search(store, pool, "walk_giraffe", list_of("other", NULL), 10, 0, &hits),
        APR_SUCCESS);
    cr_assert_eq(hits->nelts, 0, "only over the ids that were asked for");
}

Test(store, only_the_claim_may_write)
{
    docgen_uuid job = uuid(), lease_token = uuid(), stranger = uuid(), owner = new_owner();
    docgen_state *state;
    docgen_complete_result outcome;
    apr_array_header_t *lost, *owners;
    int mine = 1, queued = -1, seen = 0;

    request("fence", &job, &state);
    cr_assert_not_null(take("fence", &lease_token, owner.text));
    docgen_store_progress(store, pool, "fence", &stranger, 50, "x", SEC, &mine);
    cr_assert(!mine);
    mine = 1;
    docgen_store_pages(store, pool, "fence", &stranger, "[]", &mine);
    cr_assert(!mine);
    mine = 1;
    docgen_store_fail(store, pool, "fence", &stranger, "no", "", &mine);
    cr_assert(!mine);
    docgen_store_complete(store, pool, "fence", job.text, &stranger, 0, &outcome);
    cr_assert_eq(outcome, DOCGEN_COMPLETE_LOST);
    docgen_store_up_to_date(store, pool, "fence", job.text, &stranger, &outcome);
    cr_assert_eq(outcome, DOCGEN_COMPLETE_LOST);

    cr_assert_eq(docgen_store_renew(store, pool, list_of(lease_token.text, stranger.text), 20 * SEC,
                                    &lost, &queued),
                 APR_SUCCESS);
    cr_assert_eq(lost->nelts, 1);
    cr_assert_str_eq(APR_ARRAY_IDX(lost, 0, const char *), stranger.text);
    cr_assert_geq(queued, 0);
    cr_assert_eq(docgen_store_owners(store, pool, HOST, &owners), APR_SUCCESS);
    for (int i = 0; i < owners->nelts; i++) {
        const docgen_worker_record *o = &APR_ARRAY_IDX(owners, i, docgen_worker_record);

        if (!strcmp(o->id, owner.text)) {
            seen = o->pid == 4711 && o->started == 123456789012LL && o->jobs == 1;
        }
    }
    cr_assert(seen);
    cr_assert_eq(docgen_store_fail(store, pool, "fence", &lease_token, "It broke; mend it.",
                                   "the log", &mine),
                 APR_SUCCESS);
    cr_assert(mine);
    docgen_store_status(store, pool, "fence", &state);
    cr_assert_eq(state->status, DOCGEN_STATUS_FAILED);
    cr_assert_eq(state->progress, 0);
    cr_assert_str_eq(state->error_message, "It broke; mend it.");
    check_database();
}

Test(store, a_childs_end_and_the_sweep)
{
    docgen_uuid job = uuid(), lease_token = uuid(), owner = new_owner();
    docgen_state *state;
    apr_array_header_t *due;
    int number = -2, seen = 0;

    request("sweep", &job, &state);
    cr_assert_not_null(take("sweep", &lease_token, owner.text));
    cr_assert_eq(
        docgen_store_fail_owner(store, pool, owner.text, "The server is stopping.", &number),
        APR_SUCCESS);
    cr_assert_eq(number, 1);
    docgen_store_status(store, pool, "sweep", &state);
    cr_assert_str_eq(state->error_message, "The server is stopping.");

    job = uuid();
    lease_token = uuid();
    owner = new_owner();
    request("sweep", &job, &state);
    cr_assert_not_null(take("sweep", &lease_token, owner.text));
    cr_assert_eq(docgen_store_heartbeat(store, pool, 20 * SEC), APR_SUCCESS);
    admin("update generated_docs set lease_until = clock_timestamp() - interval '1 minute', "
          "graced = true where repository_id = 'sweep'");
    cr_assert_eq(docgen_store_due(store, pool, 50, &due), APR_SUCCESS);
    for (int i = 0; i < due->nelts; i++) {
        seen |= !strcmp(APR_ARRAY_IDX(due, i, const char *), "sweep");
    }
    cr_assert(seen);
    cr_assert_eq(docgen_store_expire(store, pool, "sweep", &number), APR_SUCCESS);
    cr_assert_eq(number, 1);
    cr_assert_eq(docgen_store_expire(store, pool, "sweep", &number), APR_SUCCESS);
    cr_assert_eq(number, 0);
    do {
        cr_assert_eq(docgen_store_purge(store, pool, 50, &number), APR_SUCCESS);
    } while (number > 0);
    cr_assert_eq(number, -1);
    check_database();
}

Test(store, an_unchanged_commit_keeps_the_pages)
{
    docgen_uuid job = uuid(), lease_token = uuid(), owner = new_owner();
    docgen_state *state;
    docgen_complete_result outcome;
    docgen_page_contents *page;
    docgen_taken *taken;
    int mine;

    request("same", &job, &state);
    take("same", &lease_token, owner.text);
    docgen_store_source(store, pool, "same", &lease_token, "c0ffee1", "main", NULL, &mine);
    docgen_store_pages(
        store, pool, "same", &lease_token,
        "[{\"path\":\"index\",\"title\":\"T\",\"order\":1,\"markdown\":\"m\",\"html\":\"h\"}]",
        &mine);
    docgen_store_complete(store, pool, "same", job.text, &lease_token, 1, &outcome);
    cr_assert_eq(outcome, DOCGEN_COMPLETE_DONE);
    job = uuid();
    lease_token = uuid();
    cr_assert_eq(request("same", &job, &state), DOCGEN_REQUEST_ACCEPTED);
    taken = take("same", &lease_token, owner.text);
    cr_assert_str_eq(taken->previous_commit, "c0ffee1");
    docgen_store_source(store, pool, "same", &lease_token, "c0ffee1", "main", NULL, &mine);
    cr_assert_eq(docgen_store_up_to_date(store, pool, "same", job.text, &lease_token, &outcome),
                 APR_SUCCESS);
    cr_assert_eq(outcome, DOCGEN_COMPLETE_DONE);
    docgen_store_page(store, pool, "same", "index", &page);
    cr_assert_str_eq(page->html, "h");
    check_database();
}

Test(store, registered_repositories_and_health)
{
    docgen_origin origin;
    docgen_database_health health = {0};
    docgen_request_result request_result;
    docgen_state *state;
    docgen_uuid job = uuid();

    admin("select docgen_register('reg', 'https://example.org/r.git', 'dev', 'R')");
    cr_assert_eq(docgen_store_repository(store, pool, "reg", &origin), APR_SUCCESS);
    cr_assert_str_eq(origin.url, "https://example.org/r.git");
    cr_assert_str_eq(origin.branch, "dev");
    cr_assert_str_eq(origin.title, "R");
    cr_assert(origin.registered);
    cr_assert_eq(docgen_store_repository(store, pool, "nobody", &origin), APR_SUCCESS);
    cr_assert_null(origin.url);
    cr_assert_eq(docgen_store_status(store, pool, "reg", &state), APR_SUCCESS);
    cr_assert(state && state->registered && state->status == DOCGEN_STATUS_IDLE);
    cr_assert_eq(docgen_store_request(store, pool, "nobody", &job, NULL, NULL, NULL, SEC, SEC, SEC,
                                      &request_result, &state),
                 APR_SUCCESS);
    cr_assert_eq(request_result, DOCGEN_REQUEST_UNKNOWN);
    cr_assert_null(state);
    cr_assert_eq(docgen_store_health(store, pool, &health), APR_SUCCESS);
    cr_assert_eq(health.schema_version, DOCGEN_SCHEMA_VERSION);
    cr_assert(docgen_uuid_is_valid(health.installation_id));
    cr_assert(health.server_version && health.server_time);
    cr_assert_eq(pool_logged(-1, ""), 0, "a healthy database leaves no line in the log");
}
