//! Tests for the order of the hypotheses, and for their total size for hostile captures. The tests limit the
//! size and not the time, because run times differ between machines.

use sealwire_core::Scheme;
use sealwire_core::keys::KeyRing;
use sealwire_core::message::SIGNATURE_INPUT;

use super::{Case, Edit, What, all};
use crate::explain::Captured;

const MIB: usize = 1 << 20;
/// The maximum total size in bytes of the hypotheses for a capture of 1 MiB.
const MOST: usize = 96 * MIB;

fn captured(target: &str, headers: Vec<(String, String)>, body: &[u8]) -> Captured {
    Captured {
        method: "POST".to_owned(),
        target: target.to_owned(),
        scheme: None,
        headers,
        body: Some(body.to_vec()),
        has_all_headers: true,
        is_edited: false,
        arrived: None,
    }
}

fn edits(request: &Captured, scheme: Scheme, covered: &[String]) -> Vec<Edit> {
    let case = Case {
        request,
        scheme,
        service: "practices",
        ring: &KeyRing::default(),
        logged_path: None,
        prefix: None,
        hosts: &[],
        covered,
    };
    all(&case).into_iter().flat_map(|kind| kind.edits).collect()
}

fn bytes(edits: &[Edit]) -> usize {
    let size = |edit: &Edit| {
        let what = match &edit.what {
            What::Target(text) | What::Path(text) | What::Authority(text) => text.len(),
            What::Method(text) | What::Service(text) => text.len(),
            What::Query(text) => text.as_ref().map_or(0, String::len),
            What::Header(name, value) => name.len() + value.as_ref().map_or(0, String::len),
            What::Body(body) => body.len(),
            What::UrlScheme(_) => 0,
        };
        edit.change.sentence.len() + what
    };
    edits.iter().map(size).sum()
}

fn header(name: &str, value: String) -> (String, String) {
    (name.to_owned(), value)
}

#[test]
fn hypotheses_for_hostile_captures_are_limited() {
    let hosts: String = (0..MIB / 6).map(|at| format!("h{at:04},")).collect();
    let long = "p".repeat(MIB);
    let words: Vec<_> = (0..20_000).map(|at| header(&format!("x-{at}"), format!("w{at} a=b"))).collect();
    let nested = format!("{}{}1{}", "[".repeat(60), "{\"b\":1},".repeat(MIB / 8), "]".repeat(60));
    let small = format!("{}{}1{}", "[".repeat(60), "1,".repeat(30_000), "]".repeat(60));
    let form = "a=~&".repeat(MIB / 4);
    let short_form = "a=~&".repeat(16_000);
    let cases = [
        ("hosts", captured("/x", vec![header("x-forwarded-host", hosts.clone())], b"")),
        ("forwarded", captured("/x", vec![header("forwarded", hosts.replace('h', "host=h"))], b"")),
        ("long host", captured("/x", vec![header("host", long.clone())], b"")),
        ("prefix", captured(&"/a".repeat(2000), vec![header("x-forwarded-prefix", long.clone())], b"")),
        ("segments", captured(&"/a".repeat(8000), Vec::new(), b"")),
        ("long path", captured(&"/a".repeat(MIB / 2), Vec::new(), b"")),
        ("original target", captured("/x", vec![header("x-original-uri", long.clone())], b"")),
        ("query", captured(&format!("/x?{}", "a=~&".repeat(4000)), Vec::new(), b"")),
        ("signature input", captured("/x", vec![header(&SIGNATURE_INPUT.to_ascii_lowercase(), long)], b"")),
        ("words", captured("/x", words, b"")),
        ("large document", captured("/x", Vec::new(), nested.as_bytes())),
        ("nested document", captured("/x", Vec::new(), small.as_bytes())),
        ("form", captured("/x", Vec::new(), form.as_bytes())),
        ("short form", captured("/x", Vec::new(), short_form.as_bytes())),
    ];
    let covered: Vec<String> = (0..10_000).map(|at| format!("c{at}")).collect();
    for (name, request) in cases {
        for scheme in [Scheme::Pairwise, Scheme::Client, Scheme::Message] {
            let made = bytes(&edits(&request, scheme, &covered));
            assert!(made <= MOST, "{name} {scheme}: {made}");
        }
    }
}

/// Returns the index of the hypothesis that restores the signed target.
fn place(arrived: &str, signed: &str) -> Option<usize> {
    let request = captured(arrived, Vec::new(), b"");
    let restores = |edit: &Edit| {
        let mut restored = request.clone();
        edit.apply(&mut restored, &mut String::new());
        restored.target == signed
    };
    edits(&request, Scheme::Message, &[]).iter().position(restores)
}

#[test]
fn common_changes_of_a_path_come_first() {
    for (arrived, signed) in [
        ("/a/b/c/d/e", "/a/b/c/d/e/"),
        ("/a/b/c/d/e/", "/a/b/c/d/e"),
        ("/a/b/c/d", "/a/b//c/d"),
        ("/a/b/c/d", "/a/b/c%2Fd"),
        ("/a/b%2fc/d", "/a/b%2Fc/d"),
        ("/a/b/c/d", "/a/b/./c/d"),
    ] {
        assert!(place(arrived, signed).is_some_and(|at| at < 24), "{arrived} {signed}");
    }
    for (arrived, signed) in [("/v1/a/b", "/a/b"), ("/a/b", "/api/v1/a/b"), ("/v2/a", "/v1/a")] {
        assert!(place(arrived, signed).is_some_and(|at| at < 100), "{arrived} {signed}");
    }
}

#[test]
fn added_query_fields_are_removed_together() {
    for (arrived, signed) in [
        ("/x?a=1&utm_source=x&utm_medium=y", "/x?a=1"),
        ("/x?a=1&b=2&c=3&d=4&e=5&f=6", "/x?a=1"),
        ("/x?q=1&a=1&r=2&b=2", "/x?a=1&b=2"),
        ("/x?q=1&a=1&r=2&b=2&s=3", "/x?a=1&b=2"),
    ] {
        assert!(place(arrived, signed).is_some(), "{arrived} {signed}");
    }
}

#[test]
fn sentences_contain_no_values_of_query_fields() {
    let request = captured("/x?a=1&token=S2&SECRET", Vec::new(), b"");
    for edit in edits(&request, Scheme::Message, &[]) {
        let sentence = &edit.change.sentence;
        assert!(!sentence.contains("S2") && !sentence.contains("SECRET"), "{sentence}");
    }
}
