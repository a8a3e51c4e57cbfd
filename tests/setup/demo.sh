#!/bin/bash
# `make demo` with a local repository that only its owner can read: what is committed there is in the next run.
# SPDX-License-Identifier: Apache-2.0
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
export BUILD=${BUILD:-$top/build} GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
dir=$(mktemp -d)
passed=0 failed=0
repo="$dir/closed/a repository"
demo() { REPO=$repo ID=local PORT=$port DIR="$dir/demo" "$top/tests/tools/demo" "$@"; }
trap 'demo stop > /dev/null 2>&1; rm -rf "$dir"' EXIT

report() { # ok? name, details
    if [ "$1" = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        printf 'FAILED: %s\n%s\n' "$2" "$3"
    fi
}

git_in() { git -C "$repo" -c user.name=Ada -c user.email=ada@example.org "$@"; }
write() { # text
    printf '# The thing\n\n%s\n' "$1" > "$repo/README.md"
    git_in add -A && git_in commit -q -m "$1"
}

# The button's own request; waits for the end and prints the status object.
regenerate() {
    local status code
    code=$(curl -sS -o "$dir/answer" -w '%{http_code}' -d repositoryId=local "$base/api/generate-docs")
    [ "$code" = 202 ] || { echo "POST gave $code: $(cat "$dir/answer")"; return; }
    for _ in $(seq 600); do
        status=$(curl -sS "$base/api/status/local")
        [ "$(jq -r .status <<< "$status")" = generating ] || break
        sleep 0.1
    done
    echo "$status"
}
documents() { # name, text
    local status page
    status=$(regenerate)
    page=$(curl -sS "$base/docs/local/index.md")
    [ "$(jq -r '.status + " " + .docs.commit' <<< "$status")" = "completed $(git_in rev-parse HEAD)" ] && [[ $page == *"$2"* ]]
    report $? "$1" "$status; $page"
}

# What means something to make or to the shell stays text; a name becomes an id that looks like one.
out=$(make -s -C "$top" demo-stop REPO='a"b$(c)`d' DIR="$dir/none" 2>&1)
report $? "an address with quotes" "$out"
mkdir -p "$dir/my repo \"s\"!!"
out=$(REPO="$dir/my repo \"s\"!!" PORT=1 DIR="$dir/none" "$top/tests/tools/demo" plan 2>&1) && [[ $out == *' as "my-repo--s"'* ]]
report $? "an id from a name that ends oddly" "$out"
out=$(REPO='https://example.org/a"b' PORT=1 DIR="$dir/none" "$top/tests/tools/demo" plan 2>&1) && out="accepted: $out"
[[ $out == *"percent-encoded"* ]]
report $? "an address that no configuration could hold" "$out"

mkdir -p "$repo"
git init -q -b main "$repo"
write "As it began."
chmod 700 "$dir/closed"
for _ in $(seq 20); do
    port=$((10000 + RANDOM % 10000))
    out=$(demo start 2>&1) && break
    [[ $out == *"is taken"* ]] || break
done
base=http://127.0.0.1:$port/docgen
[[ $out == *"$base/docs/local/"* ]] && [ "$(curl -sS "$base/api/status/local" | jq -r .docs.commit)" = "$(git_in rev-parse HEAD)" ]
report $? "a local repository that only its owner reads" "$out"

write "As it goes on."
documents "a commit" "As it goes on."
git_in commit -q --amend -m "Said otherwise"
documents "an amended commit" "As it goes on."
git_in switch -q -c other
write "On another branch."
documents "another branch checked out" "On another branch."
git_in switch -q --detach HEAD~1
documents "no branch checked out" "As it goes on."
mv "$repo" "$repo.away"
[[ $(regenerate | jq -r '.status + " " + .errorMessage') == "failed "*"is not a git repository"* ]]
report $? "a repository that is gone" "$(curl -sS "$base/api/status/local"; cat "$dir/demo/follow.log" 2> /dev/null)"
mv "$repo.away" "$repo"
git_in switch -q main
write "It is back."
out=$(demo start 2>&1)
documents "and one that is back, after another make demo" "It is back."
out=$(demo stop 2>&1) && [ ! -e "$dir/demo" ]
report $? "make demo-stop leaves nothing" "$out $(find "$dir/demo" 2> /dev/null | head)"
! pgrep -f "demo follow $dir" > /dev/null
report $? "nothing runs on" "$(pgrep -af "demo follow $dir")"

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
