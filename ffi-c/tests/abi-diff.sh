#!/usr/bin/env bash
# Compares the ABI with the ABI of an earlier release. Fails if a symbol was removed or a type changed, unless ABI_VERSION was
# increased.
# Usage: ffi-c/tests/abi-diff.sh [REVISION]
# The default of REVISION is the last tag. If there is no tag, the script does nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-$PWD/target}

revision=${1:-$(git describe --tags --abbrev=0 2>/dev/null || true)}
if [ -z "$revision" ]; then
    echo 'abi-diff: there is no release to compare with'
    exit 0
fi
command -v abidiff >/dev/null || {
    echo 'abi-diff: abidiff is missing; install Debian'"'"'s abigail-tools' >&2
    exit 1
}

# Builds with debug information, because abidiff reads the types from it. Release builds contain none.
build() { # build TREE TARGET
    (cd "$1" && CARGO_PROFILE_RELEASE_STRIP=none CARGO_PROFILE_RELEASE_DEBUG=2 CARGO_PROFILE_RELEASE_LTO=off \
        cargo build --release --quiet -p sealwire-ffi --target-dir "$2")
}

abi_version() { sed -n 's/^const ABI_VERSION: u32 = \([0-9]*\);/\1/p' "$1/ffi-c/build.rs"; }

old=$(mktemp -d)
trap 'git worktree remove --force "$old"' EXIT
git worktree add --quiet --detach "$old" "$revision"
if [ "$(abi_version "$old")" != "$(abi_version .)" ]; then
    echo "abi-diff: the ABI version was increased after $revision"
    exit 0
fi
build "$old" "$target/abi-old"
build . "$target/abi-new"
# Added symbols are allowed. The exit code of abidiff is a bit mask, where 4 means a change and 8 an incompatible change.
status=0
abidiff --no-added-syms \
    "$target/abi-old/release/libsealwire.so" "$target/abi-new/release/libsealwire.so" || status=$?
[ $((status & ~4)) -eq 0 ] && [ $((status & 8)) -eq 0 ] || exit "$status"
echo "abi-diff: compatible with $revision"
