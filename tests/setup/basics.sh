#!/bin/bash
# What a person meets before anything runs: missing packages, installed files and their modes. Needs neither root nor a
# server, and changes nothing outside its own directory.
# SPDX-License-Identifier: Apache-2.0
set -u
cd "$(dirname "$0")/../.." || exit 1
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
passed=0 failed=0
unset MAKEFLAGS MAKELEVEL MFLAGS

report() { # ok? name, details
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n%s\n' "$2" "$3"
    fi
}

# A pkg-config that lacks one library.
lacking() { # NAME
    printf '#!/bin/sh\nfor word; do [ "$word" != %s ] || exit 1; done\nexec pkg-config "$@"\n' "$1" > "$dir/pkg-config"
    chmod 755 "$dir/pkg-config"
}

lacking criterion
out=$(make --no-print-directory check-unit BUILD="$dir/build" PKG_CONFIG="$dir/pkg-config" 2>&1)
[ $? != 0 ] && [[ $out == *"The tests need Criterion: run make deps-dev first."* ]] && [[ $out != *"error:"* ]]
report $? "check-unit without Criterion names the command" "$(tail -n 5 <<< "$out")"

lacking jansson
out=$(make --no-print-directory BUILD="$dir/build" PKG_CONFIG="$dir/pkg-config" 2>&1)
[ $? != 0 ] && [[ $out == *"What the build needs is missing: run make deps first."* ]] && [[ $out != *"error:"* ]]
report $? "a build without one of its libraries names the command" "$(tail -n 5 <<< "$out")"

(umask 022 && make --no-print-directory -s install DESTDIR="$dir/root") > "$dir/out" 2>&1
report $? "make install with DESTDIR" "$(cat "$dir/out")"
conf=$dir/root/etc/apache2/mods-available/docgen.conf
[ "$(stat -c '%a %U' "$conf")" = "640 $(id -un)" ]
report $? "docgen.conf, which will hold a password, is nobody else's to read" "$(stat -c '%a %U' "$conf")"
for file in usr/bin/docgen-generate usr/share/docgen/sql/migrate usr/share/docgen/sql/101_functions_core.sql \
    etc/apache2/mods-available/docgen.load; do
    [ -n "$(find "$dir/root/$file" -perm -o=r)" ]
    report $? "$file is readable" "$(ls -l "$dir/root/$file")"
done
echo '# mine' >> "$conf"
chmod 644 "$conf"
out=$(make --no-print-directory -s install DESTDIR="$dir/root" 2>&1)
[ "$(tail -n 1 "$conf")" = '# mine' ] && [[ $out == *"everybody may read it: chmod 640"* ]]
report $? "an edited docgen.conf stays as it is, and what is wrong with it is said" "$out"

# The two lists: what a server gets, and what only tests need.
list() { sed -n "/^$1=(/,/)/p" tests/tools/deps | tr '()' '  ' | sed "s/$1=//; s/:[^ ]*//g"; }
server=" $(list base | tr '\n' ' ') $(list install | tr '\n' ' ') "
for package in apache2 apache2-dev libaprutil1-dbd-pgsql postgresql git universal-ctags graphviz mandoc bubblewrap; do
    [[ $server == *" $package "* ]]
    report $? "make deps installs $package" "$server"
done
for package in openssh-server pgbouncer chromium clang; do
    [[ $server != *" $package "* ]]
    report $? "make deps does not install $package" "$server"
done

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
