# What the benchmarks of whole processes share; they source it. $work is a folder that they remove.

install() { # install COMMAND PACKAGE…
    local command=$1
    shift
    command -v "$command" >/dev/null && return
    echo "installing $*" >&2
    apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends "$@" >&2 && return
    echo "$command is needed: install $*" >&2
    exit 3
}

# One thread, all files, bytes as they are, and the patterns that people would write.
ripgrep=(rg -c -j1 --no-ignore --hidden -a --no-config --no-unicode -f benches/patterns.txt)

declare -A best cpu peak
# The least time, the least time of all processors together and the greatest memory of a name. Exit codes up to 2 are
# results.
measure() { # measure NAME COMMAND…
    local name=$1 code=0 seconds user system kilobytes
    shift
    /usr/bin/time -q -o "$work/time" -f '%e %U %S %M' "$@" >"$work/out" 2>"$work/err" || code=$?
    if ((code > 2)); then
        echo "$name ended with $code:" >&2
        tail -n 5 "$work/err" >&2
        exit 3
    fi
    read -r seconds user system kilobytes <"$work/time"
    best[$name]=$(awk -v a="${best[$name]:-1e9}" -v b="$seconds" 'BEGIN { print (b < a) ? b : a }')
    cpu[$name]=$(awk -v a="${cpu[$name]:-1e9}" -v b="$user" -v c="$system" 'BEGIN { print (b + c < a) ? b + c : a }')
    peak[$name]=$(awk -v a="${peak[$name]:-0}" -v b="$kilobytes" 'BEGIN { print (b > a) ? b : a }')
}

machine() {
    echo "$(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)," \
        "commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
}
