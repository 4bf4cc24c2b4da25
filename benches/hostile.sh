#!/usr/bin/env bash
# Texts built to be slow, one after another: the rate of each, as a share of the mixed corpus's, and the peak memory. A
# share below 0.1 is worth a look.
#
#   benches/hostile.sh [BYTES] [ROUNDS]     default 4000000 and 2
#
# Rates are of the seconds that processors worked, without those of starting.
set -euo pipefail
cd "$(dirname "$0")/.."

bytes=${1:-4000000} rounds=${2:-2}
bin=${CARGO_TARGET_DIR:-target}/release
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

. benches/measure.sh
install /usr/bin/time time

cargo build --release --quiet --workspace
export DOMESDAY_KEY_FILE=$work/key
"$bin/domesday" key init >/dev/null
mkdir "$work/none"
"$bin/corpus" "$work/mixed" --size 40MB >&2

scan() { # scan NAME PATH
    rm -rf "$work/inventory"
    measure "$1" "$bin/domesday" scan "$2" --inventory "$work/inventory" --threads 1 --format none
}

names=()
for ((round = 1; round <= rounds; round++)); do
    echo "round $round of $rounds" >&2
    scan none "$work/none"
    scan mixed "$work/mixed"
    while IFS=$'\t' read -r name piece; do
        [[ $name == \#* ]] && continue
        ((round > 1)) || names+=("$name")
        mkdir -p "$work/text"
        printf '%b' "$piece" >"$work/piece"
        # Doubled until it is long enough.
        while (($(stat -c %s "$work/piece") < bytes)); do
            cat "$work/piece" "$work/piece" >"$work/twice"
            mv "$work/twice" "$work/piece"
        done
        head -c "$bytes" "$work/piece" >"$work/text/text.txt"
        scan "$name" "$work/text"
    done <benches/hostile.txt
done

echo "$bytes bytes each, best of $rounds, $(machine)"
printf '%-30s %9s %9s %9s\n' '' MB/s 'x mixed' 'peak MB'
rate() { # rate NAME BYTES
    awk -v cpu="${cpu[$1]}" -v none="${cpu[none]}" -v bytes="$2" 'BEGIN {
        worked = cpu - none
        print bytes / (worked > 0.01 ? worked : 0.01) / 1e6 }'
}
mixed=$(rate mixed "$(find "$work/mixed" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')")
printf '%-30s %9.1f %9s %9.0f\n' mixed "$mixed" '' "$((peak[mixed] / 1000))"
for name in "${names[@]}"; do
    awk -v name="$name" -v rate="$(rate "$name" "$bytes")" -v mixed="$mixed" -v kb="${peak[$name]}" 'BEGIN {
        printf "%-30s %9.1f %9.2f %9.0f\n", name, rate, rate / mixed, kb / 1000 }'
done | sort -t $'\t' -k1.31,1.40n
