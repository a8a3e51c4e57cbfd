/* A generator for tests: a real program that speaks the protocol and does what the job's URL says, so that every
 * good and bad behaviour of a generator can be had at will.
 * SPDX-License-Identifier: Apache-2.0
 *
 *   fake-generator --dir DIR        DIR must be writable for the user that httpd runs as
 *
 * DIR/starts and DIR/ends get one line "ID PID MILLISECONDS DIRECTORY" for each run (the only proof that a run
 * happened; the directory it began in is one of its own);
 * DIR/ID.json is the last job object as it came in. What to do is the text after "test:" in the URL, or the content
 * of DIR/ID.script when that file exists (so a repository can behave differently from run to run): words divided by
 * commas, carried out in order.
 *
 * It speaks version 2 of the protocol; a script that begins with v1 speaks version 1.
 *
 *   ok              milestones,source,pages=3,asset,symbols=3,progress=95     (also what an empty script means)
 *   milestones      the seed's milestones from 10 to 60, then three sections
 *   progress=N[:STEP]   source[=COMMIT]   page=PATH   pages=N   asset[=PATH]   symbols=N   unchanged[=COMMIT]
 *   facts=DESCRIPTION
 *   error=MESSAGE   stderr=TEXT   logflood=KIB   env (the environment goes to stderr)
 *   gate=NAME       waits until DIR/NAME exists        sleep=MS
 *   exit=N          signal=N        hang               silent (closes nothing, says nothing)
 *   junk            a line that is no JSON             raw=TEXT a line as it stands
 *   long=BYTES      one line of that many bytes        flood    bytes without end, no newline
 *   lines=N         N progress lines at one percent    partial  a line without its newline, at the end
 *   badpath         a page "../etc/passwd"             big=KIB  one page of that size
 *   orphan          leaves a child of the same group that keeps the pipes open
 *   daemon          leaves a child in a session of its own that keeps the pipes open
 *   deaf            from here on ignores SIGTERM and the end of stdin
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <jansson.h>

#define FAKE_BLOB "0123456789abcdef0123456789abcdef01234567"

extern char **environ;

static const char *dir;
static const char *id;
static const char *begun_in = "-";
static int deaf;
static int version;

static void run_script(char *script);

static void record(const char *file)
{
    char path[4096], line[256];
    struct timespec now;
    int fd, n;

    clock_gettime(CLOCK_REALTIME, &now);
    snprintf(path, sizeof(path), "%s/%s", dir, file);
    n = snprintf(line, sizeof(line), "%s %d %lld %s\n", id, (int)getpid(),
                 (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000, begun_in);
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (fd < 0 || write(fd, line, n) != n) {
        fprintf(stderr, "fake-generator: %s: %s\n", path, strerror(errno));
        exit(70);
    }
    close(fd);
}

static void leave(int code)
{
    record("ends");
    fflush(NULL);
    exit(code);
}

/* Waits, but never outlives the supervisor: the end of stdin means that it is gone. */
static void wait_ms(int ms)
{
    struct pollfd in = {.fd = 0, .events = POLLIN};
    char byte;

    fflush(stdout);
    if (poll(&in, deaf ? 0 : 1, ms) > 0 && read(0, &byte, 1) == 0) {
        leave(3);
    }
}

static void wait_for_file(const char *name)
{
    char path[4096];
    struct stat st;

    snprintf(path, sizeof(path), "%s/%s", dir, name);
    while (stat(path, &st) != 0) {
        wait_ms(20);
    }
}

static void send_line(json_t *line)
{
    char *text = json_dumps(line, JSON_COMPACT);

    puts(text);
    fflush(stdout);
    free(text);
    json_decref(line);
}

static void send_progress(int percent, const char *step)
{
    send_line(json_pack("{s:s,s:i,s:s}", "type", "progress", "percent", percent, "step", step));
}

static void send_milestones(void)
{
    static const struct {
        int percent;
        const char *step;
    } all[] = {{10, "Fetching repository"},
               {30, "Fetching repository metadata"},
               {40, "Fetching GitHub authentication"},
               {50, "Analyzing codebase structure"},
               {60, "Generating documentation sections"},
               {60, "Generating documentation sections (1 of 3: Overview)"},
               {70, "Generating documentation sections (2 of 3: Architecture)"},
               {80, "Generating documentation sections (3 of 3: API reference)"}};

    for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++) {
        send_progress(all[i].percent, all[i].step);
    }
}

static void send_page(const char *path, int order, size_t extra)
{
    char *filler = calloc(1, extra + 1);
    char title[300], text[1200];
    json_t *line;

    memset(filler, 'x', extra);
    snprintf(title, sizeof(title), "Page %s of %s", path, id);
    snprintf(text, sizeof(text), "# %s\n\nThe page *%s* about <%s>.\n", title, path, id);
    line = json_pack("{s:s,s:s,s:s,s:i,s:s+}", "type", "page", "path", path, "title", title,
                     "order", order, "markdown", text, filler);
    snprintf(text, sizeof(text),
             "<h1 id=\"top\">%s</h1><h2 id=\"about\">About</h2><p>The page <em>%s</em> about "
             "&lt;%s&gt;.</p>",
             title, path, id);
    json_object_set_new(line, "html", json_string(text));
    snprintf(text, sizeof(text), "The page %s about <%s>.", path, id);
    if (version > 1) {
        json_object_update_new(
            line, json_pack("{s:[{s:i,s:s,s:s},{s:i,s:s,s:s}],s:[s,s,s],s:[{s:s,s:s}]}", "headings",
                            "level", 1, "id", "top", "text", title, "level", 2, "id", "about",
                            "text", "About", "text", "", "", text, "sources", "path", "src/fake.c",
                            "blob", FAKE_BLOB));
    }
    send_line(line);
    free(filler);
}

static void send_pages(int count)
{
    char path[64];

    for (int i = 0; i < count; i++) {
        if (i == 0) {
            strcpy(path, "index");
        } else {
            snprintf(path, sizeof(path), "%s%d", i == 1 ? "architecture" : "api/module-", i);
        }
        send_page(i == 1 ? "architecture" : path, i * 10, 0);
    }
}

static void send_asset(const char *path)
{
    /* a picture of one red point */
    send_line(json_pack("{s:s,s:s,s:s,s:s}", "type", "asset", "path", path, "mediaType",
                        "image/svg+xml", "base64",
                        "PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSIxIiBoZWlna"
                        "HQ9IjEiPjxyZWN0IHdpZHRoPSIxIiBoZWlnaHQ9IjEiIGZpbGw9InJlZCIvPjwvc3ZnPg=="));
}

static void send_symbols(int count)
{
    char name[64];
    json_t *line;

    for (int i = 0; i < count; i++) {
        snprintf(name, sizeof(name), "fake_symbol_%d", i);
        line = json_pack("{s:s,s:s,s:s,s:s,s:s}", "type", "symbol", "name", name, "kind",
                         "function", "page", "index", "anchor", "about");
        if (version > 1) {
            json_object_update_new(line, json_pack("{s:s,s:s,s:s,s:s,s:i,s:i}", "visibility",
                                                   "public", "signature", "int fake_symbol(void)",
                                                   "summary", "Does as it is told.", "file",
                                                   "src/fake.c", "line", i + 1, "endLine", i + 2));
        }
        send_line(line);
    }
}

static void send_bytes(size_t count, int forever)
{
    char block[65536];

    memset(block, 'a', sizeof(block));
    while (count || forever) {
        size_t n = forever || count > sizeof(block) ? sizeof(block) : count;

        if (fwrite(block, 1, n, stdout) != n) {
            leave(4);
        }
        count -= forever ? 0 : n;
    }
}

static void leave_child(int own_session)
{
    if (fork() == 0) {
        if (own_session) {
            setsid();
        }
        signal(SIGTERM, SIG_IGN);
        for (int i = 0; i < 3000; i++) { /* five minutes at most */
            poll(NULL, 0, 100);
        }
        _exit(0);
    }
}

static void hang(void)
{
    for (;;) {
        wait_ms(1000);
    }
}

static int do_output(const char *word, const char *value)
{
    int number = value ? atoi(value) : 0;
    const char *colon = value ? strchr(value, ':') : NULL;

    if (!strcmp(word, "milestones")) {
        send_milestones();
    } else if (!strcmp(word, "progress")) {
        send_progress(number, colon ? colon + 1 : "Working");
    } else if (!strcmp(word, "source")) {
        send_line(json_pack("{s:s,s:s,s:s,s:s}", "type", "source", "commit",
                            value ? value : "0123456789abcdef0123456789abcdef01234567", "branch",
                            "main", "committedAt", "2024-05-06T07:08:09Z"));
    } else if (!strcmp(word, "unchanged")) {
        send_line(json_pack("{s:s,s:s}", "type", "unchanged", "commit",
                            value ? value : "0123456789abcdef0123456789abcdef01234567"));
    } else if (!strcmp(word, "page")) {
        send_page(value, 5, 0);
    } else if (!strcmp(word, "pages")) {
        send_pages(number);
    } else if (!strcmp(word, "asset")) {
        send_asset(value ? value : "images/point.svg");
    } else if (!strcmp(word, "facts")) {
        send_line(json_pack("{s:s,s:s,s:s,s:s,s:[{s:s,s:i},{s:s,s:i}],s:[s]}", "type", "facts",
                            "description", value, "homepage", "https://example.org/", "licence",
                            "MIT", "languages", "name", "C", "lines", 750, "name", "Shell", "lines",
                            250, "owners", "@fake/team"));
    } else if (!strcmp(word, "symbols")) {
        send_symbols(number);
    } else if (!strcmp(word, "error")) {
        send_line(json_pack("{s:s,s:s}", "type", "error", "message", value ? value : "It failed."));
    } else {
        return 0;
    }
    return 1;
}

static int do_damage(const char *word, const char *value)
{
    int number = value ? atoi(value) : 0;

    if (!strcmp(word, "junk")) {
        puts("this is no JSON");
    } else if (!strcmp(word, "raw")) {
        puts(value);
    } else if (!strcmp(word, "long")) {
        send_bytes(strtoul(value, NULL, 10), 0);
        putchar('\n');
    } else if (!strcmp(word, "flood")) {
        send_bytes(0, 1);
    } else if (!strcmp(word, "lines")) {
        for (int i = 0; i < number; i++) {
            send_progress(20, "Working");
        }
    } else if (!strcmp(word, "partial")) {
        fputs("{\"type\":\"progress\",\"perc", stdout);
    } else if (!strcmp(word, "badpath")) {
        send_page("../etc/passwd", 1, 0);
    } else if (!strcmp(word, "big")) {
        send_page("big", 1, (size_t)number * 1024);
    } else if (!strcmp(word, "orphan")) {
        leave_child(0);
    } else if (!strcmp(word, "daemon")) {
        leave_child(1);
    } else if (!strcmp(word, "deaf")) {
        deaf = 1;
        signal(SIGTERM, SIG_IGN);
    } else {
        return 0;
    }
    fflush(stdout);
    return 1;
}

static int do_rest(const char *word, const char *value)
{
    int number = value ? atoi(value) : 0;

    if (!strcmp(word, "gate")) {
        wait_for_file(value);
    } else if (!strcmp(word, "sleep")) {
        wait_ms(number);
    } else if (!strcmp(word, "hang") || !strcmp(word, "silent")) {
        hang();
    } else if (!strcmp(word, "exit")) {
        leave(number);
    } else if (!strcmp(word, "signal")) {
        record("ends");
        fflush(NULL);
        signal(number, SIG_DFL);
        raise(number);
    } else if (!strcmp(word, "stderr")) {
        fprintf(stderr, "%s\n", value);
    } else if (!strcmp(word, "logflood")) {
        for (int i = 0; i < number * 16; i++) {
            fprintf(stderr, "%062d\n\n", i);
        }
    } else if (!strcmp(word, "env")) {
        for (char **e = environ; *e; e++) {
            fprintf(stderr, "env %s\n", *e);
        }
    } else if (!strcmp(word, "ok") || !*word) {
        char happy[] = "milestones,source,pages=3,asset,symbols=3,progress=95:Finalizing output";

        run_script(happy);
    } else {
        return 0;
    }
    return 1;
}

static void run_script(char *script)
{
    char *rest = script, *word;

    while ((word = strsep(&rest, ","))) {
        char *value = strchr(word, '=');

        if (value) {
            *value++ = '\0';
        }
        if (!do_output(word, value) && !do_damage(word, value) && !do_rest(word, value)) {
            fprintf(stderr, "fake-generator: unknown word %s\n", word);
            leave(64);
        }
    }
}

/* Reads stdin up to the first newline and no further: its end must stay visible. */
static json_t *read_job(void)
{
    size_t size = 1 << 20, length = 0;
    char *line = malloc(size);
    json_t *job;

    while (length + 1 < size && read(0, line + length, 1) == 1 && line[length] != '\n') {
        length++;
    }
    job = json_loadb(line, length, 0, NULL);
    free(line);
    return job;
}

static char *script_of(const char *url)
{
    char path[4096], *script = NULL;
    size_t size = 0;
    FILE *file;

    snprintf(path, sizeof(path), "%s/%s.script", dir, id);
    file = fopen(path, "re");
    if (file) {
        if (getline(&script, &size, file) < 0) {
            script = strdup("");
        }
        script[strcspn(script, "\n")] = '\0';
        fclose(file);
        return script;
    }
    return strdup(url && !strncmp(url, "test:", 5) ? url + 5 : "");
}

int main(int argc, char **argv)
{
    char path[4096], here[4096], *script;
    json_t *job;

    if (argc != 3 || strcmp(argv[1], "--dir") != 0) {
        fprintf(stderr, "usage: fake-generator --dir DIR\n");
        return 2;
    }
    dir = argv[2];
    job = read_job();
    id = json_string_value(json_object_get(job, "repositoryId"));
    if (!id || json_integer_value(json_object_get(job, "protocol")) != 2) {
        fprintf(stderr, "fake-generator: no job on stdin\n");
        return 65;
    }
    umask(0);
    if (getcwd(here, sizeof(here))) {
        begun_in = strrchr(here, '/') + 1;
    }
    record("starts");
    snprintf(path, sizeof(path), "%s/%s.json", dir, id);
    json_dump_file(job, path, JSON_COMPACT);
    script = script_of(json_string_value(json_object_get(job, "url")));
    version = strncmp(script, "v1", 2) ? 2 : 1;
    if (version > 1) {
        send_line(json_pack("{s:s,s:i}", "type", "protocol", "version", version));
    }
    run_script(version > 1 ? script : script + (script[2] == ',' ? 3 : 2));
    leave(0);
}
