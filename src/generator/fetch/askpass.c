/* Credentials reach git through an inherited pipe: never argv, never the environment, only for
 * their own host.
 * SPDX-License-Identifier: Apache-2.0 */
#include "generator/fetch/git.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <apr_lib.h>
#include <apr_strings.h>

#define VARIABLE "DOCGEN_ASKPASS_FD"
#define RECORD   4096 /* PIPE_BUF: one read takes one whole record */
#define RECORDS  4    /* user and password, asked twice at most: a refused token must not loop */

int docgen_askpass_is_wanted(void)
{
    return getenv(VARIABLE) != NULL;
}

/** "https://host:port" in lower case, without user and path, into `origin`. @return whether it fits
 * */
static int origin_of(const char *url, apr_size_t length, char *origin, apr_size_t size)
{
    const char *end = url + length;
    const char *start = memmem(url, length, "://", 3);
    const char *host;
    apr_size_t n = 0;

    if (!start) {
        return 0;
    }
    start += 3;
    for (host = start; host < end && !strchr("/?#", *host); host++) {
    }
    end = host;
    for (host = end; host > start && host[-1] != '@'; host--) {
    }
    if ((apr_size_t)(start - url) + (apr_size_t)(end - host) + 1 > size || host == end) {
        return 0;
    }
    for (const char *p = url; p < start; p++) {
        origin[n++] = apr_tolower(*p);
    }
    for (const char *p = host; p < end; p++) {
        origin[n++] = apr_tolower(*p);
    }
    origin[n] = '\0';
    return 1;
}

int docgen_askpass_pipe(apr_pool_t *pool, const char *url, const char *token)
{
    char *record = apr_pcalloc(pool, RECORD);
    const char *colon = strchr(token, ':');
    int fds[2];

    /* origin NUL user NUL secret NUL; the user name is free with the forges' tokens */
    if (!origin_of(url, strlen(url), record, 1024)) {
        return -1;
    }
    apr_snprintf(record + strlen(record) + 1, 2100, "%.*s", colon ? (int)(colon - token) : 14,
                 colon ? token : "x-access-token");
    {
        const char *user = record + strlen(record) + 1;
        apr_size_t used = (apr_size_t)(user - record) + strlen(user) + 1;

        if (used + strlen(token) + 1 >= RECORD || pipe2(fds, O_CLOEXEC) != 0) {
            return -1;
        }
        apr_cpystrn(record + used, colon ? colon + 1 : token, RECORD - used);
    }
    for (int i = 0; i < RECORDS; i++) {
        if (write(fds[1], record, RECORD) != RECORD) {
            break;
        }
    }
    close(fds[1]);
    memset(record, 0, RECORD);
    return fds[0];
}

int docgen_askpass_main(const char *prompt)
{
    char record[RECORD], asked[1024];
    const char *open_quote = prompt ? strchr(prompt, '\'') : NULL;
    const char *close_quote = open_quote ? strrchr(prompt, '\'') : NULL;
    const char *user, *secret;
    apr_size_t have = 0;
    const char *number = getenv(VARIABLE);
    int fd = number ? atoi(number) : -1;

    if (fd < 3 || !close_quote || close_quote == open_quote ||
        !origin_of(open_quote + 1, (apr_size_t)(close_quote - open_quote - 1), asked,
                   sizeof(asked))) {
        return 1;
    }
    while (have < RECORD) {
        ssize_t n = read(fd, record + have, RECORD - have);

        if (n <= 0) {
            return 1;
        }
        have += (apr_size_t)n;
    }
    record[RECORD - 1] = '\0';
    if (strcmp(asked, record) != 0) {
        fprintf(stderr, "no credentials for %s\n", asked);
        return 1;
    }
    user = record + strlen(record) + 1;
    secret = user + strlen(user) + 1;
    return puts(strncasecmp(prompt, "Username", 8) == 0 ? user : secret) < 0;
}
