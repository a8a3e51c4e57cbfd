/* A small HTTP server for tests: `git http-backend` with Basic authentication, redirects and the few API answers that
 * fetching asks for. Each connection is one forked process; the server dies with the test.
 * SPDX-License-Identifier: Apache-2.0 */
#ifndef DOCGEN_TESTS_UNIT_HTTPD_GIT_H
#define DOCGEN_TESTS_UNIT_HTTPD_GIT_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include "unit/made.h"

/** How the server behaves. */
typedef struct httpd_git {
    const char *root;          /**< repositories are below it */
    const char *authorization; /**< the header's value that is asked for, or NULL */
    const char *redirect_from; /**< a path beginning that moves … */
    const char *redirect_to;   /**< … to this URL or path beginning */
    const char *log;           /**< file that gets every request line and Authorization header */
    int port;
    int is_old; /**< no filters: a server from before partial clones */
    pid_t pid;
} httpd_git;

/** One request. */
typedef struct httpd_request {
    char head[16384];
    char method[16], path[2048], query[1024];
    char *body;
    size_t body_length;
} httpd_request;

static inline const char *httpd_header(const httpd_request *request, const char *name)
{
    static char value[4096];
    const char *at = strcasestr(request->head, name);

    if (!at) {
        return NULL;
    }
    at += strlen(name);
    snprintf(value, sizeof(value), "%.*s", (int)strcspn(at, "\r\n"), at);
    return value;
}

static inline int httpd_read(int fd, httpd_request *request)
{
    size_t have = 0;
    char *end = NULL, *question;
    const char *length;

    while (!end && have < sizeof(request->head) - 1) {
        ssize_t n = read(fd, request->head + have, 1);

        if (n <= 0) {
            return 0;
        }
        have += (size_t)n;
        request->head[have] = '\0';
        end =
            have > 3 && !strcmp(request->head + have - 4, "\r\n\r\n") ? request->head + have : NULL;
    }
    if (sscanf(request->head, "%15s %2047s", request->method, request->path) != 2) {
        return 0;
    }
    question = strchr(request->path, '?');
    if (question) {
        snprintf(request->query, sizeof(request->query), "%s", question + 1);
        *question = '\0';
    }
    length = httpd_header(request, "\r\nContent-Length: ");
    request->body_length = length ? (size_t)atol(length) : 0;
    request->body = malloc(request->body_length + 1);
    for (have = 0; have < request->body_length;) {
        ssize_t n = read(fd, request->body + have, request->body_length - have);

        if (n <= 0) {
            return 0;
        }
        have += (size_t)n;
    }
    return 1;
}

static inline void httpd_say(int fd, const char *status, const char *headers, const char *body)
{
    dprintf(fd, "HTTP/1.1 %s\r\n%sContent-Length: %zu\r\nConnection: close\r\n\r\n%s", status,
            headers, strlen(body), body);
}

/** Runs the CGI program and passes on what it says. */
static inline void httpd_backend(const httpd_git *server, const httpd_request *request, int fd)
{
    char out[65536];
    size_t have = 0;
    char *status;
    int in[2], back[2];
    ssize_t n;

    if (pipe(in) || pipe(back)) {
        return;
    }
    if (fork() == 0) {
        const char *value;

        dup2(in[0], 0);
        dup2(back[1], 1);
        close(in[1]);
        setenv("GIT_PROJECT_ROOT", server->root, 1);
        setenv("GIT_HTTP_EXPORT_ALL", "1", 1);
        setenv("GIT_CONFIG_COUNT", "1", 1);
        setenv("GIT_CONFIG_KEY_0", "uploadpack.allowFilter", 1);
        setenv("GIT_CONFIG_VALUE_0", server->is_old ? "false" : "true", 1);
        setenv("REQUEST_METHOD", request->method, 1);
        setenv("PATH_INFO", request->path, 1);
        setenv("QUERY_STRING", request->query, 1);
        setenv("REMOTE_ADDR", "127.0.0.1", 1);
        if ((value = httpd_header(request, "\r\nContent-Type: "))) {
            setenv("CONTENT_TYPE", value, 1);
        }
        if ((value = httpd_header(request, "\r\nContent-Encoding: "))) {
            setenv("HTTP_CONTENT_ENCODING", value, 1);
        }
        if ((value = httpd_header(request, "\r\nGit-Protocol: "))) {
            setenv("GIT_PROTOCOL", value, 1);
        }
        execlp("git", "git", "http-backend", (char *)NULL);
        _exit(1);
    }
    close(in[0]);
    close(back[1]);
    if (write(in[1], request->body, request->body_length) < 0) {
        return;
    }
    close(in[1]);
    while (have < sizeof(out) && (n = read(back[0], out + have, sizeof(out) - have)) > 0) {
        have += (size_t)n;
        if (memmem(out, have, "\r\n\r\n", 4)) {
            break;
        }
    }
    status = memmem(out, have, "Status: ", 8);
    dprintf(fd, "HTTP/1.1 %.3s X\r\nConnection: close\r\n", status ? status + 8 : "200");
    do {
        if (write(fd, out, have) != (ssize_t)have) {
            return;
        }
        n = read(back[0], out, sizeof(out));
        have = n > 0 ? (size_t)n : 0;
    } while (have);
}

/** The API of a GitHub with one repository and one token. */
static inline int httpd_api(const httpd_request *request, int fd)
{
    const char *bearer = httpd_header(request, "\r\nAuthorization: Bearer ");
    int known = bearer && !strcmp(bearer, "right-token");

    if (strncmp(request->path, "/api/", 5) != 0) {
        return 0;
    }
    if (bearer && !known) {
        httpd_say(fd, "401 Unauthorized", "", "{\"message\":\"Bad credentials\"}");
    } else if (!strcmp(request->path, "/api/user") && known) {
        httpd_say(fd, "200 OK", "", "{\"login\":\"ada\"}");
    } else if (!strcmp(request->path, "/api/repos/o/r") ||
               !strcmp(request->path, "/api/repos/o/private")) {
        httpd_say(fd, "200 OK", "",
                  "{\"description\":\"What it is\",\"homepage\":\"https://example.org/\","
                  "\"license\":{\"spdx_id\":\"MIT\"},\"topics\":[\"c\"]}");
    } else {
        httpd_say(fd, "404 Not Found", "", "{}");
    }
    return 1;
}

static inline void httpd_answer(const httpd_git *server, const httpd_request *asked, int fd)
{
    httpd_request request = *asked;
    const char *authorization = httpd_header(&request, "\r\nAuthorization: ");

    if (server->log) {
        int log = open(server->log, O_WRONLY | O_CREAT | O_APPEND, 0600);

        dprintf(log, "%s %s %s\n", request.method, request.path,
                authorization ? authorization : "-");
        close(log);
    }
    if (httpd_api(&request, fd)) {
        return;
    }
    if (server->redirect_from &&
        !strncmp(request.path, server->redirect_from, strlen(server->redirect_from))) {
        char location[5000];

        snprintf(location, sizeof(location), "Location: %s%s%s%s\r\n", server->redirect_to,
                 request.path + strlen(server->redirect_from), *request.query ? "?" : "",
                 request.query);
        httpd_say(fd, "301 Moved", location, "<html>It has moved.</html>");
    } else if (server->authorization &&
               (!authorization || strcmp(authorization, server->authorization))) {
        httpd_say(fd, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n", "");
    } else if (strstr(request.path, "/forbidden")) {
        httpd_say(fd, "403 Forbidden", "", "");
    } else if (strstr(request.path, "/broken")) {
        httpd_say(fd, "502 Bad Gateway", "", "");
    } else if (strstr(request.path, "/page")) {
        httpd_say(fd, "200 OK", "Content-Type: text/html\r\n", "<html>hello</html>");
    } else {
        httpd_backend(server, &request, fd);
    }
}

static inline void httpd_serve(const httpd_git *server, int fd)
{
    httpd_request request = {0};

    if (httpd_read(fd, &request)) {
        httpd_answer(server, &request, fd);
    }
    free(request.body);
}

/** Starts the server on a free port of the loopback. */
static inline void httpd_start(httpd_git *server)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    cr_assert_eq(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    cr_assert_eq(listen(listener, 16), 0);
    getsockname(listener, (struct sockaddr *)&address, &length);
    server->port = ntohs(address.sin_port);
    server->pid = fork();
    if (server->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        signal(SIGCHLD, SIG_IGN);
        signal(SIGPIPE, SIG_IGN);
        for (;;) {
            int fd = accept(listener, NULL, NULL);

            if (fd >= 0 && fork() == 0) {
                signal(SIGCHLD, SIG_DFL);
                httpd_serve(server, fd);
                shutdown(fd, SHUT_WR);
                _exit(0);
            }
            close(fd);
        }
    }
    close(listener);
}

static inline void httpd_stop(httpd_git *server)
{
    kill(server->pid, SIGKILL);
    waitpid(server->pid, NULL, 0);
}

#endif
