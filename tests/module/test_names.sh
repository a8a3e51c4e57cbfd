#!/usr/bin/env bash
# A server that DocGen is enabled in should have names of its own: what is missing or too wide is said once, when httpd
# starts, and httpd starts all the same. And where DocGenCheckHost may stand.
# SPDX-License-Identifier: Apache-2.0
set -u
. "$(dirname "$0")/config_lib.sh"

says() { # name, number of lines, text, configuration
    starts "$1" "$4"
    [ "$(grep -cF -- "$3" "$dir/log")" = "$2" ]
    report $? "$1: said $2 times" "$(cat "$dir/log")"
}

host() { printf '<VirtualHost *:*>\n%s\n</VirtualHost>\n' "$1"; }

says "with names" 0 DG0051 "$(host 'ServerName one.example
ServerAlias two.example *.three.example')"
says "a virtual host without ServerName" 1 "DG0051: no ServerName in the virtual host at $dir/httpd.conf:" "$(host '')"
says "two of them are one line" 1 "DG0051: no ServerName in the virtual host at" "$(host ''; host '')"
says "an alias for everything" 1 'DG0051: "ServerAlias *" in the virtual host at' "$(host 'ServerName one.example
ServerAlias *')"
says "one among others" 1 'DG0051: "ServerAlias *"' "$(host 'ServerName one.example
ServerAlias two.example *.*')"
says "a host without DocGen is no matter" 0 DG0051 "$(host '<Location "/docgen">
DocGen Off
</Location>')"

without_name() { sed -i '/^ServerName localhost$/d' "$dir/httpd.conf"; }
eval "$(declare -f conf | sed '1s/conf/whole_conf/')"
conf() { whole_conf "$1" && without_name; }
says "the main server without ServerName" 1 'DG0051: no ServerName in the main server: callers' ''
eval "$(declare -f whole_conf | sed '1s/whole_conf/conf/')"

accepted "DocGenCheckHost in a Location" '<Location "/docgen">
DocGenCheckHost On
</Location>'
refused "DocGenCheckHost outside" 'DocGenCheckHost not allowed here' 'DocGenCheckHost On'
refused "DocGenCheckHost in a Directory" 'DocGenCheckHost must stand directly in a <Location /path>' '<Directory "/srv">
DocGenCheckHost On
</Directory>'

finish
