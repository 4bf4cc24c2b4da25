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
command -v mandoc >/dev/null || install mandoc

# The inventory is read by the real DuckDB, SARIF logs are checked by the official schema.
venv=target/venv
packages=(duckdb==2.0.0 jsonschema==4.26.0)
if ! "$venv/bin/python" - "${packages[@]}" 2>/dev/null <<'END'; then
import sys
from importlib.metadata import version
assert all(version(name) == wanted for name, wanted in (package.split("==") for package in sys.argv[1:]))
END
    rm -rf "$venv"
    python3 -m venv "$venv" 2>/dev/null || { rm -rf "$venv"; install python3-venv; python3 -m venv "$venv"; }
    "$venv/bin/python" -m pip install --quiet --disable-pip-version-check "${packages[@]}"
fi
export DOMESDAY_TEST_PYTHON="$PWD/$venv/bin/python"

cargo test --workspace --no-fail-fast -- "$@"
