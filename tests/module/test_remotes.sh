#!/usr/bin/env bash
# Private repositories on real servers: git behind an httpd with TLS and an authority of our own, and git behind sshd;
# first fetched by the program alone, then through the module with DocGenCredentials.
# SPDX-License-Identifier: Apache-2.0
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
build=$(cd "${BUILD:-$top/build}" && pwd)
generate=$build/docgen-generate
PATH=$PATH:/usr/sbin
httpd=$(command -v apache2) || { echo "test_remotes: apache2 is missing" >&2; exit 1; }
modules=$(apxs -q LIBEXECDIR)
store=/etc/ssl/certs/ca-certificates.crt
dir=$(mktemp -d)
chmod 755 "$dir"
passed=0 failed=0
token=right-token-of-this-test

stop_pid() { # file
    local pid
    [ -s "$1" ] || return 0
    pid=$(cat "$1")
    kill "$pid" 2> /dev/null
    for _ in $(seq 100); do
        kill -0 "$pid" 2> /dev/null || return 0
        sleep 0.1
    done
    kill -KILL "$pid"
}
trap '"$top/tests/tools/httpd" reap "$dir/docgen"; stop_pid "$dir/httpd.pid"; stop_pid "$dir/sshd.pid"; rm -rf "$dir"' EXIT

report() { # ok? name, details
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n%s\n' "$2" "$3"
    fi
}

# Documents a repository; what came out stands in $dir/out and $dir/err.
document() { # URL, options
    local url=$1
    shift
    "${trusting[@]}" "$generate" --repository "$url" --json --work-dir "$dir/work" "$@" > "$dir/out" 2> "$dir/err"
}
trusting=(env)

succeeds() { # name, URL, options
    document "${@:2}" && grep -q '"type":"page"' "$dir/out"
    report $? "$1" "$(grep '"error"' "$dir/out"; cat "$dir/err")"
}
fails() { # name, sentence, URL, options
    local code=1
    document "${@:3}" || ! grep '"type":"error"' "$dir/out" | grep -qF -- "$2" || code=0
    report $code "$1" "$(grep '"error"' "$dir/out"; cat "$dir/err")"
}
keeps() { # name, secret: no word of it may have come out
    local code=0
    ! grep -qF -- "$2" "$dir/out" "$dir/err" || code=1
    report $code "$1" "$(cat "$dir/out" "$dir/err")"
}

# --- the repository -----------------------------------------------------------------------------------------

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
mkdir -p "$dir/git/o" "$dir/made"
git -C "$dir/made" init -q -b main
printf '# The private thing\n\nIt does things.\n' > "$dir/made/README.md"
printf '/** Does it. */\nint thing(int a)\n{\n    return a;\n}\n' > "$dir/made/thing.c"
git -C "$dir/made" add .
git -C "$dir/made" -c user.name=Ada -c user.email=ada@example.org commit -q -m 'First words'
git clone -q --bare "$dir/made" "$dir/git/o/r.git"
commit=$(git -C "$dir/made" rev-parse HEAD)
chmod -R a+rX "$dir/git"

# --- TLS ----------------------------------------------------------------------------------------------------

# An authority, and a certificate that names localhost only.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=Authority of this test' \
    -keyout "$dir/ca.key" -out "$dir/ca.pem" 2> /dev/null
openssl req -newkey rsa:2048 -nodes -subj /CN=localhost -keyout "$dir/server.key" -out "$dir/server.csr" 2> /dev/null
openssl x509 -req -in "$dir/server.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial -days 2 \
    -extfile <(echo subjectAltName=DNS:localhost) -out "$dir/server.pem" 2> /dev/null
printf 'x-access-token:%s\n' "$(openssl passwd -apr1 "$token")" > "$dir/passwords"
printf '%s\n' "$token" > "$dir/token"
printf '%s\n' "$token" > "$dir/token.right"
printf 'wr0ng-token-of-this-test\n' > "$dir/wrong"

serve() {
    local port second
    for _ in $(seq 20); do
        port=$((21000 + RANDOM % 9000)) second=$((30001 + RANDOM % 2000))
        {
            printf '%s\n' "ServerRoot \"$dir\"" "ServerName localhost" "Listen 127.0.0.1:$port" \
                "PidFile \"$dir/httpd.pid\"" "ErrorLog \"$dir/log\"" "DefaultRuntimeDir \"$dir\""
            [ "$(id -u)" != 0 ] || printf '%s\n' 'User www-data' 'Group www-data'
            for module in mpm_event authz_core authz_user authn_core authn_file auth_basic alias env cgid ssl; do
                echo "LoadModule ${module}_module $modules/mod_$module.so"
            done
            cat << CONF
ScriptSock "$dir/cgid.sock"
SSLEngine on
SSLCertificateFile "$dir/server.pem"
SSLCertificateKeyFile "$dir/server.key"
SSLSessionCache none
SetEnv GIT_PROJECT_ROOT "$dir/git"
SetEnv GIT_HTTP_EXPORT_ALL
SetEnv GIT_CONFIG_COUNT 2
SetEnv GIT_CONFIG_KEY_0 safe.directory
SetEnv GIT_CONFIG_VALUE_0 *
SetEnv GIT_CONFIG_KEY_1 uploadpack.allowFilter
SetEnv GIT_CONFIG_VALUE_1 true
ScriptAlias "/open/" "$(git --exec-path)/git-http-backend/"
ScriptAlias "/o/" "$(git --exec-path)/git-http-backend/o/"
Alias "/api/" "$dir/api/"
<Directory "$dir/api">
    Require expr "%{HTTP:Authorization} == 'Bearer $token'"
</Directory>
<Location "/o/">
    AuthType Basic
    AuthName "private"
    AuthUserFile "$dir/passwords"
    Require valid-user
</Location>
<Location "/refused/">
    Require all denied
</Location>
RedirectMatch 302 ^/moved/(.*) https://localhost:$port/\$1
RedirectMatch 302 ^/down/(.*) http://localhost:9/\$1
RedirectMatch 302 ^/aside/(.*) https://localhost:$second/\$1
Listen 127.0.0.1:$second
LogFormat "%{local}p %{Authorization}i" asked
CustomLog "$dir/asked" asked
CONF
        } > "$dir/httpd.conf"
        if "$httpd" -f "$dir/httpd.conf" 2> "$dir/said"; then
            base=https://localhost:$port
            for _ in $(seq 100); do
                ! curl -s -o /dev/null --cacert "$dir/ca.pem" "$base/" || return 0
                sleep 0.1
            done
        fi
    done
    cat "$dir/said" "$dir/log" >&2
    return 1
}
serve || { echo "test_remotes: the TLS server did not start" >&2; exit 1; }

mkdir -p "$dir/api/repos/o"
printf '{"description":"What the forge says","license":{"spdx_id":"MIT"},"topics":[]}' > "$dir/api/repos/o/r"
printf '{"login":"ada"}' > "$dir/api/user"
chmod -R a+rX "$dir/api"

fails "an authority that is not trusted" "install its authority's certificate" "$base/open/o/r.git"
trusting=(env SSL_CERT_FILE="$dir/ca.pem")
succeeds "an authority named by SSL_CERT_FILE" "$base/open/o/r.git"
fails "a certificate of another name" 'is another host' "https://127.0.0.1:${base##*:}/open/o/r.git"
if [ "$(id -u)" = 0 ] && unshare -m true 2> /dev/null; then
    cat "$store" "$dir/ca.pem" > "$dir/store"
    trusting=(unshare -m sh -c 'mount --bind "$0" "$1" && shift && exec "$@"' "$dir/store" "$store")
    succeeds "an authority in the machine's store" "$base/open/o/r.git"
    trusting=(env SSL_CERT_FILE="$dir/ca.pem")
else
    echo "skipped: the machine's store can only be replaced by root in a mount namespace"
fi

succeeds "a token" "$base/o/r.git" --token-file "$dir/token"
keeps "the token is told nobody" "$token"
fails "no token" 'asks for credentials' "$base/o/r.git"
fails "a wrong token" 'refused the configured token: renew it' "$base/o/r.git" --token-file "$dir/wrong"
keeps "the wrong token is told nobody" "$(cat "$dir/wrong")"
fails "a repository that is not there" 'was not found' "$base/o/none.git" --token-file "$dir/token"
fails "a place that is refused" 'refused the configured token' "$base/refused/o/r.git" --token-file "$dir/token"
succeeds "a redirect within the host, with its body" "$base/moved/o/r.git" --token-file "$dir/token"
fails "a redirect to another port" 'redirects to another place' "$base/aside/o/r.git" --token-file "$dir/token"
fails "the same without a token" 'redirects to another place' "$base/aside/open/o/r.git"
! grep -v "^${base##*:} " "$dir/asked"
report $? "the other port was not asked" "$(cat "$dir/asked")"
fails "a redirect down to http" 'redirects to another place' "$base/down/o/r.git" --token-file "$dir/token"

succeeds "the forge's API over TLS" "$base/o/r.git" --token-file "$dir/token" --github-api "$base/api"
grep -qF 'token verified, it belongs to ada' "$dir/err"
report $? "the API says whose token it is" "$(cat "$dir/err")"
grep -qF 'What the forge says' "$dir/out"
report $? "the API's description is shown" "$(cat "$dir/err")"
keeps "the API's token is told nobody" "$token"

# --- ssh ----------------------------------------------------------------------------------------------------

serve_ssh() {
    local port
    ssh-keygen -q -t ed25519 -N '' -C host -f "$dir/host" && ssh-keygen -q -t ed25519 -N '' -C key -f "$dir/key" &&
        ssh-keygen -q -t ed25519 -N '' -C other -f "$dir/other" || return 1
    cp "$dir/key.pub" "$dir/authorized"
    [ "$(id -u)" != 0 ] || mkdir -p /run/sshd
    for _ in $(seq 20); do
        port=$((21000 + RANDOM % 9000))
        printf '%s\n' "Port $port" 'ListenAddress 127.0.0.1' "HostKey $dir/host" "PidFile $dir/sshd.pid" \
            "AuthorizedKeysFile $dir/authorized" 'StrictModes no' 'UsePAM no' 'PasswordAuthentication no' \
            'KbdInteractiveAuthentication no' 'PermitRootLogin prohibit-password' > "$dir/sshd.conf"
        "$(command -v sshd)" -f "$dir/sshd.conf" -E "$dir/sshd.log" || continue
        for _ in $(seq 100); do
            if [ -s "$dir/sshd.pid" ] && (exec 3<> "/dev/tcp/127.0.0.1/$port") 2> /dev/null; then
                ssh_base=ssh://$(id -un)@127.0.0.1:$port
                echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$dir/host.pub")" > "$dir/key.known_hosts"
                echo "[127.0.0.1]:$port $(cut -d' ' -f1,2 "$dir/other.pub")" > "$dir/other.known_hosts"
                return 0
            fi
            sleep 0.1
        done
    done
    cat "$dir/sshd.log" >&2
    return 1
}

ssh_base=
if ! command -v sshd > /dev/null; then
    echo "skipped: ssh, because sshd is not installed (openssh-server)"
elif serve_ssh; then
    url=$ssh_base$dir/git/o/r.git
    succeeds "an ssh key and a pinned host" "$url" --ssh-key "$dir/key" --known-hosts "$dir/key.known_hosts"
    keeps "the key is told nobody" "$(sed -n 2p "$dir/key")"
    fails "an ssh key that is not authorised" 'refused the ssh key' "$url" --ssh-key "$dir/other" \
        --known-hosts "$dir/key.known_hosts"
    fails "another host key than the pinned one" 'is not among the known hosts' "$url" --ssh-key "$dir/key" \
        --known-hosts "$dir/other.known_hosts"
    fails "no pinned host key" 'is not among the known hosts' "$url" --ssh-key "$dir/key"
    fails "no repository behind ssh" 'is not a git repository' "$ssh_base$dir/git/o/none.git" --ssh-key "$dir/key" \
        --known-hosts "$dir/key.known_hosts"
    mkdir "$dir/bin"
    for program in git sh; do ln -s "$(command -v $program)" "$dir/bin/"; done
    trusting=(env PATH="$dir/bin")
    fails "no ssh on this machine" 'The program ssh is not installed' "$url" --ssh-key "$dir/key" \
        --known-hosts "$dir/key.known_hosts"
else
    report 1 "sshd starts" "see above"
fi

# --- through the module -------------------------------------------------------------------------------------

# Runs a repository and prints its last status object; the status is polled, as a page does.
generate() { # id
    local status code
    code=$(curl -s -o "$dir/answer" -w '%{http_code}' -d "repositoryId=$1" "$docgen/api/generate-docs")
    [ "$code" = 202 ] || { echo "POST gave $code: $(cat "$dir/answer")"; return; }
    for _ in $(seq 600); do
        status=$(curl -s "$docgen/api/status/$1")
        [ "$(jq -r .status <<< "$status")" = generating ] || break
        sleep 0.1
    done
    echo "$status"
}
completes() { # name, id
    local status
    status=$(generate "$2")
    [ "$(jq -r '.status + " " + .docs.commit' <<< "$status")" = "completed $commit" ]
    report $? "$1" "$status"
}
ends_failed() { # name, sentence, id
    local status
    status=$(generate "$3")
    [[ $(jq -r '.status + " " + .errorMessage' <<< "$status") == "failed "*"$2"* ]]
    report $? "$1" "$status"
}

if [ -n "${HARNESS_CONNINFO:-}" ] && [ "$(id -u)" = 0 ]; then
    database=docgen_remotes_$$
    psql -X -q "$HARNESS_CONNINFO" -c "create database $database template docgen_template"
    cp "$dir/wrong" "$dir/token.of.another" # DocGenCredentials wants files of root with mode 600
    chmod 600 "$dir/token" "$dir/token.of.another"
    {
        echo "DocGenCredentials localhost $dir/token"
        echo "DocGenGitHubAPI localhost $base/api"
        [ -z "$ssh_base" ] || echo "DocGenCredentials 127.0.0.1 $dir/key"
    } > "$dir/credentials.conf"
    repositories="tls $base/o/r.git
moved $base/moved/o/r.git
ssh ${ssh_base:-ssh://nobody@127.0.0.1:9}$dir/git/o/r.git"
    start_docgen() {
        HTTPD_DATABASE=$(sed "s/ user=.*//; s/dbname=[^ ]*/dbname=$database/" <<< "$HARNESS_CONNINFO")" $HARNESS_LOGIN" \
            HTTPD_REPOSITORIES=$repositories HTTPD_ALLOW='https:// ssh://' HTTPD_ENVIRONMENT="SSL_CERT_FILE=$dir/ca.pem" \
            "$top/tests/tools/httpd" start "$dir/docgen" 0 "${HARNESS_MPM:-event}" "$dir/credentials.conf"
    }
    docgen=http://127.0.0.1:$(start_docgen)/docgen
    completes "a private repository over TLS, through the module" tls
    completes "one that has moved, through the module" moved
    [ -z "$ssh_base" ] || completes "a private repository over ssh, through the module" ssh
    cp "$dir/token.of.another" "$dir/token"
    "$top/tests/tools/httpd" restart "$dir/docgen"
    ends_failed "a token that no longer holds" 'refused the configured token: renew it' tls
    ! grep -rqF -e "$token" -e "$(cat "$dir/wrong")" "$dir/docgen/error.log" "$dir/docgen/access.log" "$dir/docgen/work"
    report $? "no token in a log or the work directory" "$(grep -rlF -e "$token" -e "$(cat "$dir/wrong")" "$dir/docgen")"
    ! psql -XAtq "$(sed "s/dbname=[^ ]*/dbname=$database/" <<< "$HARNESS_CONNINFO")" \
        -c 'select e::text from generation_events e' -c 'select d::text from generated_docs d' |
        grep -F -e "$token" -e "$(cat "$dir/wrong")"
    report $? "no token in the database" "see above"
    cp "$dir/token.right" "$dir/token"
    # A URL that somebody registered leads the host's token to no other port than https' own.
    psql -X -q "$(sed "s/dbname=[^ ]*/dbname=$database/" <<< "$HARNESS_CONNINFO")" \
        -c "select docgen_register('registered', '$base/o/r.git')" > /dev/null
    "$top/tests/tools/httpd" restart "$dir/docgen"
    completes "the token of a host, for a URL of the configuration" tls
    ends_failed "and not for a registered one on another port" 'asks for credentials' registered
    echo "DocGenCredentials localhost:${base##*:} $dir/token" >> "$dir/docgen/extra-1.conf"
    "$top/tests/tools/httpd" restart "$dir/docgen"
    completes "the token of a host and port, for a registered URL" registered
    "$top/tests/tools/httpd" stop "$dir/docgen"
    psql -X -q "$HARNESS_CONNINFO" -c "drop database $database with (force)"
else
    echo "skipped: the module's part needs root and the servers of make check-module"
fi

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
