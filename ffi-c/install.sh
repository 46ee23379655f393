#!/usr/bin/env bash
# Installs the C library from a release build. It installs the header, the static and the shared library, a pkg-config
# file and a CMake package. Packagers can set DESTDIR to install into another root folder. The paths inside the installed
# files do not contain DESTDIR. The script reads these variables: PREFIX (default /usr/local), DESTDIR (default empty),
# LIBDIR (default PREFIX/lib), LIBRARIES (the folder that contains the built libraries), and PRIVATE_LIBRARIES (the system
# libraries of a static link, by default the list that rustc reports).
set -euo pipefail
cd "$(dirname "$0")/.."

prefix=${PREFIX:-/usr/local}
libdir=${LIBDIR:-$prefix/lib}
libraries=${LIBRARIES:-target/release}
root=${DESTDIR:-}
version=$(sed -n 's/^version = "\([^"]*\)".*/\1/p' Cargo.toml | head -n 1)

die() {
    printf 'install: %s\n' "$*" >&2
    exit 1
}

for file in include/sealwire.h "$libraries/libsealwire.a" "$libraries/libsealwire.so"; do
    [ -f "$file" ] || die "$file is missing; build it with: cargo build --release -p sealwire-ffi"
done

# Programs load the shared library by this name, which changes only when the ABI changes.
soname=$(readelf -d "$libraries/libsealwire.so" | sed -n 's/.*Library soname: \[\(.*\)\]/\1/p')
[ -n "$soname" ] || die "$libraries/libsealwire.so has no SONAME; ffi-c/build.rs sets it"

# Prints the system libraries that a static link requires. rustc reports them for an empty crate. If there is no rustc, for
# example for root, the list for glibc is used. libgcc_s is omitted, because it exists only as a shared library, and a fully
# static link would fail.
private_libraries() {
    local probe listed
    probe=$(mktemp)
    listed=$(rustc --crate-type staticlib --crate-name probe --print native-static-libs -o "$probe" - </dev/null 2>&1 |
        sed -n 's/.*native-static-libs: //p' | tail -n 1) || true
    rm -f "$probe"
    printf '%s' "${listed:--lutil -lrt -lpthread -lm -ldl -lc}" | sed 's/-lgcc_s *//'
}

private=${PRIVATE_LIBRARIES:-$(private_libraries)}

fill_in() { # fill_in TEMPLATE TARGET
    sed -e "s|@PREFIX@|$prefix|g" -e "s|@LIBDIR@|${libdir/#"$prefix/"/\\$\{prefix\}/}|g" -e "s|@VERSION@|$version|g" \
        -e "s|@SONAME@|$soname|g" -e "s|@PRIVATE_LIBRARIES@|$private|g" "$1" >"$2"
}

install -d "$root$prefix/include" "$root$libdir/pkgconfig" "$root$libdir/cmake/sealwire"
install -m 644 include/sealwire.h "$root$prefix/include/"
install -m 644 "$libraries/libsealwire.a" "$root$libdir/"
install -m 755 "$libraries/libsealwire.so" "$root$libdir/libsealwire.so.$version"
ln -sf "libsealwire.so.$version" "$root$libdir/$soname"
ln -sf "$soname" "$root$libdir/libsealwire.so"
fill_in ffi-c/packaging/sealwire.pc.in "$root$libdir/pkgconfig/sealwire.pc"
fill_in ffi-c/packaging/sealwire-config.cmake.in "$root$libdir/cmake/sealwire/sealwire-config.cmake"
fill_in ffi-c/packaging/sealwire-config-version.cmake.in "$root$libdir/cmake/sealwire/sealwire-config-version.cmake"
