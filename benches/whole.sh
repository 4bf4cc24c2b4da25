#!/usr/bin/env bash
# Whole processes over one corpus, in turn: plain reading, ripgrep with 10 patterns, regex-automata with 68, and
# `domesday scan` on one thread and two, inventory written. Prints the best of several rounds, as rates and ratios.
#
#   benches/whole.sh [SIZE] [ROUNDS]        default 1GB and 5
#
# MIX (all, clean, dense, small) and SEED change the corpus. It is kept in ${TMPDIR:-/tmp} and used again.
# What the machine does besides disturbs all alike, mostly: trust the ratios.
set -euo pipefail
cd "$(dirname "$0")/.."

size=${1:-1GB} rounds=${2:-5} mix=${MIX:-all} seed=${SEED:-7}
corpus=${TMPDIR:-/tmp}/domesday-corpus-$mix-$size-$seed
bin=${CARGO_TARGET_DIR:-target}/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

install() { # install COMMAND PACKAGE
    command -v "$1" >/dev/null && return
    echo "installing $2" >&2
    apt-get update -qq >&2 && apt-get install -y -qq --no-install-recommends "$2" >&2 && return
    echo "$1 is needed: install the package $2" >&2
    exit 3
}
install rg ripgrep
install /usr/bin/time time

cargo build --release --quiet -p domesday -p domesday-benches
if [[ ! -e $corpus.complete ]]; then
    rm -rf "$corpus"
    "$bin/corpus" "$corpus" --size "$size" --seed "$seed" --mix "$mix" >&2
    touch "$corpus.complete"
fi

patterns=(
    '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\.[A-Za-z]{2,12}'
    '\b(\d{1,3}\.){3}\d{1,3}\b'
    '\b([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]{1,4}\b'
    '\b(4\d{3}|5[1-5]\d{2})[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}\b'
    '\b[A-Z]{2}\d{2}( ?[A-Z0-9]{4}){3,7}\b'
    '\b\d{3}-\d{2}-\d{4}\b'
    '\+[1-9]\d{0,2}[ .-]?\(?\d{1,4}\)?([ .-]?\d{2,4}){2,4}\b'
    'eyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}'
    '\b([0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}\b'
    '\b(19|20)\d{2}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])\b'
)
rg_arguments=(-c -j1 --no-ignore --hidden -a --no-config --no-unicode)
for pattern in "${patterns[@]}"; do rg_arguments+=(-e "$pattern"); done

export DOMESDAY_KEY_FILE=$work/key
"$bin/domesday" key init >/dev/null

scan() { # scan THREADS
    rm -rf "$work/inventory"
    "$bin/domesday" scan "$corpus" --inventory "$work/inventory" --threads "$1" --format none
}
export -f scan
export bin corpus work

names=(reading ripgrep regex68 domesday-1 domesday-2)
declare -A best peak
measure() { # measure NAME COMMAND…; exit codes up to 2 are results
    local name=$1 code=0 seconds kilobytes
    shift
    /usr/bin/time -q -o "$work/time" -f '%e %M' "$@" >"$work/out" 2>"$work/err" || code=$?
    if ((code > 2)); then
        echo "$name ended with $code:" >&2
        tail -n 5 "$work/err" >&2
        exit 3
    fi
    read -r seconds kilobytes <"$work/time"
    best[$name]=$(awk -v a="${best[$name]:-1e9}" -v b="$seconds" 'BEGIN { print (b < a) ? b : a }')
    peak[$name]=$(awk -v a="${peak[$name]:-0}" -v b="$kilobytes" 'BEGIN { print (b > a) ? b : a }')
}

for ((round = 1; round <= rounds; round++)); do
    echo "round $round of $rounds" >&2
    measure reading "$bin/reader" "$corpus"
    bytes=$(sed -E 's/.* files, ([0-9]+) bytes.*/\1/' "$work/out")
    measure ripgrep rg "${rg_arguments[@]}" "$corpus"
    measure regex68 "$bin/regex68" "$corpus"
    measure domesday-1 bash -c 'scan 1'
    measure domesday-2 bash -c 'scan 2'
done

echo "$mix $size seed $seed, $bytes bytes, best of $rounds, $(nproc) x $(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -n 1)," \
    "commit $(git rev-parse --short HEAD 2>/dev/null || echo unknown)"
printf '%-12s %9s %9s %12s %12s %9s\n' '' seconds GB/s 'x reading' 'x ripgrep' 'peak MB'
for name in "${names[@]}"; do
    awk -v name="$name" -v s="${best[$name]}" -v kb="${peak[$name]}" -v bytes="$bytes" -v reading="${best[reading]}" \
        -v ripgrep="${best[ripgrep]}" 'BEGIN {
            printf "%-12s %9.2f %9.3f %12.2f %12.2f %9.0f\n", name, s, bytes / s / 1e9, reading / s, ripgrep / s, kb / 1000 }'
done
