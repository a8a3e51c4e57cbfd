# Functions on text.
#
# Source it: `. lib/text.sh`.

TEXT_MARK='}'

# @description Says a text.
# @arg $1 string the text
# @arg $2 int how often
# @option -u | --upper in capitals
# @exitcode 0 when it was said
# @example
#   say hello 2
say() {
  local n=${2:-1}
  case $1 in
    a) echo "} $(echo ')')" ;;
    *) : ;;
  esac
  inner() { :; }
}

# Counts words.
function words
{
  cat <<EOF
not_a_function() {
  nothing
}
EOF
}

function text::join() (
  echo "$@"
)

_internal() { :; }

if [ -n "$X" ]; then
  only_sometimes() { echo "it's"; }
fi
one_line() { say a; }; other_line() { :; }
# commented() { :; }
