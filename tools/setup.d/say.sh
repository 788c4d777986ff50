# What every step of the set-up shares: how it speaks, and how it becomes root. Sourced.

# say TEXT: one line about what happens now and how long it may take.
say() { printf '\033[1m==>\033[0m %s\n' "$*" >&2; }

# fail TEXT FIX: ends the set-up with what went wrong and what to do about it.
fail() {
    printf '\033[1m!!!\033[0m %s\n    What to do: %s\n' "$1" "$2" >&2
    exit 1
}

# as_root COMMAND…: runs it as root, by sudo where we are not.
as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null; then sudo "$@"
    else fail "This needs root: $*" "run it as root, or install sudo, then start again"
    fi
}

# quietly LOG COMMAND…: its output goes to a log of that name, whose end is shown only when it fails.
quietly() {
    local log=$CACHE/logs/$1; shift
    mkdir -p "$CACHE/logs"
    "$@" >"$log" 2>&1 || {
        local status=$?
        tail -n 25 "$log" >&2
        echo "    (all of it: $log)" >&2
        return $status
    }
}
