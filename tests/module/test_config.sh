#!/usr/bin/env bash
# Every directive as an administrator meets it: what is accepted, and the sentence with which the rest is refused.
# `httpd -t` sees what configtest sees; files are looked at when httpd really starts.
# SPDX-License-Identifier: Apache-2.0
set -u
. "$(dirname "$0")/config_lib.sh"

# ---- mounts ----
where='must stand directly in a <Location /path> section'
accepted "a mount" ''
accepted "DocGen Off below a mount" '<Location /docgen/api>
DocGen Off
</Location>'
without_mount=1 accepted "a mount at /" '<Location />
DocGen On
</Location>'
accepted "a mount in a virtual host" '<VirtualHost *:80>
<Location /d>
DocGen On
</Location>
</VirtualHost>'
refused "DocGen outside of a section" "$where" 'DocGen On'
refused "DocGen in LocationMatch" "$where" '<LocationMatch "^/x">
DocGen On
</LocationMatch>'
refused "DocGen in Location ~" "$where" '<Location ~ "^/x">
DocGen On
</Location>'
refused "DocGen in a Location with wildcards" "$where" '<Location "/x*">
DocGen On
</Location>'
refused "DocGen in Directory" "$where" '<Directory "/tmp">
DocGen On
</Directory>'
refused "DocGen in Files" "$where" '<Files "x">
DocGen On
</Files>'
refused "DocGen in If in Location" "$where" '<Location /x>
<If "true">
DocGen On
</If>
</Location>'
refused "DocGen with another word" "must be On or Off" '<Location /x>
DocGen Yes
</Location>'

# ---- repositories ----
accepted "repositories with options" 'DocGenRepository a https://example.org/a.git
DocGenRepository B.c-d_e https://example.org/b branch=release/1.0 "title=B and C"'
accepted "the same id in a virtual host" 'DocGenRepository a https://example.org/a
<VirtualHost *:80>
DocGenRepository a https://example.org/other
</VirtualHost>'
accepted "local and ssh addresses that are allowed by name" 'DocGenAllowURL /srv/git/ file:///srv/git git@example.org: ssh://git@example.org/
DocGenRepository a /srv/git/a.git
DocGenRepository b file:///srv/git/b.git
DocGenRepository c git@example.org:c.git
DocGenRepository d ssh://git@example.org/d.git'
accepted "an IPv6 address" 'DocGenRepository a https://[::1]:8443/a.git'
refused "a repository without a URL" "takes an id and a URL" 'DocGenRepository a'
refused "a bad id" 'is not a repository id; it must begin with a letter or digit' 'DocGenRepository a/b https://example.org/a'
refused "an id of 101 characters" 'is not a repository id' "DocGenRepository $(printf 'a%.0s' $(seq 101)) https://example.org/a"
refused "a duplicate id" 'is named twice in this server' 'DocGenRepository a https://example.org/a
DocGenRepository a https://example.org/b'
refused "a password in the URL" 'must not carry a password or token' 'DocGenRepository a https://user:hunter2@example.org/a'
conf 'DocGenRepository a https://user:hunter2@example.org/a'
! "${run[@]}" -t -f "$dir/httpd.conf" 2>&1 | grep -q hunter2
report $? "the password stays out of the message" "it is in the message"
refused "an option of git as URL" 'the URL cannot be used' 'DocGenRepository a --upload-pack=x'
refused "a remote helper as URL" 'remote helpers' 'DocGenRepository a ext::sh'
refused "a URL that climbs" 'must not climb' 'DocGenAllowURL /srv/git/
DocGenRepository a /srv/git/../../etc'
refused "escapes in a file URL" 'must not hold %-escapes' 'DocGenAllowURL file:///srv/
DocGenRepository a file:///srv/%2e%2e/etc'
refused "blanks in a URL" 'must not hold blanks' 'DocGenRepository a "https://example.org/a b"'
refused "http without being allowed" 'no DocGenAllowURL begins its URL' 'DocGenRepository a http://example.org/a'
refused "a local path without being allowed" 'no DocGenAllowURL begins its URL' 'DocGenRepository a /srv/git/a'
refused "a host that only begins like the allowed one" 'no DocGenAllowURL begins its URL' 'DocGenAllowURL https://example.org
DocGenRepository a https://example.org.evil.net/a'
accepted "a prefix that ends where the host ends" 'DocGenAllowURL https://example.org
DocGenRepository a https://example.org/a
DocGenRepository b https://example.org:8443/b'
refused "the default prefix does not count beside one that is given" 'no DocGenAllowURL begins its URL' 'DocGenAllowURL ssh://
DocGenRepository a https://example.org/a'
refused "a virtual host's own prefixes hold for what it inherits" 'no DocGenAllowURL begins its URL' 'DocGenRepository a https://example.org/a
<VirtualHost *:80>
DocGenAllowURL ssh://
</VirtualHost>'
refused "an unknown option" 'after ID and URL may follow branch=NAME' 'DocGenRepository a https://example.org/a tag=1'
refused "an empty option" 'after ID and URL may follow branch=NAME' 'DocGenRepository a https://example.org/a branch='
refused "an option twice" 'is given twice' 'DocGenRepository a https://example.org/a branch=a branch=b'
refused "an odd branch" 'is not a branch name' 'DocGenRepository a https://example.org/a branch=--x'
refused "a prefix that is none" 'is not the beginning of a URL' 'DocGenAllowURL example'

# ---- origins, hosts, generator ----
accepted "origins" 'DocGenOrigin https://docs.example.org HTTP://localhost:8080'
for origin in docs.example.org https://docs.example.org/ https:// "ftp://docs.example.org" "https://a@b"; do
    refused "the origin $origin" 'is not an origin' "DocGenOrigin $origin"
done
accepted "an API of a GitHub Enterprise host" 'DocGenGitHubAPI git.example.org https://git.example.org/api/v3'
refused "an API host with a scheme" 'is not a host name' 'DocGenGitHubAPI https://git.example.org https://git.example.org'
refused "an API without a scheme" "write the API's base URL" 'DocGenGitHubAPI git.example.org git.example.org/api'
refused "an API with a token" "write the API's base URL" 'DocGenGitHubAPI git.example.org https://t0ken@git.example.org/api'
refused "credentials of a host twice" 'is named twice' 'DocGenCredentials github.com /a
DocGenCredentials GitHub.com /b'
refused "credentials of a URL" 'is not a host name' 'DocGenCredentials https://github.com/ /a'
for host in github.com: github.com:0 github.com:65536 github.com:22x '[::1' '[]' ':22' 'a:1:2'; do
    refused "credentials of $host" 'is not a host name' "DocGenCredentials $host /a"
done
refused "credentials of a port twice" 'is named twice' 'DocGenCredentials github.com:8443 /a
DocGenCredentials GitHub.com:8443 /b'

# ---- numbers and times ----
for n in 0 65 x 1.5 -1; do
    refused "DocGenThreads $n" 'must be a whole number from 1 to 64' "DocGenThreads \"$n\""
done
refused "DocGenConnections 2" 'must be a whole number from 3 to 1024' 'DocGenConnections 2'
for t in 300 300s 300000ms 5min; do
    accepted "a time of $t" "DocGenLockTimeout $t"
done
for t in -5 5x x 0 2000h; do
    refused "a time of '$t'" 'DocGenLockTimeout must be a time from 1s to 86400s' "DocGenLockTimeout \"$t\""
done
for d in 'DocGenThreads 1' 'DocGenTick 1s' 'DocGenWorkDir /x' 'DocGenGenerator /bin/true' 'DocGenCredentials a /b' \
    'DocGenGitHubAPI a https://b'; do
    refused "$d in a virtual host" 'holds for the whole server process' "<VirtualHost *:80>
$d
</VirtualHost>"
done

# ---- what must fit together ----
refused "a job longer than its lock" 'DocGenJobTimeout: 300 s must be shorter than DocGenLockTimeout (300 s)' 'DocGenJobTimeout 5min'
refused "a lease of less than three ticks" 'DocGenLease: 2500 ms must be at least three times DocGenTick (1 s)' 'DocGenLease 2500ms'
refused "a lease longer than the lock" 'must not be longer than DocGenLockTimeout' 'DocGenLease 301s'
refused "more connections than mod_dbd's pool has" 'DBDMax: 10 must be at least DocGenConnections (11)' 'DocGenConnections 11'
without_dbd=1 refused "without mod_dbd" 'DocGen needs mod_dbd' ''
without_dbd=1 without_mount=1 accepted "loaded but not used" 'DocGenJobTimeout 5min'
saved=$database
database='DBDParams "x"' refused "without a driver" 'set DBDriver pgsql' ''
database='DBDriver pgsql' refused "without an address" 'set DBDParams' ''
database="$saved
DBDPersist Off" refused "without persistent connections" 'set DBDPersist On' ''

# ---- files: httpd really starts ----
secret() { # mode, text
    printf '%s' "$2" > "$dir/secret"
    chmod "$1" "$dir/secret"
}
starts "the work directory is made" ''
[ -d "$dir/work" ] && [ "$(stat -c %a "$dir/work")" = 700 ] &&
    { [ "$(id -u)" != 0 ] || [ "$(stat -c %U "$dir/work")" = www-data ]; }
report $? "and belongs to the children" "$(ls -ld "$dir/work")"
chmod 777 "$dir/work"
stays_down "a work directory that anybody may write" 'must not be writable by others' ''
rm -rf "$dir/work"
ln -s /tmp "$dir/work"
stays_down "a work directory that is a link" 'is not a directory' ''
rm -f "$dir/work"
if [ "$(id -u)" = 0 ]; then
    mkdir -m 755 "$dir/work"
    stays_down "a work directory of somebody else" "must belong to the user of httpd's children" ''
    rm -rf "$dir/work"
    mkdir -m 700 "$dir/locked"
    stays_down "a work directory that children cannot reach" "cannot be reached by the user of httpd's children" "DocGenWorkDir $dir/locked/work"
    cp /bin/true "$dir/locked/generate"
    stays_down "a generator that children cannot reach" "cannot be reached by the user of httpd's children" "DocGenGenerator $dir/locked/generate"
fi
stays_down "a generator that is not there" 'cannot be reached' 'DocGenGenerator /nowhere/generate'
stays_down "a generator's name that is not found" 'there is no program nowhere-to-be-found' 'DocGenGenerator nowhere-to-be-found'
stays_down "a generator that is no program" 'is not a program that' 'DocGenGenerator /etc/passwd'
starts "a generator by name, with arguments" 'DocGenGenerator true --fast "two words"'
database='DBDriver pgsql
DBDParams "host=127.0.0.1 port=9"
DBDMin 0' starts "a missing connect_timeout is warned of" '' 'has no connect_timeout'

secret 600 'ghp_abcdef'
starts "a token" "DocGenCredentials github.com $dir/secret"
secret 600 $'token ghp_abcdef\n'
starts "a token with the word before it" "DocGenCredentials github.com $dir/secret"
starts "a core dump directory is warned of" "DocGenCredentials github.com $dir/secret
CoreDumpDirectory $dir" 'a core file of httpd would hold the secrets'
for mode in 640 604 660; do
    secret $mode 'ghp_abcdef'
    stays_down "a token of mode $mode" 'must not be readable or writable by anybody else' "DocGenCredentials github.com $dir/secret"
done
for text in '' $'two words\n' $'two\nlines\n' $'caf\xc3\xa9\n'; do
    secret 600 "$text"
    stays_down "a token file that holds $(printf %q "$text")" 'must hold either one line with an access token' "DocGenCredentials github.com $dir/secret"
done
printf 'ghp_abc\0def' > "$dir/secret"
stays_down "a token file with a NUL byte" 'holds a NUL byte' "DocGenCredentials github.com $dir/secret"
head -c 65537 /dev/zero | tr '\0' x > "$dir/secret"
stays_down "a token file of any size" 'is larger than 65536 bytes' "DocGenCredentials github.com $dir/secret"
stays_down "a token file that is missing" 'cannot be opened' "DocGenCredentials github.com $dir/none"
secret 600 'ghp_abcdef'
ln -s "$dir/secret" "$dir/link"
stays_down "a token file that is a link" 'is a symbolic link' "DocGenCredentials github.com $dir/link"
if [ "$(id -u)" = 0 ]; then
    chown www-data "$dir/secret"
    stays_down "a token file of somebody else" 'must belong to root' "DocGenCredentials github.com $dir/secret"
    chown root "$dir/secret"
fi
key=$'-----BEGIN OPENSSH PRIVATE KEY-----\nx\n-----END OPENSSH PRIVATE KEY-----\n'
secret 600 "$key"
stays_down "an ssh key without its host's key" "An ssh key needs the host's key beside it" "DocGenCredentials github.com $dir/secret"
echo 'github.com ssh-ed25519 AAAA' > "$dir/secret.known_hosts"
starts "an ssh key with its host's key" "DocGenCredentials github.com $dir/secret"
chmod 666 "$dir/secret.known_hosts"
stays_down "a host's key that anybody may write" 'must not be writable by anybody else' "DocGenCredentials github.com $dir/secret"
! grep -rq ghp_abcdef "$dir/log" "$dir/out"
report $? "no secret in the log" "$(cat "$dir/log")"

# ---- which paths are DocGen's: without a database its own answer is a problem with a code ----
claims() { # path, yes or no
    local out code=1
    out=$(curl -s --path-as-is -H "Host: ${3:-localhost}" "http://127.0.0.1:$port$1")
    if [[ $out == *'"code":"DG'* ]]; then
        [ "$2" = yes ] && code=0
    else
        [ "$2" = no ] && code=0
    fi
    report $code "${3:-localhost}$1 is DocGen's: $2" "$out"
}
without_mount=1 conf "<Location /docgen>
DocGen On
</Location>
<Location /docgen/inner/>
DocGen Off
</Location>
<Location /docgen/inner/again>
DocGen On
</Location>
<VirtualHost *>
ServerName localhost
</VirtualHost>
<VirtualHost *>
ServerName other
<Location /docgen>
DocGen Off
</Location>
<Location /own>
DocGen On
</Location>
</VirtualHost>
<VirtualHost *>
ServerName root
<Location />
DocGen On
</Location>
</VirtualHost>"
port=$(sed -n 's/^Listen 127.0.0.1://p' "$dir/httpd.conf")
rm -rf "$dir/work"
: > "$dir/log"
"${run[@]}" -f "$dir/httpd.conf"
for _ in $(seq 50); do
    curl -s -o "$dir/out" "http://127.0.0.1:$port/" && break
    sleep 0.1
done
claims /docgen/api/status/x yes
claims /docgenx/api/status/x no
claims /api/status/x no
claims /docgen/inner/api/status/x no
claims /docgen/innerx yes
claims /docgen/inner/again/api/status/x yes
claims /docgen/api/status/x no other
claims /own/api/status/x yes other
claims /own/api/status/x no
claims /api/status/x yes root
claims /docgen/api/status/x yes root
stop

# ---- the shipped configuration ----
generate=$dir/docgen-generate # installed where the children can reach it
cp "$build/docgen-generate" "$generate"
conf ''
sed -e '/^DBD/d' -e '/^DocGen/d' -e '/^<Location "\/docgen">/,$d' "$dir/httpd.conf" > "$dir/shipped.conf"
{
    echo "LoadModule authz_host_module $modules/mod_authz_host.so"
    echo "DocGenGenerator $generate"
    echo "Include \"$top/conf/docgen.conf\""
} >> "$dir/shipped.conf"
out=$("${run[@]}" -t -f "$dir/shipped.conf" 2>&1)
report $? "conf/docgen.conf as it is shipped" "$out"
secret 600 'ghp_abcdef'
sed "s|^#DocGenGenerator .*|DocGenGenerator $generate|; s|/etc/apache2/docgen.github.token|$dir/secret|
    s|^#DocGenWorkDir .*|DocGenWorkDir $dir/work|" "$top/conf/docgen.conf" |
    sed 's/^#DocGenRepository/DocGenRepository/; s/^#\(DocGen[A-Z][A-Za-z]* \)/\1/' > "$dir/all.conf"
sed -i "s|\"$top/conf/docgen.conf\"|\"$dir/all.conf\"|" "$dir/shipped.conf"
out=$("${run[@]}" -t -f "$dir/shipped.conf" 2>&1)
report $? "conf/docgen.conf with every line switched on" "$out"

# ---- a checkout that httpd's children cannot reach, as in root's home ----
if [ "$(id -u)" = 0 ]; then
    mkdir -m 700 "$dir/closed"
    cp "$build/mod_docgen.so" "$build/docgen-generate" "$dir/closed/"
    out=$(BUILD=$dir/closed HTTPD_DATABASE='host=127.0.0.1 port=9' "$top/tests/tools/httpd" start "$dir/reached" 0 2>&1)
    report $? "the tests' httpd starts from there" "$out"
    "$top/tests/tools/httpd" reap "$dir/reached"
fi

finish
