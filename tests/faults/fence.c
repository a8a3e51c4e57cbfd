/* The fence, from end to end: a job that was frozen past its lease comes back while its successor runs, with words in its
 * pipe and a failure to report. Nothing of the successor may change.
 * SPDX-License-Identifier: Apache-2.0 */
#include <apr_strings.h>
#include <criterion/criterion.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>
#include "faults/kit.h"
#include "module/harness_state.h"

TestSuite(fence, .timeout = 120);

/* Everything that a late writer could touch. */
static const char *state_of_demo(harness *h)
{
    return harness_sql(
        h, "select g.status || ' ' || g.progress || ' ' || g.job_id || ' ' || g.revision || ' ' || "
           "g.step || ' ' || (select count(*) from docgen_pages p where p.job_id = g.job_id) || ' "
           "' || "
           "(select count(*) from generation_events e where e.job_id = g.job_id) from "
           "generated_docs g "
           "where g.repository_id = 'demo'");
}

static void come_back_late(const char *last_words)
{
    harness *h = harness_open();
    harness_server *s = harness_serve(h, .conf = "DocGenLease 2s\nDocGenTick 200ms\n");
    const char *job, *before;
    pid_t child;

    harness_expect_log(h, "DG01[0-9][0-9]");
    kit_await_ready(s, 2);
    harness_script(h, "demo",
                   apr_pstrcat(h->pool, "milestones,source,pages=2,gate=one,", last_words, NULL));
    job = kit_request(s, "demo");
    harness_await_sql(h, 15, "select progress >= 80 from generated_docs where job_id = '%s'", job);
    child = kit_owner(h, "demo");
    cr_assert(child > 0 && kill(child, SIGSTOP) == 0);
    harness_open_gate(h, "one"); /* its last words wait in the pipe */
    harness_await_sql(h, 15, "select status = 'failed' from generated_docs where job_id = '%s'",
                      job);
    harness_script(h, "demo", "milestones,source,pages=3,progress=81:Stored,gate=two,progress=95");
    job = kit_request(s, "demo");
    harness_await_sql(h, 15, "select progress = 81 from generated_docs where job_id = '%s'", job);
    before = state_of_demo(h);
    kill(child, SIGCONT);
    usleep(1500000); /* the time in which it would do harm */
    cr_expect_str_eq(state_of_demo(h), before);
    harness_open_gate(h, "two");
    harness_await_status(s, "demo", "completed", 15);
    cr_expect_eq(harness_sql_number(
                     h, "select published_pages from generated_docs where repository_id = 'demo'"),
                 3);
    cr_expect_str_eq(kit_verdict(h, job), "completed");
    harness_close(h);
}

Test(fence, late_success)
{
    come_back_late("page=late,progress=95:Finalizing output");
}

Test(fence, late_failure)
{
    come_back_late("exit=7");
}
