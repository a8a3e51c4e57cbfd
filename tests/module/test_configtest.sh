#!/usr/bin/env bash
# What configtest refuses, and what it must protect: each mistake of tests/cases/config is either refused by configtest
# with its place, or survived by a start; and neither may end a running server at a graceful restart.
#   conf      what the administrator wrote; @DIR@ is the test's directory. "# without a database" and "# without mod_dbd"
#             leave out the base configuration's
#   setup     shell commands that prepare files (as root, in the test's directory)
#   later     what happens to the files while the server runs, before the graceful restart
#   expected  refused [LINE of conf] | accepted; says TEXT, silent TEXT: configtest's output; parse: httpd itself cannot
#             read it, so a restart would end; then CODE METHOD PATH [HOST, or of a POST the repository]: what DocGen answers after the restart
# SPDX-License-Identifier: Apache-2.0
set -u
. "$(dirname "$0")/config_lib.sh"
[ "$(id -u)" = 0 ] || { echo "test_configtest: skipped, only root's httpd has another user's children"; echo "0 passed, 0 failed"; exit 0; }

mkdir "$dir/htdocs" "$dir/path"
echo "another site" > "$dir/htdocs/index.html"
chmod -R go+rX "$dir/htdocs" "$dir/path"
port=$((21000 + RANDOM % 9000))
while (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; do port=$((port + 1)); done
run=(env PATH="$dir/path:$PATH" ${HTTPD_PRELOAD:+LD_PRELOAD="$HTTPD_PRELOAD"} "$httpd")

hide() { # program: the children find one that fails
    printf '#!/bin/sh\nexit 1\n' > "$dir/path/$1"
    chmod 755 "$dir/path/$1"
}

base() { # what every case stands in; the case's own lines come last
    printf '%s\n' "ServerRoot \"$dir\"" "ServerName localhost" "Listen 127.0.0.1:$port" "PidFile \"$dir/pid\"" \
        "ErrorLog \"$dir/log\"" "LogLevel notice" "DocumentRoot \"$dir/htdocs\"" "User www-data" "Group www-data" \
        "LoadModule mpm_event_module $modules/mod_mpm_event.so"
    for module in authz_core alias proxy proxy_http dir; do
        echo "LoadModule ${module}_module $modules/mod_$module.so"
    done
    grep -q '^# without mod_dbd' "$1" || echo "LoadModule dbd_module $modules/mod_dbd.so"
    if ! grep -q '^# without' "$1"; then
        printf '%s\n' "$database"
    fi
    printf '%s\n' "LoadModule docgen_module $dir/mod_docgen.so" "DocGenWorkDir \"$dir/work\"" "$generator" "$mount" \
        'DocGenRepository known https://example.org/known' "Include \"$dir/case.conf\""
}

write() { # a file of a case
    sed "s|@DIR@|$dir|g" "$1" > "$dir/case.conf"
    base "$1" > "$dir/httpd.conf"
}

restarted() { # how often httpd said that it runs
    grep -c 'resuming normal operations' "$dir/log"
}
await_restart() { # the count before
    for _ in $(seq 300); do
        [ "$(restarted)" -gt "$1" ] && return 0
        kill -0 "$(cat "$dir/pid" 2> /dev/null)" 2> /dev/null || return 1
        sleep 0.05
    done
    return 1
}
graceful() {
    local before
    before=$(restarted)
    kill -USR1 "$(cat "$dir/pid")" 2> /dev/null && await_restart "$before"
}
begin() {
    : > "$dir/log"
    "${run[@]}" -f "$dir/httpd.conf" > "$dir/out" 2>&1 && {
        for _ in $(seq 200); do [ "$(restarted)" -gt 0 ] && [ -s "$dir/pid" ] && return 0; sleep 0.05; done
    }
    return 1
}
other_site() {
    [ "$(curl -s -m 10 "http://127.0.0.1:$port/index.html")" = "another site" ]
}
ask() { # method, path, virtual host or repository
    if [ "$1" = POST ]; then
        curl -s -m 10 -H 'Content-Type: application/json' -d "{\"repositoryId\":\"${3:-known}\"}" "http://127.0.0.1:$port$2"
    else
        curl -s -m 10 -H "Host: ${3:-localhost}" "http://127.0.0.1:$port$2"
    fi
}
answers_as_expected() { # case
    local code method path whose
    while read -r code method path whose; do
        [[ $(ask "$method" "$path" "$whose") == *"\"code\":\"$code\""* ]] || return 1
    done < <(sed -n 's/^then //p' "$1/expected")
}

echo '# nothing' > "$dir/good"
for case in "$top"/tests/cases/config/*/; do
    case=${case%/} name=$(basename "$case")
    refused=$(sed -n 's/^refused *//p;T;q' "$case/expected")
    grep -q '^refused' "$case/expected" && code=1 || code=0
    rm -rf "$dir"/{token,real,generate,locked,other,open,mine,link,work} "$dir"/path/*
    [ ! -e "$case/setup" ] || (cd "$dir" && . "$case/setup")
    write "$case/conf"

    # configtest
    before=$(cd "$dir" && find . -not -path './out' -printf '%p %u %m\n' | sort)
    out=$("${run[@]}" -t -f "$dir/httpd.conf" 2>&1)
    [ $? = $code ]
    report $? "$name: configtest's verdict" "$out"
    [ "$before" = "$(cd "$dir" && find . -not -path './out' -printf '%p %u %m\n' | sort)" ]
    report $? "$name: configtest changes nothing" "$(ls -la "$dir")"
    while IFS= read -r text; do
        [[ $(tr '\n' ' ' <<< "$out") == *"${text//@DIR@/$dir}"* ]]
        report $? "$name: configtest says $text" "$out"
    done < <(sed -n 's/^says //p' "$case/expected")
    while IFS= read -r text; do
        [[ $out != *"$text"* ]]
        report $? "$name: configtest does not say $text" "$out"
    done < <(sed -n 's/^silent //p' "$case/expected")
    if [ -n "$refused" ]; then
        [[ $out == *"case.conf:$refused:"* || $out == *"line $refused of $dir/case.conf"* ]]
        report $? "$name: configtest names line $refused" "$out"
    fi
    [ "$(grep -c 'DG00' <<< "$out")" -le 1 ]
    report $? "$name: configtest says it once" "$out"
    ! grep -q '^parse' "$case/expected" || continue

    # a start with it
    if [ $code = 0 ]; then
        begin && other_site
        report $? "$name: httpd starts" "$(cat "$dir/out" "$dir/log")"
    else
        timeout 20 "${run[@]}" -DFOREGROUND -f "$dir/httpd.conf" > "$dir/out" 2>&1
        [ $? = 1 ]
        report $? "$name: httpd does not start" "$(cat "$dir/out")"
        # a server that runs well gets it
        write "$dir/good"
        begin && other_site
        report $? "$name: httpd starts without it" "$(cat "$dir/out" "$dir/log")"
        write "$case/conf"
    fi
    [ ! -e "$case/later" ] || (cd "$dir" && . <(sed "s|@DIR@|$dir|g" "$case/later"))
    graceful && other_site
    report $? "$name: a graceful restart is survived" "$(cat "$dir/log")"
    answers_as_expected "$case"
    report $? "$name: what DocGen answers then" "$(sed -n 's/^then //p' "$case/expected"; cat "$dir/log")"
    stop
done

finish
