#!/usr/bin/env bash
# Whole processes over one corpus, in turn: plain reading, ripgrep with 10 patterns, regex-automata and Hyperscan with 68,
# and `domesday scan` on one thread and two, inventory written. Prints the best of several rounds, as rates and ratios.
#
#   benches/whole.sh [SIZE] [ROUNDS]        default 1GB and 5
#
# MIX (all, clean, dense, tables, small) and SEED change the corpus. It is kept in ${TMPDIR:-/tmp} and used again.
# Ratios are of the seconds that processors worked, starting included: what the machine does besides disturbs them least.
set -euo pipefail
cd "$(dirname "$0")/.."

size=${1:-1GB} rounds=${2:-5} mix=${MIX:-all} seed=${SEED:-7}
corpus=${TMPDIR:-/tmp}/domesday-corpus-$mix-$size-$seed
bin=${CARGO_TARGET_DIR:-target}/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

. benches/measure.sh
install rg ripgrep
install /usr/bin/time time
[[ -e /usr/include/hs/hs.h ]] || install hs.h libhyperscan-dev gcc libc6-dev

cargo build --release --quiet --workspace
if [[ ! -e $corpus.complete ]]; then
    rm -rf "$corpus"
    "$bin/corpus" "$corpus" --size "$size" --seed "$seed" --mix "$mix" >&2
    touch "$corpus.complete"
fi

gcc -O2 -Wall -Wextra -Werror -o "$work/hyperscan68" benches/src/hyperscan68.c -lhs
"$bin/regex68" --patterns >"$work/patterns"

export DOMESDAY_KEY_FILE=$work/key
"$bin/domesday" key init >/dev/null

scan() { # scan THREADS
    rm -rf "$work/inventory"
    "$bin/domesday" scan "$corpus" --inventory "$work/inventory" --threads "$1" --format none
}
hyperscan() { "$work/hyperscan68" "$corpus" <"$work/patterns"; }
export -f scan hyperscan
export bin corpus work

names=(reading ripgrep regex68 hyperscan68 domesday-1 domesday-2)
for ((round = 1; round <= rounds; round++)); do
    echo "round $round of $rounds" >&2
    measure reading "$bin/reader" "$corpus"
    bytes=$(sed -E 's/.* files, ([0-9]+) bytes.*/\1/' "$work/out")
    measure ripgrep "${ripgrep[@]}" "$corpus"
    measure regex68 "$bin/regex68" "$corpus"
    measure hyperscan68 bash -c hyperscan
    measure domesday-1 bash -c 'scan 1'
    measure domesday-2 bash -c 'scan 2'
done

echo "$mix $size seed $seed, $bytes bytes, best of $rounds, $(machine)"
printf '%-12s %9s %9s %9s %12s %12s %9s\n' '' seconds worked GB/s 'x reading' 'x ripgrep' 'peak MB'
for name in "${names[@]}"; do
    awk -v name="$name" -v s="${best[$name]}" -v cpu="${cpu[$name]}" -v kb="${peak[$name]}" -v bytes="$bytes" \
        -v reading="${cpu[reading]}" -v ripgrep="${cpu[ripgrep]}" 'BEGIN {
            least = cpu > 0.005 ? cpu : 0.005
            printf "%-12s %9.2f %9.2f %9.3f %12.2f %12.2f %9.0f\n", name, s, cpu, bytes / s / 1e9,
                reading / least, ripgrep / least, kb / 1000 }'
done
