#!/usr/bin/env bash
# Tests the C library. The steps test the header, symbols, layout, installation, linking, vectors, memory safety and threads.
# Usage: ffi-c/tests/run.sh [STEP...]
# Without arguments, all steps run. Each function step_NAME below defines a step.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=${CARGO_TARGET_DIR:-$PWD/target}
out=$target/test-c
prefix=$out/prefix
flags=(-D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror -pedantic -O1 -g)
host=$(rustc -vV | sed -n 's/^host: //p')
system_libraries=(-lgcc_s -lutil -lrt -lpthread -lm -ldl -lc)
# The examples. After the colon is the pkg-config name of another library that the example requires.
examples=(sign_and_verify no_heap token_issuer curl_client:libcurl microhttpd_server:libmicrohttpd)
abi_tests=(arguments conventions forks key_files lifetimes metrics modes reload_threads requests responses static_memory threads)

die() {
    printf 'test-c: %s\n' "$*" >&2
    exit 1
}

compilers() { # Prints the installed C compilers.
    for compiler in gcc clang; do
        if command -v "$compiler" >/dev/null; then echo "$compiler"; fi
    done
}

# Compiles a program with the installed library, as a user does.
# Usage: consumer COMPILER static|shared SOURCE OUTPUT [LIBRARY]
consumer() {
    local libraries
    export PKG_CONFIG_PATH=$prefix/lib/pkgconfig
    if [ "$2" = static ]; then
        # With -lsealwire, the linker would use the shared library. The file name selects the static library.
        libraries=$(pkg-config --static --libs sealwire | sed 's/-lsealwire/-l:libsealwire.a/')
    else
        libraries=$(pkg-config --libs sealwire)
    fi
    # shellcheck disable=SC2046,SC2086 # word splitting is required for flags
    "$1" -std=c11 "${flags[@]}" $(pkg-config --cflags sealwire ${5:-}) "$3" -o "$4" ${5:+$(pkg-config --libs $5)} $libraries
}

step_build() { cargo build --release --quiet -p sealwire-ffi; }

step_header() { # The committed header is current and compiles with each compiler and standard.
    cargo test --quiet -p sealwire-ffi --test header >/dev/null || die "include/sealwire.h is not current; see cargo test -p sealwire-ffi --test header"
    for compiler in $(compilers); do
        for standard in c99 c11 c17; do
            "$compiler" -std=$standard "${flags[@]}" -Iinclude -fsyntax-only ffi-c/examples/sign_and_verify.c
            echo '#include <sealwire.h>' | "$compiler" -std=$standard -Wall -Wextra -Wc++-compat -Werror -Iinclude -fsyntax-only -xc -
        done
        "${compiler/gcc/g}++" -std=c++17 "${flags[@]}" -Iinclude -fsyntax-only tests/abi/cplusplus.cpp
    done
}

step_symbols() { # The library exports the committed symbols, the header declares them, and the SONAME contains the ABI version.
    local library=$target/release/libsealwire.so
    nm -D --defined-only "$library" | awk '{ print $3 }' | LC_ALL=C sort | diff -u tests/abi/symbols.txt -
    grep -oE '\bsealwire_[a-z0-9_]+\(' include/sealwire.h | tr -d '(' | grep -v '^sealwire_text_of$' | LC_ALL=C sort -u |
        diff -u tests/abi/symbols.txt -
    local abi
    abi=$(sed -n 's/^#define SEALWIRE_ABI_VERSION //p' include/sealwire.h)
    readelf -d "$library" | grep -q "soname: \[libsealwire.so.$abi\]" || die "the SONAME is not libsealwire.so.$abi"
}

step_layout() { # The sizes and offsets of the structures have not changed.
    gcc -std=c11 "${flags[@]}" -Iinclude tests/abi/layout.c -o "$out/layout"
    "$out/layout" | diff -u tests/abi/layout.txt - || die "a structure changed: increase ABI_VERSION in ffi-c/build.rs, or undo the change"
}

step_install() {
    rm -rf "$prefix"
    PREFIX=$prefix LIBRARIES=$target/release ffi-c/install.sh
}

step_consumers() { # The examples build with pkg-config, with each compiler, statically and dynamically.
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
    readelf -d "$out/gcc-shared/no_heap" | grep -q 'NEEDED.*libsealwire.so' || die "the shared example does not load libsealwire.so"
    ! readelf -d "$out/gcc-static/no_heap" | grep -q 'NEEDED.*libsealwire.so' || die "the static example loads libsealwire.so"
}

step_cmake() { # The examples and a C++ program build with CMake's find_package, statically and dynamically.
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

# Runs the examples in a folder. The client example sends requests to the server example.
run_examples() {
    local token
    [ "$("$1/sign_and_verify" | grep -cE '^(accepted|rejected)')" = 3 ] || die "sign_and_verify does not print three results"
    "$1/no_heap" >/dev/null
    token=$(SEALWIRE_ISSUER_SECRET=a-secret-of-more-than-32-bytes-for-tests "$1/token_issuer" \
        11111111-2222-4333-8444-555555555555 admin)
    [[ $token == *"reads admin"* ]] || die "token_issuer does not accept its own token"
    ffi-c/tests/server.sh "$1/microhttpd_server" "$1/curl_client"
}

step_abi() { # Runs the tests in tests/abi, and again under Valgrind, which also detects overflows in Rust code.
    for name in "${abi_tests[@]}"; do
        consumer gcc static "tests/abi/$name.c" "$out/$name"
        "$out/$name"
        # After a fork, the child process cannot free the memory of other threads of the parent. Valgrind reports this memory as a leak.
        [ "$name" != forks ] || continue
        valgrind --quiet --error-exitcode=9 --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect \
            "$out/$name" >/dev/null
    done
}

step_stack() { # Signing and verifying without a heap use no more stack than documented.
    consumer gcc static tests/abi/stack.c "$out/stack"
    "$out/stack"
}

step_allocations() { # Signing and verifying do not allocate. The example without a heap allocates nothing at all.
    local wrapped=-Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=posix_memalign
    gcc -std=c11 "${flags[@]}" -Iinclude tests/abi/allocations.c "$target/release/libsealwire.a" $wrapped \
        "${system_libraries[@]}" -o "$out/allocations"
    "$out/allocations"
    valgrind --error-exitcode=9 "$out/gcc-static/no_heap" 2>&1 | grep -q 'total heap usage: 0 allocs' || die "no_heap allocated"
}

step_vectors() { # All vectors pass in C. Most of them also run under Valgrind.
    CARGO_TARGET_DIR=$target sh tests/conformance/c/build.sh
    python3 tests/conformance/run.py --only c
    # The vectors of explanations are skipped here, because they take minutes under Valgrind. step_address_sanitizer runs them.
    find tests/vectors -maxdepth 1 -name '*.json' ! -name explain.json -exec \
        valgrind --quiet --error-exitcode=9 --leak-check=full "$target/conformance-c/runner" {} + >/dev/null
}

# Builds the library with a sanitizer in its Rust code.
# Usage: sanitized NAME RUSTFLAGS [CARGO ARGUMENT...]
# The flags are unstable, so RUSTC_BOOTSTRAP is set. Releases are not built with it.
sanitized() {
    local name=$1 rustflags=$2
    shift 2
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=$rustflags cargo rustc --quiet -p sealwire-ffi --lib --crate-type staticlib \
        --target "$host" --target-dir "$target/$name" --config 'profile.dev.opt-level=1' "$@"
    library=$target/$name/$host/debug/libsealwire.a
}

step_address_sanitizer() { # Runs tests and vectors with AddressSanitizer in C and Rust, and with UndefinedBehaviorSanitizer in C.
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
    "$target/conformance-c/runner" tests/vectors/*.json >"$out/results"
    # The runner does not free its vectors before it exits.
    ASAN_OPTIONS=detect_leaks=0 "$out/runner-asan" tests/vectors/*.json | diff -q - "$out/results" >/dev/null ||
        die "the results of the vectors differ under the sanitizers"
}

step_thread_sanitizer() { # Uses the ThreadSanitizer runtime of rustc, because the runtime of gcc in Debian 12 is too old for the Rust code.
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
