#!/usr/bin/env bash
# Checks the NEON engine under an emulator: compiles main.rs for 64-bit ARM and runs it. Takes compiler, libraries and
# emulator from Debian, and says so where it cannot have them.
set -euo pipefail
cd "$(dirname "$0")"

triple=aarch64-unknown-linux-gnu
packages=(rustc-web libstd-rust-web-dev:arm64 gcc-aarch64-linux-gnu libc6-dev-arm64-cross qemu-user-static)

have() {
    command -v /usr/bin/rustc aarch64-linux-gnu-gcc qemu-aarch64-static >/dev/null &&
        [ -n "$(ls -d /usr/lib/rustlib/$triple/lib 2>/dev/null)" ]
}

install() {
    [ "$(id -u)" = 0 ] || return 1
    dpkg --add-architecture arm64 && apt-get update -qq &&
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${packages[@]}" >/dev/null
}

have || install || {
    echo "NEON not checked: needs root and Debian's ${packages[*]}" >&2
    exit 0
}
program=$(mktemp)
trap 'rm -f "$program"' EXIT
/usr/bin/rustc --edition 2024 -O --target "$triple" -C linker=aarch64-linux-gnu-gcc main.rs -o "$program"
qemu-aarch64-static -L /usr/aarch64-linux-gnu "$program"
