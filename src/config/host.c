/* SPDX-License-Identifier: Apache-2.0 */
#include "config/host.h"

#include <string.h>
#include <apr_strings.h>

#include "config/as_child.h"
#include "core/bubblewrap.h"

/* bubblewrap may be installed and still be refused by the kernel or by a container. */
static int has_sandbox(apr_pool_t *pool)
{
    apr_array_header_t *argv = apr_array_make(pool, 64, sizeof(const char *));

    docgen_bubblewrap_add(pool, argv, 0);
    APR_ARRAY_PUSH(argv, const char *) = "--";
    APR_ARRAY_PUSH(argv, const char *) = "true";
    APR_ARRAY_PUSH(argv, const char *) = NULL;
    return docgen_as_child_runs(pool, (const char *const *)argv->elts, NULL);
}

/* Exuberant Ctags, BSD's ctags and that of Emacs have the same name and cannot be asked over pipes. */
static int has_ctags(apr_pool_t *pool)
{
    static const char *const argv[] = {"ctags", "--quiet=yes", "--options=NONE",
                                       "--_interactive=default", NULL};
    const char *greeting;

    return docgen_as_child_runs(pool, argv, &greeting) && strstr(greeting, "\"program\"");
}

static int has_git(apr_pool_t *pool)
{
    static const char *const argv[] = {"git", "--version", NULL};

    return docgen_as_child_runs(pool, argv, NULL);
}

static const struct {
    docgen_host_lack lack;
    int (*is_there)(apr_pool_t *pool);
} needs[] = {
    {{"sandbox",
      "bubblewrap does not work for the user of httpd's children, so repositories are analysed "
      "with seccomp and Landlock alone; install the package bubblewrap and allow user namespaces."},
     has_sandbox},
    {{"ctags",
      "Universal Ctags is not on the PATH of httpd's children, so C and C++ sources are documented "
      "without their symbols; install the package universal-ctags."},
     has_ctags},
    {{"git",
      "git is not on the PATH of httpd's children, so every generation fails; install the package "
      "git."},
     has_git},
};

#define NEEDS (sizeof(needs) / sizeof(needs[0]))

/* One letter for each need: '1' = it is there. */
static const char *look(apr_pool_t *pool, const void *data)
{
    char *found = apr_pcalloc(pool, NEEDS + 1);

    (void)data;
    for (apr_size_t i = 0; i < NEEDS; i++) {
        found[i] = needs[i].is_there(pool) ? '1' : '0';
    }
    return found;
}

void docgen_host_look(apr_pool_t *pool, docgen_config *config)
{
    const char *found;

    apr_array_clear(config->missing);
    if (docgen_as_child_ask(pool, look, NULL, &found) != APR_SUCCESS) {
        return; /* that the children's user does not work is said with the files */
    }
    for (apr_size_t i = 0; i < NEEDS && found[i]; i++) {
        if (found[i] == '0') {
            APR_ARRAY_PUSH(config->missing, const docgen_host_lack *) = &needs[i].lack;
        }
    }
}

const apr_array_header_t *docgen_host_missing(const docgen_config *config)
{
    return config->missing;
}
