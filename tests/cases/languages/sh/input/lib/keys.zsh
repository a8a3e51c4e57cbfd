#!/usr/bin/env zsh
# Keys for the prompt.

# Makes a folder and goes there.
function mkcd takedir \
  other_name() {
  mkdir -p $1 && cd $1
}
function tight() {echo "$1" | awk '/x/ { print }'}
function after_tight { : }

mkdir -p ~/.keys
zle -N mkcd
bindkey '^G' mkcd
