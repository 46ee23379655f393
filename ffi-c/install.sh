#!/usr/bin/env bash
# Installs the C library from a release build: header, static library, shared library under its SONAME with the usual
# links, a pkg-config file and a CMake package. Packagers set DESTDIR to stage the files. The paths in the installed files
# start with PREFIX, without DESTDIR.
# Variables: PREFIX (/usr/local), DESTDIR (empty), LIBDIR (PREFIX/lib), LIBRARIES (the folder of the built libraries),
# PRIVATE_LIBRARIES (the other libraries of a static link; those that rustc reports if empty).
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

# Programs load the library by this name. It changes only with the ABI.
soname=$(readelf -d "$libraries/libsealwire.so" | sed -n 's/.*Library soname: \[\(.*\)\]/\1/p')
[ -n "$soname" ] || die "$libraries/libsealwire.so has no SONAME; ffi-c/build.rs sets it"

# The system libraries of a static link. rustc reports them for an empty crate; without rustc, for example as root, the list for
# glibc is used. libgcc_s exists only as a shared library, so a fully static link would fail. The C compiler adds libgcc itself.
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
