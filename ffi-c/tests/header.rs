//! Checks that `include/sealwire.h` matches its source. If the variable `SEALWIRE_WRITE_HEADER` is set, the test writes the
//! header.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::path::{Path, PathBuf};

#[test]
fn all_prototypes_document_thread_safety() {
    let header = generate();
    for (comment, declaration) in header.split("/**").skip(1).filter_map(|part| part.split_once("*/")) {
        if declaration.contains(");") && !declaration.contains("static inline") {
            assert!(
                comment.contains("thread") || comment.contains("Thread"),
                "no thread safety documented: {declaration}"
            );
        }
    }
}

#[test]
fn no_comment_contains_a_rustdoc_link() {
    assert_eq!(generate().lines().find(|line| line.contains("](") || line.contains("[`")), None);
}

#[test]
fn the_header_matches_the_source() {
    let path = root().join("include/sealwire.h");
    let generated = generate();
    if std::env::var_os("SEALWIRE_WRITE_HEADER").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &generated).unwrap();
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    if let Some((line, was, is)) = first_difference(&committed, &generated) {
        panic!(
            "include/sealwire.h does not match the source; write it with \
             SEALWIRE_WRITE_HEADER=1 cargo test -p sealwire-ffi --test header\n\
             line {line}, committed: {was}\nline {line}, generated: {is}"
        );
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().into()
}

/// The modules, in the order in which they appear in the header. Important modules come first.
const MODULES: [&str; 32] = [
    "version",
    "status",
    "text",
    "error",
    "clock",
    "memory",
    "request",
    "url",
    "key_version",
    "key_ring_builder",
    "key_ring",
    "secret_reference",
    "key_file",
    "signing",
    "signer_builder",
    "signer",
    "replay_table",
    "identity",
    "rejection",
    "modes",
    "mode_file",
    "verifier_builder",
    "verifier",
    "pending",
    "metrics",
    "response_headers",
    "response",
    "connection_string",
    "key_set",
    "static_keys",
    "static_signer",
    "explanation",
];

fn generate() -> String {
    let source = Path::new(env!("CARGO_MANIFEST_DIR"));
    let config = cbindgen::Config::from_file(source.join("cbindgen.toml")).unwrap();
    let mut builder = cbindgen::Builder::new()
        .with_config(config)
        .with_header(PREAMBLE)
        .with_after_include(macros())
        .with_src(root().join("core/src/wire/reason.rs"))
        .with_src(root().join("core/src/wire/scheme.rs"));
    for module in MODULES.iter().chain(&["static_verifier"]) {
        builder = builder.with_src(source.join(format!("src/{module}.rs")));
    }
    let mut header = Vec::new();
    builder.generate().unwrap().write(&mut header);
    finished(&String::from_utf8(header).unwrap())
}

/// Inserts the inline functions, which use the types, and removes text that is intended only for rustdoc.
fn finished(header: &str) -> String {
    // Removes the constants `ALL`, because C cannot use them and cbindgen has no option to omit them.
    let constant = |block: &&str| !block.contains("_ALL {");
    let header = header.split("\n\n").filter(constant).collect::<Vec<_>>().join("\n\n");
    let (guarded, end) = header.rsplit_once("#endif").unwrap();
    let link = "[`connection_string`](crate::connection_string)";
    let header = format!("{guarded}{INLINE}\n\n#endif{end}").replace(link, "`sealwire_connection_string`");
    untagged(&header)
}

const SIZED_ENUM: &str = "#if defined(__cplusplus) || __STDC_VERSION__ >= 202311L\n";
const SIZED_ENUM_END: &str = "\n#endif // defined(__cplusplus) || __STDC_VERSION__ >= 202311L\n {";

/// Makes enumerations anonymous for C before C23. In these versions, an enumeration has no fixed size, so
/// its name is a typedef of an integer. The warning `-Wc++-compat` forbids the same name for a tag and a
/// different type.
fn untagged(header: &str) -> String {
    let parts: Vec<&str> = header.split(SIZED_ENUM_END).collect();
    let (last, sized) = parts.split_last().unwrap();
    let mut out = String::new();
    for part in sized {
        let (before, size) = part.rsplit_once(SIZED_ENUM).unwrap();
        let (before, tag) = before.trim_end().rsplit_once('\n').unwrap();
        let size = size.trim();
        out += &format!("{before}\n{SIZED_ENUM}{tag} {size} {{\n#else\nenum {{\n#endif");
    }
    out + last
}

const PREAMBLE: &str = "\
/* Sealwire: signs and verifies service-to-service requests with HMAC.
 *
 * ffi-c/tests/header.rs generates this file from ffi-c/src. Do not edit it. ffi-c/README.md documents the conventions for status
 * codes, ownership and NULL. The comment of each function documents its thread safety. */";

/// Returns the macros, which cbindgen cannot generate.
fn macros() -> String {
    let version = env!("CARGO_PKG_VERSION");
    let [major, minor, patch] =
        [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")];
    let abi = env!("SEALWIRE_ABI_VERSION");
    format!(
        r#"
#define SEALWIRE_VERSION "{version}"
#define SEALWIRE_VERSION_MAJOR {major}
#define SEALWIRE_VERSION_MINOR {minor}
#define SEALWIRE_VERSION_PATCH {patch}
/** The ABI version. It increases when a symbol is removed, or when a structure or the meaning of a function changes. */
#define SEALWIRE_ABI_VERSION {abi}

/* A program that ignores a status would accept requests that it must reject. */
#if defined(__GNUC__) || defined(__clang__)
#define SEALWIRE_MUST_USE __attribute__((warn_unused_result))
#else
#define SEALWIRE_MUST_USE
#endif

/** The size of a buffer for the parts of a URL of this length, in bytes. */
#define SEALWIRE_URL_SIZE(length) (6 * (length) + 144)

/** The size of a key set with this number of versions, in bytes. It can be the size of a static array. */
#define SEALWIRE_KEY_SET_SIZE(versions) (SEALWIRE_KEY_SET_BASE_SIZE + (versions) * SEALWIRE_KEY_SIZE)"#
    )
}

const INLINE: &str = "\
/** Returns the text of a C string without its NUL, or empty text for NULL. The text is valid as long as the string exists. */
static inline sealwire_text sealwire_text_of(const char *string) {
    sealwire_text text;
    text.data = string;
    text.length = string == NULL ? 0 : strlen(string);
    return text;
}";

/// Returns the number of the first line that differs, and this line in both texts. Line numbers start at 1.
fn first_difference<'a>(one: &'a str, other: &'a str) -> Option<(usize, &'a str, &'a str)> {
    let longest = one.lines().count().max(other.lines().count());
    let padded = |text: &'a str| text.lines().chain(std::iter::repeat("(nothing)")).take(longest);
    let mut lines = padded(one).zip(padded(other)).enumerate();
    lines.find(|(_, (was, is))| was != is).map(|(at, (was, is))| (at + 1, was, is))
}
