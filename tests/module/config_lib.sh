# What the tests of the configuration share: a private httpd's configuration, and what is expected of it.
# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034  # variables are for the tests
top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=$(cd "${BUILD:-$top/build}" && pwd)
httpd=$(command -v apache2 || command -v httpd) || { echo "tests: apache2 is missing" >&2; exit 1; }
modules=$(apxs -q LIBEXECDIR)
dir=$(mktemp -d)
passed=0 failed=0

# A sanitizer's run time must come before httpd itself.
run=(env ${HTTPD_PRELOAD:+LD_PRELOAD="$HTTPD_PRELOAD"} "$httpd")

stop() {
    local pid
    [ -s "$dir/pid" ] || return 0
    pid=$(cat "$dir/pid")
    kill "$pid" 2> /dev/null
    for _ in $(seq 100); do
        kill -0 "$pid" 2> /dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$pid"
}
trap 'stop; rm -rf "$dir"' EXIT
chmod 755 "$dir"
cp "$build/mod_docgen.so" "$dir/"

# The configuration of every test, before and after what it adds.
database='DBDriver pgsql
DBDParams "host=127.0.0.1 port=9 connect_timeout=1"
DBDMin 0
DBDMax 10'
mount='<Location "/docgen">
DocGen On
</Location>'
generator='DocGenGenerator /bin/true'

conf() {
    local port=$((21000 + RANDOM % 9000))
    {
        printf '%s\n' "ServerRoot \"$dir\"" "ServerName localhost" "Listen 127.0.0.1:$port" "PidFile \"$dir/pid\"" \
            "ErrorLog \"$dir/log\"" "LogLevel info" \
            "LoadModule mpm_event_module $modules/mod_mpm_event.so" \
            "LoadModule authz_core_module $modules/mod_authz_core.so"
        [ "$(id -u)" != 0 ] || printf '%s\n' "User www-data" "Group www-data"
        [ -n "${without_dbd:-}" ] || printf '%s\n' "LoadModule dbd_module $modules/mod_dbd.so" "$database"
        printf '%s\n' "LoadModule docgen_module $dir/mod_docgen.so" "DocGenWorkDir \"$dir/work\"" "$generator" "$1"
        [ -n "${without_mount:-}" ] || printf '%s\n' "$mount"
    } > "$dir/httpd.conf"
}

report() { # ok? name, details
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n%s\n' "$2" "$3"
    fi
}

accepted() { # name, configuration
    local out
    conf "$2"
    out=$("${run[@]}" -t -f "$dir/httpd.conf" 2>&1) && [[ $out == *"Syntax OK"* ]] && [[ $out != *docgen* ]]
    report $? "$1" "$out"
}

refused() { # name, sentence, configuration
    local out code=1
    conf "$3"
    out=$("${run[@]}" -t -f "$dir/httpd.conf" 2>&1) || { [[ $(tr '\n' ' ' <<< "$out") == *"$2"* ]] && code=0; }
    report $code "$1" "$out"
}

starts() { # name, configuration, text that the log must hold (optional)
    local code=1
    conf "$2"
    : > "$dir/log"
    if "${run[@]}" -f "$dir/httpd.conf" > "$dir/out" 2>&1; then
        for _ in $(seq 50); do
            grep -q 'resuming normal operations' "$dir/log" && { code=0; break; }
            sleep 0.1
        done
        [ -z "${3:-}" ] || grep -qF "$3" "$dir/log" || code=1
    fi
    stop
    report $code "$1" "$(cat "$dir/out" "$dir/log")"
}

stays_down() { # name, sentence, configuration
    local code=1
    conf "$3"
    : > "$dir/log"
    # In the background httpd would be said to run before it looked at the files.
    timeout 10 "${run[@]}" -DFOREGROUND -f "$dir/httpd.conf" > "$dir/out" 2>&1
    [ $? = 1 ] && cat "$dir/out" "$dir/log" | grep -qF -- "$2" && code=0
    report $code "$1" "$(cat "$dir/out" "$dir/log")"
}

finish() {
    printf '%d passed, %d failed\n' "$passed" "$failed"
    [ "$failed" -eq 0 ]
}
