#!/usr/bin/env bash
# Adds one bug of each kind to a copy of the repository, and tests that the tool for this kind reports it. Other tests check that
# the tools report no bug in the unchanged code.
# Usage: tests/hardening/planted.sh [FILE FOR THE RECORD]
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
record=$(realpath -m "${1:-/dev/stdout}")
python=$root/.venv/bin/python
export CARGO_TARGET_DIR=$copy/target

die() {
    printf 'planted: %s\n' "$*" >&2
    exit 1
}

# plant FILE OLD NEW: replaces OLD by NEW. Fails if the file does not contain OLD exactly once.
plant() {
    FILE=$copy/$1 OLD=$2 NEW=$3 "$python" - <<'PYTHON'
import os, pathlib
file, old, new = pathlib.Path(os.environ["FILE"]), os.environ["OLD"], os.environ["NEW"]
text = file.read_text()
assert text.count(old) == 1, f"{file}: {old!r} occurs {text.count(old)} times; change the bug"
file.write_text(text.replace(old, new))
PYTHON
}

# caught WHAT TOOL PATTERN COMMAND...: checks that the command fails and that its output matches the pattern.
caught() {
    local what=$1 tool=$2 pattern=$3 said
    shift 3
    if said=$("$@" 2>&1); then die "$what: $tool did not detect it"; fi
    said=$(grep -m 1 -E "$pattern" <<<"$said") || die "$what: $tool failed for another reason"
    said=$(sed -E 's/^==[0-9]+== *//; s/  +/ /g' <<<"$said" | cut -c1-110)
    # shellcheck disable=SC2016 # the backticks are part of the Markdown
    printf '| %s | %s | `%s` |\n' "$what" "$tool" "$said" >>"$copy/record"
    printf '    planted: %s: detected by %s\n' "$what" "$tool" >&2
}

c_program() { # c_program NAME: builds a program of tests/abi with the changed library
    cc -std=c11 -D_POSIX_C_SOURCE=200809L -g -I"$copy/include" "$copy/tests/abi/$1.c" "$CARGO_TARGET_DIR/debug/libsealwire.a" \
        -lgcc_s -lutil -lrt -lpthread -lm -ldl -lc -o "$copy/$1"
}
under_valgrind() {
    valgrind --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite "$@"
}

git -C "$root" archive HEAD | tar -x -C "$copy"
cd "$copy"

# Plant two memory errors in the C library: a write beyond the caller's buffer, and a handle that is not freed.
plant ffi-c/src/clock.rs 'out.write(&filled::<SEALWIRE_NONCE_SIZE>(nonce.as_str()))' \
    'out.write(&filled::<SEALWIRE_NONCE_SIZE>(nonce.as_str()))?; unsafe { *buffer.add(buffer_size) = 0 }; Ok(())'
plant ffi-c/src/key_ring.rs 'guard_free(|| unsafe { free(ring) });' 'let _ = (ring, || unsafe { free(ring) });'
cargo build --quiet -p sealwire-ffi 2>/dev/null || die "the changed C library does not build"
cat >tests/abi/nonce.c <<'C'
#include <sealwire.h>
#include <stdlib.h>
int main(void) {
    char *buffer = malloc(SEALWIRE_NONCE_SIZE);
    int status = sealwire_fresh_nonce(buffer, SEALWIRE_NONCE_SIZE);
    free(buffer);
    return status;
}
C
c_program nonce
c_program lifetimes
caught 'a byte written past a buffer' 'Valgrind' 'Invalid write of size 1' under_valgrind "$copy/nonce"
caught 'a key ring never freed' 'Valgrind' 'definitely lost' under_valgrind "$copy/lifetimes"

# Plant a MAC comparison that stops at the first difference.
plant core/src/mac/mod.rs \
    'words.fold(0, |sum, (a, b)| sum | (u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b))).ct_eq(&0)' \
    'Choice::from(u8::from(
        words.fold(0, |sum, (a, b)| sum | (u64::from_ne_bytes(*a) ^ u64::from_ne_bytes(*b))) < u64::MAX
            && one.iter().zip(other).all(|(a, b)| core::hint::black_box(*a) == *b)))'
cargo build --quiet --release --manifest-path tests/hardening/secrets/Cargo.toml 2>/dev/null || die "the changed core does not build"
caught 'a MAC compared byte by byte' 'constant_time.py' 'mac/mod.rs' "$python" tests/hardening/constant_time.py

# Plant a key that is not wiped.
plant Cargo.toml 'sha2 = { version = "0.11.1", default-features = false, features = ["zeroize"] }' \
    'sha2 = { version = "0.11.1", default-features = false }'
cargo build --quiet --release --manifest-path tests/hardening/secrets/Cargo.toml 2>/dev/null || die "the changed core does not build"
caught 'a key that is not wiped' 'wipe.py' 'left after' "$python" tests/hardening/wipe.py

# Plant a verifier that accepts old timestamps.
git -C "$root" archive HEAD core | tar -x -C "$copy"
plant core/src/policy/window.rs '(false, false) => Err(Reason::StaleTimestamp)' '(false, false) => Ok(())'
caught 'a timestamp that never goes stale' 'the vectors' 'stale' "$python" tests/conformance/run.py --only rust

# Plant a signature that does not cover the query.
git -C "$root" archive HEAD core | tar -x -C "$copy"
plant core/src/schemes/client.rs 'method: request.method, url: request.target' 'method: request.method, url: request.path()'
CARGO_TARGET_DIR=$copy/target/fuzz-smoke cargo build --quiet --release --manifest-path fuzz/Cargo.toml --bin smoke 2>/dev/null ||
    die "the changed core does not build"
caught 'a query that is not signed' 'the fuzzers' 'accepted, but not' env RUST_BACKTRACE=0 \
    "$copy/target/fuzz-smoke/release/smoke" 5 client

{
    printf '| bug | detected by | output |\n|---|---|---|\n'
    cat "$copy/record"
} >"$record"
