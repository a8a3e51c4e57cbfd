#!/usr/bin/env bash
# What the host lacks is said once, when httpd starts, and httpd starts all the same.
# SPDX-License-Identifier: Apache-2.0
set -u
. "$(dirname "$0")/config_lib.sh"

# A PATH with these programs only, and a bwrap that the kernel refuses.
path() {
    rm -rf "$dir/path"
    mkdir -p "$dir/path"
    for program in true git "$@"; do
        ln -s "$(command -v "$program")" "$dir/path/"
    done
}

lines() { # name, number, text that the log holds so often
    [ "$(grep -cF -- "$3" "$dir/log")" = "$2" ]
    report $? "$1" "$(cat "$dir/log")"
}
starts_on() {
    run=(env PATH="$dir/path" ${HTTPD_PRELOAD:+LD_PRELOAD="$HTTPD_PRELOAD"} "$httpd")
    starts "$1" '' "${2:-}"
}

path
starts_on "without bubblewrap and ctags" "bubblewrap does not work for the user of httpd's children"
lines "the sandbox is missed once" 1 'DG0030: bubblewrap does not work'
lines "ctags is missed once" 1 'DG0030: Universal Ctags is not on the PATH'
lines "git is there" 0 'DG0030: git'
rm "$dir/path/git"
starts_on "without git" 'DG0030: git is not on the PATH'

path ctags
printf '#!/bin/sh\necho "bwrap: No permissions to create new namespace" >&2\nexit 1\n' > "$dir/path/bwrap"
chmod 755 "$dir/path/bwrap"
starts_on "with a bubblewrap that the kernel refuses" 'DG0030: bubblewrap does not work'
lines "Universal Ctags is recognised" 0 'Ctags'
printf '#!/bin/sh\necho Exuberant Ctags 5.8\n' > "$dir/path/other"
chmod 755 "$dir/path/other"
mv "$dir/path/other" "$dir/path/ctags"
starts_on "with another program named ctags" 'DG0030: Universal Ctags is not on the PATH'

# Only the children's user counts: root could run this one.
path ctags
printf '#!/bin/sh\nexit 0\n' > "$dir/path/bwrap"
chmod 700 "$dir/path/bwrap"
if [ "$(id -u)" = 0 ]; then
    starts_on "with a bubblewrap that only root may run" 'DG0030: bubblewrap does not work'
fi
chmod 755 "$dir/path/bwrap"
starts_on "with all that is needed"
lines "nothing is missed" 0 DG0030

finish
