/* Facts cross from the fetching process to the analysis as one JSON object.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/repo/facts.h"

#include <apr_strings.h>
#include "core/json.h"

/** The members that are plain texts: their name in JSON and their place. */
#define TEXT_MEMBERS(X)                                                                            \
    X("repositoryId", repository_id)                                                               \
    X("title", title)                                                                              \
    X("url", url)                                                                                  \
    X("branch", branch)                                                                            \
    X("commit", commit)                                                                            \
    X("committedAt", committed_at)                                                                 \
    X("sourceUrl", source_url)                                                                     \
    X("description", description)                                                                  \
    X("homepage", homepage)                                                                        \
    X("licence", licence)                                                                          \
    X("previousCommit", previous_commit)                                                           \
    X("releaseTag", release_tag)                                                                   \
    X("releaseCommit", release_commit)                                                             \
    X("releaseSourceUrl", release_source_url)                                                      \
    X("releaseSkipped", release_skipped)                                                           \
    X("historyProblem", history_problem)                                                           \
    X("authentication", authentication)

static json_t *commits_write(const apr_array_header_t *commits)
{
    json_t *list = json_array();

    for (int i = 0; commits && i < commits->nelts; i++) {
        const docgen_commit *commit = &APR_ARRAY_IDX(commits, i, docgen_commit);

        json_array_append_new(list, json_pack("{s:s*, s:s*, s:s*, s:s*}", "id", commit->id,
                                              "author", commit->author, "date", commit->date,
                                              "subject", commit->subject));
    }
    return list;
}

static json_t *tags_write(const apr_array_header_t *tags)
{
    json_t *list = json_array();

    for (int i = 0; tags && i < tags->nelts; i++) {
        const docgen_tag *tag = &APR_ARRAY_IDX(tags, i, docgen_tag);

        json_array_append_new(list, json_pack("{s:s*, s:s*, s:s*}", "name", tag->name, "commit",
                                              tag->commit, "date", tag->date));
    }
    return list;
}

static json_t *contributors_write(const apr_array_header_t *people)
{
    json_t *list = json_array();

    for (int i = 0; people && i < people->nelts; i++) {
        const docgen_contributor *person = &APR_ARRAY_IDX(people, i, docgen_contributor);

        json_array_append_new(
            list, json_pack("{s:s*, s:i}", "name", person->name, "commits", person->commits));
    }
    return list;
}

json_t *docgen_facts_write(const docgen_facts *facts)
{
    json_t *object = json_object();
    json_t *months = json_array();
    json_t *topics = json_array();

#define X(name, member)                                                                            \
    if (facts->member) {                                                                           \
        json_object_set_new(object, name, json_string(facts->member));                             \
    }
    TEXT_MEMBERS(X)
#undef X
    for (int i = 0; facts->months && i < facts->months->nelts; i++) {
        json_array_append_new(months, json_integer(APR_ARRAY_IDX(facts->months, i, int)));
    }
    for (int i = 0; facts->topics && i < facts->topics->nelts; i++) {
        json_array_append_new(topics, json_string(APR_ARRAY_IDX(facts->topics, i, const char *)));
    }
    json_object_set_new(object, "historyComplete", json_boolean(facts->history_complete));
    json_object_set_new(object, "commitCount", json_integer(facts->commit_count));
    json_object_set_new(object, "commits", commits_write(facts->commits));
    json_object_set_new(object, "tags", tags_write(facts->tags));
    json_object_set_new(object, "contributors", contributors_write(facts->contributors));
    json_object_set_new(object, "months", months);
    json_object_set_new(object, "topics", topics);
    return object;
}

static const char *text_copy(apr_pool_t *pool, const json_t *object, const char *key)
{
    return apr_pstrdup(pool, docgen_json_string(object, key));
}

static void lists_read(apr_pool_t *pool, const json_t *object, docgen_facts *facts)
{
    const json_t *item;
    size_t i;

    json_array_foreach(json_object_get(object, "commits"), i, item)
    {
        docgen_commit *commit = apr_array_push(facts->commits);

        commit->id = text_copy(pool, item, "id");
        commit->author = text_copy(pool, item, "author");
        commit->date = text_copy(pool, item, "date");
        commit->subject = text_copy(pool, item, "subject");
    }
    json_array_foreach(json_object_get(object, "tags"), i, item)
    {
        docgen_tag *tag = apr_array_push(facts->tags);

        tag->name = text_copy(pool, item, "name");
        tag->commit = text_copy(pool, item, "commit");
        tag->date = text_copy(pool, item, "date");
    }
    json_array_foreach(json_object_get(object, "contributors"), i, item)
    {
        docgen_contributor *person = apr_array_push(facts->contributors);

        person->name = text_copy(pool, item, "name");
        person->commits = (int)docgen_json_integer(item, "commits", 0);
    }
    json_array_foreach(json_object_get(object, "months"), i, item)
    {
        APR_ARRAY_PUSH(facts->months, int) = (int)json_integer_value(item);
    }
    json_array_foreach(json_object_get(object, "topics"), i, item)
    {
        if (json_is_string(item)) {
            APR_ARRAY_PUSH(facts->topics, const char *) =
                apr_pstrdup(pool, json_string_value(item));
        }
    }
}

docgen_facts *docgen_facts_read(apr_pool_t *pool, const json_t *object)
{
    docgen_facts *facts = apr_pcalloc(pool, sizeof(*facts));

    facts->commits = apr_array_make(pool, 16, sizeof(docgen_commit));
    facts->tags = apr_array_make(pool, 16, sizeof(docgen_tag));
    facts->contributors = apr_array_make(pool, 16, sizeof(docgen_contributor));
    facts->months = apr_array_make(pool, 24, sizeof(int));
    facts->topics = apr_array_make(pool, 8, sizeof(const char *));
#define X(name, member) facts->member = text_copy(pool, object, name);
    TEXT_MEMBERS(X)
#undef X
    facts->history_complete = json_is_true(json_object_get(object, "historyComplete"));
    facts->commit_count = (int)docgen_json_integer(object, "commitCount", 0);
    lists_read(pool, object, facts);
    return facts;
}
