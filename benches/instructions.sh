#!/usr/bin/env bash
# What the work takes in instructions, which other work on the machine does not change. Valgrind has no AVX-512, so the
# matcher runs on AVX2.
#
#   benches/instructions.sh matcher     each step of the matcher, and its growth with detectors and regular expressions
#   benches/instructions.sh scan [SIZE] a whole scan of each mix, by the part of the program; default 8MB
set -euo pipefail
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. benches/measure.sh
install valgrind valgrind
mixes=(all dense clean small)

# The program says what it counts; callgrind writes a file before each, and one at the end.
counted() { # counted PART TITLE
    valgrind --tool=callgrind --callgrind-out-file="$work/out" --toggle-collect=matcher::counted \
        --dump-before=matcher::counted "$bench" --once "$1" >"$work/told" 2>"$work/err" ||
        { tail -n 5 "$work/err" >&2; exit 3; }
    printf '%-18s' "$2"
    printf ' %8s' "${mixes[@]}"
    local i=0 name bytes file
    while read -r name bytes; do
        ((i % ${#mixes[@]})) || printf '\n%-18s' "$name"
        i=$((i + 1))
        file=$work/out.$((i + 1))
        [[ -e $file ]] || file=$work/out
        sed -n 's/^totals: //p' "$file" | awk -v bytes="$bytes" '{ printf " %8.1f", $1 / bytes }'
    done <"$work/told"
    printf '\n\n'
}

matcher() {
    bench=$(cargo bench --quiet --workspace --bench matcher --no-run --message-format json |
        sed -n 's/.*"executable":"\([^"]*matcher[^"]*\)".*/\1/p')
    echo 'instructions for each byte'
    counted steps 'up to this step'
    counted growth 'detectors/regexes'
}

# By function, where each one's own instructions go; what is inlined counts where it is.
parts() {
    awk '
        /^fn=/ {
            name = $0; sub(/^fn=\([0-9]+\) ?/, "", name)
            id = $0; sub(/^fn=/, "", id); sub(/\).*/, ")", id)
            if (name != "") names[id] = name
            of = id; next
        }
        /^cfn=/ {
            name = $0; sub(/^cfn=\([0-9]+\) ?/, "", name)
            id = $0; sub(/^cfn=/, "", id); sub(/\).*/, ")", id)
            if (name != "") names[id] = name
            next
        }
        /^calls=/ { called = 1; next }
        /^[0-9+*-]/ { if (called) called = 0; else own[of] += $2 }
        END {
            for (id in own) {
                part = "the rest"
                name = names[id]
                if (match(name, /domesday_[a-z]+::[a-z_0-9]+/)) {
                    part = substr(name, RSTART + 9, RLENGTH - 9)
                    if (part !~ /^classifiers/) sub(/::.*/, "", part)
                } else if (name ~ /parquet|arrow|[zZ][sS][tT][dD]|HUF_|FSE_/) part = "Parquet"
                else if (name ~ /mem(cpy|move|set|cmp|chr)/) part = "copying and comparing"
                else if (name ~ /malloc|free|realloc|calloc/) part = "memory"
                else if (name ~ /blake3/) part = "blake3"
                else if (name ~ /toml|winnow|serde/) part = "detector files"
                sum[part] += own[id]
            }
            for (part in sum) print sum[part], part
        }' "$1" | sort -rn
}

scan() {
    local bin=${CARGO_TARGET_DIR:-target}/release size=${1:-8MB}
    cargo build --release --quiet --workspace
    export DOMESDAY_KEY_FILE=$work/key
    "$bin/domesday" key init >/dev/null
    # To start costs the same for every corpus.
    mkdir "$work/empty"
    for mix in empty "${mixes[@]}"; do
        [[ $mix == empty ]] || "$bin/corpus" "$work/$mix" --size "$size" --mix "$mix" >&2
        rm -rf "$work/inventory"
        valgrind --tool=callgrind --callgrind-out-file="$work/$mix.out" "$bin/domesday" scan "$work/$mix" \
            --inventory "$work/inventory" --threads 1 --format none >"$work/told" 2>"$work/err" || (($? <= 2)) ||
            { tail -n 5 "$work/err" >&2; exit 3; }
        parts "$work/$mix.out" >"$work/$mix.parts"
        [[ $mix == empty ]] && continue
        bytes=$(find "$work/$mix" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
        awk -v bytes="$bytes" -v mix="$mix" '
            NR == FNR { count = $1; $1 = ""; start[$0] = count; next }
            {
                count = $1; $1 = ""
                each[$0] = (count - start[$0]) / bytes; sum += each[$0]
            }
            END {
                printf "\n%s, instructions for each byte beyond those of the start\n", mix
                printf "%8.1f  all\n", sum
                for (part in each) if (each[part] > sum / 200) printf "%8.1f %s\n", each[part], part | "sort -rn"
            }' "$work/empty.parts" "$work/$mix.parts"
    done
}

machine
case ${1:-} in
    matcher) matcher ;;
    scan) scan "${2:-}" ;;
    *) sed -n '5,6s/^# *//p' "$0" >&2; exit 3 ;;
esac
