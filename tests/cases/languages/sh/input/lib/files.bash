#!/usr/bin/env bash
#
# Functions on files.

set -e
source "${BASH_SOURCE[0]%/*}/text.sh"
source "$(dirname "$0")/log.sh"; [ -f x ] && . ./nowhere.sh
readonly MASK=$(( 1 << 2 ))
declare -A kinds=( [a]=1 )

#######################################
# Cleans up files.
# Globals:
#   BACKUP_DIR
# Arguments:
#   $1 - the folder, "/tmp" when absent
#   None
# Outputs:
#   Writes their names to stdout
# Returns:
#   0 if they are gone, 1 on error.
#######################################
files::clean() {
  (( x << y ))
  local quoted=$'it\'s {'
  echo "${1:-it's}" "$(cat <<'END'
don't() {
END
)"
}

files::_private() { :; }

# shellcheck disable=SC2034
function files::list { local a=1 b=(c d); }

{ # all of it
grouped()
# between
{
  if true; then
    echo }
  fi
}
}

in_parens() (
  cd /
  awk '{ print "x() {" }'
)
last() { echo a; }
