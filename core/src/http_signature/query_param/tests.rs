//! Tests which query parameters are found, and how many bytes are decoded to find them.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use crate::bytes::sink::Sink;
use crate::http_signature::base::{Message, write_base};
use crate::http_signature::covered::CoveredComponents;
use crate::http_signature::problem::Problem;
use crate::structured_fields::dictionary::Dictionary;
use crate::structured_fields::inner_list::Member;
use crate::wire::request::Request;
use std::cell::Cell;
use std::string::{String, ToString};
use std::vec::Vec;
use std::{format, thread_local};

thread_local!(static DECODED: Cell<usize> = const { Cell::new(0) });

pub(super) fn count_decoded(bytes: usize) {
    DECODED.set(DECODED.get() + bytes);
}

struct Bytes(Vec<u8>);

impl Sink for Bytes {
    fn put(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }
}

/// Returns the signature base that covers these parameters, and the number of decoded query bytes.
fn base(names: &[String], query: &str) -> (Result<String, Problem>, usize) {
    let listed: Vec<_> = names.iter().map(|name| format!("\"@query-param\";name=\"{name}\"")).collect();
    let member = format!("sig=({})", listed.join(" "));
    let dictionary = Dictionary::parse(core::iter::once(member.as_bytes())).unwrap();
    let Some(Member::InnerList(list)) = dictionary.get("sig") else { panic!("{member}") };
    let covered = CoveredComponents::parse(list).unwrap();
    let target = format!("/?{query}");
    let request = Request {
        method: b"GET",
        target: target.as_bytes(),
        authority: b"a.test",
        scheme: b"https",
        headers: &[],
    };
    DECODED.set(0);
    let mut written = Bytes(Vec::new());
    let result = write_base(&mut written, &covered, &Message::Request(&request));
    let text = result.map(|()| String::from_utf8(written.0).unwrap()).map_err(|error| error.problem);
    (text, DECODED.get())
}

#[test]
fn a_query_is_decoded_at_most_once_for_any_number_of_covered_parameters() {
    let names: Vec<_> = (0..28).map(|at| format!("{}{at:02}", "n".repeat(60))).collect();
    let own = names.iter().map(|name| format!("{name}=v")).collect::<Vec<_>>().join("&");
    let fillers = ["a&", "%61%62=%63&", "%C3%A9&", &format!("{}x=1&", "n".repeat(60))].map(str::to_string);
    for filler in fillers {
        let query = format!("{}{own}", filler.repeat(40));
        let (result, decoded) = base(&names, &query);
        assert!(result.is_ok(), "{filler}: {result:?}");
        assert!(decoded <= query.len(), "{filler}: {decoded} of {}", query.len());
        let (result, decoded) = base(&names, &filler.repeat(40));
        assert_eq!(result, Err(Problem::Absent), "{filler}");
        assert!(decoded <= query.len(), "{filler}: {decoded} of {}", query.len());
        let (result, decoded) = base(&names, &filler.repeat(60_000 / filler.len()));
        assert_eq!(result, Err(Problem::TooLarge), "{filler}");
        assert!(decoded <= 60_000, "{filler}: {decoded}");
    }
}

#[test]
fn names_with_a_common_prefix_are_distinguished() {
    let names = ["b", "a", "ab", "abc", "%20", "aa", "~"].map(|name| name.replace('~', "%7E"));
    let query = "abc=1&ab=2&a=3&aa=4&b=5&+=6&%7e=7&abcd=8&=9&c=10";
    let (text, _) = base(&names, query);
    let text = text.unwrap();
    for (name, value) in names.iter().zip(["5", "3", "2", "1", "6", "4", "7"]) {
        assert!(text.contains(&format!("name=\"{name}\": {value}\n")), "{name} in {text}");
    }
    let (twice, _) = base(&names, &format!("{query}&aa=4&aa=5"));
    assert_eq!(twice, Err(Problem::Ambiguous));
    assert_eq!(base(&["abcd".to_string()], "abc=1&abcde=2").0, Err(Problem::Absent));
}
