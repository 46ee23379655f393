#!/usr/bin/env bash
# Everything that is tried of the C library: header, symbols, layout, installation, consumers, vectors, memory and threads.
# Usage: ffi-c/tests/run.sh [STEP...]   Without steps, all of them; their names are the functions below that begin with step_.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=${CARGO_TARGET_DIR:-$PWD/target}
out=$target/test-c
prefix=$out/prefix
flags=(-D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -pedantic -O1 -g)
host=$(rustc -vV | sed -n 's/^host: //p')
system_libraries=(-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc)
# Examples and the libraries they need beside ours.
examples=(sign_and_verify no_heap token_issuer curl_client:libcurl microhttpd_server:libmicrohttpd)
abi_tests=(arguments conventions forks key_files lifetimes metrics modes reload_threads requests responses static_memory threads)

die() {
    printf 'test-c: %s\n' "$*" >&2
    exit 1
}

compilers() { # The C compilers at hand.
    for compiler in gcc clang; do
        if command -v "$compiler" >/dev/null; then echo "$compiler"; fi
    done
}

# consumer COMPILER static|shared SOURCE OUTPUT [LIBRARY]: builds as a user would, from what is installed.
consumer() {
    local libraries
    export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
    if [ "$2" = static ]; then
        # Both libraries are installed, and the linker prefers the shared one unless told the file.
        libraries=$(pkg-config --static --libs sealwire | sed 's/-lsealwire/-l:libsealwire.a/')
    else
        libraries=$(pkg-config --libs sealwire)
    fi
    # shellcheck disable=SC2046,SC2086 # flags, split on purpose
    "$1" -std=c11 "${flags[@]}" $(pkg-config --cflags sealwire ${5:-}) "$3" -o "$4" ${5:+$(pkg-config --libs $5)} $libraries
}

step_build() { cargo build --release --quiet -p sealwire-ffi; }

step_header() { # The committed header is what the source says, and compiles everywhere.
    cargo test --quiet -p sealwire-ffi --test header >/dev/null || die "include/sealwire.h drifted; see cargo test -p sealwire-ffi --test header"
    for compiler in $(compilers); do
        for standard in c99 c11 c17; do
            "$compiler" -std=$standard "${flags[@]}" -Iinclude -fsyntax-only ffi-c/examples/sign_and_verify.c
            echo '#include <sealwire.h>' | "$compiler" -std=$standard -Wall -Wextra -Wc++-compat -Werror -Iinclude -fsyntax-only -xc -
        done
        "${compiler/gcc/g}++" -std=c++17 "${flags[@]}" -Iinclude -fsyntax-only tests/abi/cplusplus.cpp
    done
}

step_symbols() { # The shared library exports the committed list, the header declares it, and the SONAME is the ABI's.
    local library=$target/release/libsealwire.so
    nm -D --defined-only "$library" | awk '{ print $3 }' | LC_ALL=C sort | diff -u tests/abi/symbols.txt -
    grep -oE '\bsealwire_[a-z0-9_]+\(' include/sealwire.h | tr -d '(' | grep -v '^sealwire_text_of$' | LC_ALL=C sort -u |
        diff -u tests/abi/symbols.txt -
    local abi
    abi=$(sed -n 's/^#define SEALWIRE_ABI_VERSION //p' include/sealwire.h)
    readelf -d "$library" | grep -q "soname: \[libsealwire.so.$abi\]" || die "the SONAME is not libsealwire.so.$abi"
}

step_layout() { # Sizes and offsets of the structures are the committed ones.
    gcc -std=c11 "${flags[@]}" -Iinclude tests/abi/layout.c -o "$out/layout"
    "$out/layout" | diff -u tests/abi/layout.txt - || die "a structure changed: raise ABI_VERSION in ffi-c/build.rs, or undo it"
}

step_install() {
    rm -rf "$prefix"
    PREFIX=$prefix LIBRARIES=$target/release ffi-c/install.sh
}

step_consumers() { # The examples, by pkg-config: both compilers, static and shared.
    for compiler in $(compilers); do
        for kind in static shared; do
            mkdir -p "$out/$compiler-$kind"
            for example in "${examples[@]}"; do
                local name=${example%%:*} library=${example#*:}
                [ "$library" != "$name" ] || library=
                consumer "$compiler" $kind "ffi-c/examples/$name.c" "$out/$compiler-$kind/$name" "$library"
            done
            LD_LIBRARY_PATH=$prefix/lib run_examples "$out/$compiler-$kind"
        done
    done
    readelf -d "$out/gcc-shared/no_heap" | grep -q 'NEEDED.*libsealwire.so' || die "the shared consumer is not shared"
    ! readelf -d "$out/gcc-static/no_heap" | grep -q 'NEEDED.*libsealwire.so' || die "the static consumer is not static"
}

step_cmake() { # The examples, by CMake's find_package, static and shared; and C++.
    local version
    version=$(sed -n 's/^#define SEALWIRE_VERSION "\(.*\)"/\1/p' include/sealwire.h)
    for kind in static sealwire; do
        cmake -S tests/abi/cmake -B "$out/cmake-$kind" -DCMAKE_PREFIX_PATH="$prefix" \
            -DSEALWIRE_WANTED="$version" -DSEALWIRE_TARGET="sealwire::$kind" >/dev/null
        cmake --build "$out/cmake-$kind" >/dev/null
        run_examples "$out/cmake-$kind"
        "$out/cmake-$kind/cplusplus" >/dev/null
    done
}

# Runs the built examples of a folder against each other.
run_examples() {
    local token
    [ "$("$1/sign_and_verify" | grep -cE '^(accepted|rejected)')" = 3 ] || die "sign_and_verify does not say three verdicts"
    "$1/no_heap" >/dev/null
    token=$(SEALWIRE_ISSUER_SECRET=a-secret-of-more-than-32-bytes-for-tests "$1/token_issuer" \
        11111111-2222-4333-8444-555555555555 admin)
    [[ $token == *"reads admin"* ]] || die "token_issuer does not read its token back"
    ffi-c/tests/server.sh "$1/microhttpd_server" "$1/curl_client"
}

step_abi() { # Arguments, lifetimes, threads; then again under Valgrind, which sees overflows made in Rust too.
    for name in "${abi_tests[@]}"; do
        consumer gcc static "tests/abi/$name.c" "$out/$name"
        "$out/$name"
        # A child of a program with threads has lost the memory of those threads, which Valgrind reports as leaks.
        [ "$name" != forks ] || continue
        valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect \
            "$out/$name" >/dev/null
    done
}

step_stack() { # What signing and verifying without a heap take of it is what is documented.
    consumer gcc static tests/abi/stack.c "$out/stack"
    "$out/stack"
}

step_allocations() { # The path of a request allocates nothing, and the program without a heap never does.
    local wrapped=-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=posix_memalign
    gcc -std=c11 "${flags[@]}" -Iinclude tests/abi/allocations.c "$target/release/libsealwire.a" $wrapped \
        "${system_libraries[@]}" -o "$out/allocations"
    "$out/allocations"
    valgrind --error-exitcode=9 "$out/gcc-static/no_heap" 2>&1 | grep -q 'total heap usage: 0 allocs' || die "no_heap allocated"
}

step_vectors() { # Every shared vector, from C, under Valgrind.
    CARGO_TARGET_DIR=$target sh tests/conformance/c/build.sh
    python3 tests/conformance/run.py --only c
    valgrind --quiet --error-exitcode=9 --leak-check=full "$target/conformance-c/runner" tests/vectors/*.json >/dev/null
}

# sanitized NAME RUSTFLAGS [CARGO ARGUMENT...]: the library with the sanitizer's checks in its Rust code too. RUSTC_BOOTSTRAP
# lets the stable compiler take the flag; nothing of this ships.
sanitized() {
    local name=$1 rustflags=$2
    shift 2
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=$rustflags cargo rustc --quiet -p sealwire-ffi --lib --crate-type staticlib \
        --target "$host" --target-dir "$target/$name" --config 'profile.dev.opt-level=1' "$@"
    library=$target/$name/$host/debug/libsealwire.a
}

step_address_sanitizer() { # AddressSanitizer in C and Rust, UndefinedBehaviorSanitizer in C; tests, panic and vectors.
    local library
    sanitized asan -Zsanitizer=address --features test-panic
    for name in "${abi_tests[@]}" panic; do
        gcc -std=c11 "${flags[@]}" -fsanitize=address,undefined -fno-sanitize-recover=all -Iinclude "tests/abi/$name.c" \
            "$library" "${system_libraries[@]}" -o "$out/$name-asan"
        "$out/$name-asan" 2>"$out/$name-asan.log" || { cat "$out/$name-asan.log" >&2 && die "$name failed under the sanitizers"; }
    done
    gcc -std=c11 "${flags[@]}" -fsanitize=address,undefined -fno-sanitize-recover=all -Iinclude tests/conformance/c/*.c \
        "$library" -lcjson "${system_libraries[@]}" -o "$out/runner-asan"
    [ -x "$target/conformance-c/runner" ] || CARGO_TARGET_DIR=$target sh tests/conformance/c/build.sh
    "$target/conformance-c/runner" tests/vectors/*.json >"$out/answers"
    # The runner keeps what it read of a case until the end; that is its own affair.
    ASAN_OPTIONS=detect_leaks=0 "$out/runner-asan" tests/vectors/*.json | diff -q - "$out/answers" >/dev/null ||
        die "the vectors' answers differ under the sanitizers"
}

step_thread_sanitizer() { # With rustc's runtime: gcc's of Debian 12 is older than the checks in the Rust code.
    local library runtime
    sanitized tsan '-Zsanitizer=thread -Cunsafe-allow-abi-mismatch=sanitizer'
    runtime=$(ls "$(rustc --print sysroot)/lib/rustlib/$host/lib/"librustc*_rt.tsan.a)
    for name in threads reload_threads; do
        gcc -std=c11 "${flags[@]}" -fsanitize=thread -Iinclude -c "tests/abi/$name.c" -o "$out/$name-tsan.o"
        gcc "$out/$name-tsan.o" "$library" -Wl,--whole-archive "$runtime" -Wl,--no-whole-archive -Wl,--export-dynamic \
            "${system_libraries[@]}" -o "$out/$name-tsan"
        TSAN_OPTIONS="halt_on_error=1 suppressions=tests/abi/thread-sanitizer.supp" "$out/$name-tsan"
    done
}

step_released_library_has_no_test_symbol() {
    ! nm "$target/release/libsealwire.a" 2>/dev/null | grep -q sealwire_test_ || die "a test symbol is in the released library"
}

step_previous_release() { ffi-c/tests/abi-diff.sh; }

all=(build header symbols layout install consumers cmake abi stack allocations vectors address_sanitizer thread_sanitizer
    released_library_has_no_test_symbol previous_release)

mkdir -p "$out"
for step in "${@:-${all[@]}}"; do
    started=$(date +%s%N)
    "step_$step"
    printf '    c: %s: ok, %d.%d s\n' "$step" $((($(date +%s%N) - started) / 1000000000)) $((($(date +%s%N) - started) / 100000000 % 10))
done
