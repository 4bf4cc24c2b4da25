#!/usr/bin/env bash
# What columns cost: CSV, NDJSON and SQL dumps scanned as tables, beside the same bytes scanned as plain text, DuckDB's
# reading of every column, ripgrep with 10 patterns and plain reading. All on one thread; prints the best of several
# rounds, as rates and ratios. Seconds are those that the processor worked, starting included: what the machine does
# besides disturbs them least.
#
#   benches/tables.sh [SIZE] [ROUNDS]       default 1GB, a third of it each, and 5
#
# "Text" is the same files by a name that makes them Markdown, which is read as lines whatever it looks like. Of DuckDB,
# only the queries count, not the start of Python; it has no reader for SQL dumps.
set -euo pipefail
cd "$(dirname "$0")/.."

size=${1:-1GB} rounds=${2:-5} seed=${SEED:-7}
corpus=${TMPDIR:-/tmp}/domesday-corpus-tables-$size-$seed
bin=${CARGO_TARGET_DIR:-target}/release
python=${DOMESDAY_TEST_PYTHON:-target/venv/bin/python}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
. benches/measure.sh
install rg ripgrep
install /usr/bin/time time
"$python" -c 'import duckdb' 2>/dev/null || { echo "DuckDB is needed: ./test.sh installs it" >&2; exit 3; }

cargo build --release --quiet -p domesday -p domesday-benches
if [[ ! -e $corpus.complete ]]; then
    rm -rf "$corpus" "$corpus-text"
    "$bin/corpus" "$corpus" --size "$size" --seed "$seed" --mix tables >&2
    # Links, so that both are the same bytes in memory.
    cp -rl "$corpus" "$corpus-text"
    find "$corpus-text" -type f -exec sh -c 'for file; do mv "$file" "${file%.*}.md"; done' sh {} +
    touch "$corpus.complete"
fi

cat >"$work/read.py" <<'END'
import collections, glob, sys, time
import duckdb

kind, root, seconds = sys.argv[1:]
db = duckdb.connect(config={"threads": 1})
groups = collections.defaultdict(list)
for path in sorted(glob.glob(root + "/**/*.*", recursive=True)):
    with open(path) as file:
        groups[file.readline() if kind == "tables" else ""].append(path)
reader = {
    "tables": "read_csv($files)",
    # What lies deeper stays JSON: the keys in it differ from line to line, and would make thousands of columns.
    "events": "read_json($files, format = 'newline_delimited', union_by_name = true, maximum_depth = 1)",
}[kind]
began = time.process_time()
rows = 0
for files in groups.values():
    # Counting a column's values reads it; the least of the counts is of no interest.
    counts = db.execute(f"SELECT count(*), count(COLUMNS(*)) FROM {reader}", {"files": files}).fetchone()
    rows += counts[0]
with open(seconds, "w") as file:
    print(time.process_time() - began, file=file)
print(rows, "rows")
END

export DOMESDAY_KEY_FILE=$work/key
"$bin/domesday" key init >/dev/null

scan() { # scan FOLDER
    rm -rf "$work/inventory"
    "$bin/domesday" scan "$1" --inventory "$work/inventory" --threads 1 --format none
}
export -f scan
export bin work

read_tables() { # read_tables KIND
    local before=${cpu[$1 duckdb]:-1e9}
    measure "$1 duckdb" bash -c '"$@" || exit 3' duckdb "$python" "$work/read.py" "$1" "$corpus/$1" "$work/seconds"
    cpu[$1 duckdb]=$(awk -v a="$before" '{ print ($1 < a) ? $1 : a }' "$work/seconds")
}

kinds=(tables events dumps)
declare -A bytes titles=([tables]=CSV [events]=NDJSON [dumps]='SQL dumps')
for ((round = 1; round <= rounds; round++)); do
    echo "round $round of $rounds" >&2
    for kind in "${kinds[@]}"; do
        measure "$kind reading" "$bin/reader" "$corpus/$kind"
        bytes[$kind]=$(sed -E 's/.* files, ([0-9]+) bytes.*/\1/' "$work/out")
        measure "$kind ripgrep" "${ripgrep[@]}" "$corpus/$kind"
        [[ $kind == dumps ]] || read_tables "$kind"
        measure "$kind text" bash -c 'scan "$1"' scan "$corpus-text/$kind"
        measure "$kind columns" bash -c 'scan "$1"' scan "$corpus/$kind"
    done
done

echo "tables $size seed $seed, one thread, best of $rounds, $(machine)"
for kind in "${kinds[@]}"; do
    printf '\n%-12s %9s %9s %9s %9s %9s %9s\n' "${titles[$kind]}" seconds GB/s 'x text' 'x duckdb' 'x ripgrep' 'peak MB'
    for name in reading ripgrep duckdb text columns; do
        [[ -n ${cpu[$kind $name]:-} ]] || continue
        awk -v name="$name" -v s="${cpu[$kind $name]}" -v kb="${peak[$kind $name]}" -v bytes="${bytes[$kind]}" \
            -v text="${cpu[$kind text]}" -v duckdb="${cpu[$kind duckdb]:-0}" -v ripgrep="${cpu[$kind ripgrep]}" '
            function ratio(other) { return other > 0 && s > 0 ? sprintf("%.2f", other / s) : "-" }
            BEGIN {
                rate = s > 0 ? sprintf("%.3f", bytes / s / 1e9) : "-"
                printf "%-12s %9.2f %9s %9s %9s %9s %9.0f\n", name, s, rate, ratio(text), ratio(duckdb), ratio(ripgrep), kb / 1000
            }'
    done
done
