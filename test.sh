#!/usr/bin/env bash
# Everything that the tests need, and the tests of the whole workspace. Needs Rust and Python 3; installs the rest.
#   ./test.sh            all tests
#   ./test.sh NAME       those whose name contains NAME
set -euo pipefail
cd "$(dirname "$0")"

install() {
    local sudo=()
    [ "$(id -u)" = 0 ] || sudo=(sudo)
    echo "installing: $*" >&2
    "${sudo[@]}" apt-get update -qq && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

# zstd is built from its C source.
command -v cc >/dev/null || install gcc libc6-dev
command -v python3 >/dev/null || install python3 python3-venv
command -v setpriv >/dev/null || install util-linux

# The inventory is read by the real DuckDB.
venv=target/venv
duckdb=2.0.0
if ! "$venv/bin/python" -c "import duckdb; assert duckdb.__version__ == '$duckdb'" 2>/dev/null; then
    rm -rf "$venv"
    python3 -m venv "$venv" 2>/dev/null || { rm -rf "$venv"; install python3-venv; python3 -m venv "$venv"; }
    "$venv/bin/pip" install --quiet --disable-pip-version-check "duckdb==$duckdb"
fi
export DOMESDAY_TEST_PYTHON="$PWD/$venv/bin/python"

cargo test --workspace --no-fail-fast -- "$@"
