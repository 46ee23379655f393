//! What parsed values say of themselves: fields, components, tokens, tables.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::sync::atomic::AtomicU64;

use sealwire_core::connection_string::{
    ConnectionString, Draft, IssueError, MAX_TOKEN_BYTES, Permission, Role, Timestamp, Uuid,
};
use sealwire_core::http_signature::Component;
use sealwire_core::http_signature::Problem;
use sealwire_core::http_signature::base::{Message, write_base};
use sealwire_core::http_signature::covered::{CoveredComponents, MAX_MEMBER_BYTES};
use sealwire_core::keys::{Key, KeySet, Strength};
use sealwire_core::mac::HmacSha512;
use sealwire_core::replay::{Nonce, Outcome, ReplayStore, Table};
use sealwire_core::sink::SliceWriter;
use sealwire_core::structured_fields::{BareItem, Dictionary, Item, List, Member};
use sealwire_core::{Header, Request};

fn dictionary(text: &str) -> Dictionary<std::iter::Once<&[u8]>> {
    Dictionary::parse(std::iter::once(text.as_bytes())).unwrap()
}

fn item(text: &str) -> Result<Item<'_>, ()> {
    Item::parse(std::iter::once(text.as_bytes())).map_err(|_| ())
}

#[test]
fn a_dictionary_and_parameters_say_what_they_hold() {
    assert!(dictionary("").is_empty());
    assert!(!dictionary("a").is_empty());
    let Some(Member::InnerList(list)) = dictionary("a=(1 2);x=1;y=?0;x=2").get("a") else { panic!() };
    assert!(!list.parameters.is_empty());
    assert_eq!(list.parameters.get("x"), Some(BareItem::Integer(2)), "the last one of a name");
    assert_eq!(list.parameters.get("y"), Some(BareItem::Boolean(false)));
    assert_eq!(list.parameters.get("z"), None);
    assert_eq!(list.sent_length(), "(1 2);x=1;y=?0;x=2".len());
    let Some(Member::InnerList(bare)) = dictionary("a=()").get("a") else { panic!() };
    assert!(bare.parameters.is_empty());
    assert_eq!(bare.sent_length(), 2);
}

#[test]
fn strings_are_equal_when_their_text_is() {
    assert!(item("\"a\"").unwrap().value == item("\"a\"").unwrap().value);
    assert!(item("\"a\"").unwrap().value != item("\"b\"").unwrap().value);
    assert!(
        item("%\"a%c3%bc\"").unwrap().value == item("%\"%61%c3%bc\"").unwrap().value,
        "however it is written"
    );
    assert!(item("%\"a\"").unwrap().value != item("%\"b\"").unwrap().value);
}

#[test]
fn base64_has_one_spelling_for_each_bytes() {
    for right in [":AA==:", ":+/+/:", "://8=:", ":+w==:", ":AAAA:", "::", ":z/8=:"] {
        assert!(item(right).is_ok(), "{right}");
    }
    // Bits that no byte uses, in the last digit: of each kind of digit.
    for wrong in [
        ":AB==:", ":A+==:", ":A/==:", ":Az==:", ":A9==:", ":AAB=:", ":AA+=:", ":AA/=:", ":AAz=:", ":AA9=:",
        ":AA=:", ":A:", ":A-==:",
    ] {
        assert!(item(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn an_encoded_byte_is_two_lower_case_digits() {
    assert!(item("%\"%c3%bc\"").is_ok());
    for wrong in
        ["%\"%C3%bc\"", "%\"%c3%BC\"", "%\"%c3%bC\"", "%\"%c3%Bc\"", "%\"%4\"", "%\"%4g\"", "%\"%g4\""]
    {
        assert!(item(wrong).is_err(), "{wrong}");
    }
}

#[test]
fn an_empty_line_among_several_is_no_list() {
    let parsed = |lines: &[&'static str]| {
        let lines: Vec<_> = lines.iter().map(|line| line.as_bytes()).collect();
        List::parse(lines.iter().copied()).is_ok()
    };
    assert!(parsed(&["a", "b"]));
    assert!(parsed(&["a", " b", "c"]));
    assert!(parsed(&[""]));
    for lines in [["", "a"], ["a", ""], ["a", " "], ["", ""]] {
        assert!(!parsed(&lines), "{lines:?}");
    }
    assert!(!parsed(&["a", "", "b"]));
}

const HEADERS: [Header<'static>; 1] = [Header::new("Date", "Tue, 20 Apr 2021 02:07:56 GMT")];
const REQUEST: Request<'static> = Request {
    method: b"POST",
    target: b"/a?b=1",
    authority: b"practices",
    scheme: b"https",
    headers: &HEADERS,
};

fn covered(member: &str) -> Result<CoveredComponents<'_>, Problem> {
    let (label, _) = member.split_once('=').unwrap();
    let Some(Member::InnerList(list)) = dictionary(member).get(label) else { panic!() };
    CoveredComponents::parse(list).map_err(|error| error.problem)
}

#[test]
fn a_derived_component_takes_no_parameter_of_a_field() {
    for parameter in ["sf", "bs", "key=\"a\"", "name=\"a\""] {
        let member = format!("s=(\"@path\";{parameter})");
        assert_eq!(covered(&member).err(), Some(Problem::UnknownParameter), "{parameter}");
    }
    assert!(covered("s=(\"@query-param\";name=\"b\")").is_ok());
    assert!(covered("s=(\"@path\";req)").is_ok());
}

#[test]
fn a_component_of_the_request_is_another_than_the_answer_s() {
    let member = "s=(\"date\";req);created=5";
    let covered = covered(member).unwrap();
    let date = Component::named("date").unwrap();
    assert!(covered.covers(&date.of_request()));
    assert!(!covered.covers(&date));
    assert_eq!(covered.parameters().get("created"), Some(BareItem::Integer(5)));
}

#[test]
fn a_default_or_empty_port_is_left_out_of_the_authority() {
    let signed = |authority: &'static [u8], scheme: &'static [u8]| {
        let mut buffer = [0; 512];
        let mut writer = SliceWriter::new(&mut buffer);
        let request = Request { authority, scheme, ..REQUEST };
        write_base(&mut writer, &covered("s=(\"@authority\")").unwrap(), &Message::Request(&request))
            .unwrap();
        String::from_utf8(writer.finish().unwrap().to_vec()).unwrap().lines().next().unwrap().to_owned()
    };
    for (authority, scheme, expected) in [
        (b"a:".as_slice(), b"http".as_slice(), "a"),
        (b"a:", b"https", "a"),
        (b"A:80", b"HTTP", "a"),
        (b"a:443", b"https", "a"),
        (b"a:80", b"https", "a:80"),
        (b"a:443", b"http", "a:443"),
        (b"a:80", b"coap", "a:80"),
        (b"a:", b"coap", "a"),
        (b"[::1]:443", b"https", "[::1]"),
    ] {
        assert_eq!(signed(authority, scheme), format!("\"@authority\": {expected}"));
    }
}

fn issuer() -> [Key<HmacSha512>; 1] {
    [Key::new(7, b"an example secret of 32 bytes ok", Strength::Required).unwrap()]
}

#[test]
fn a_token_tells_what_it_claims() {
    let keys = issuer();
    let expires = Timestamp::new(1_893_553_445, -90).unwrap();
    let role = [Role { name: "admin", permission: Permission::Write }];
    for roles in [[].as_slice(), &role] {
        let draft = Draft { account: Uuid::from_u128(1), expires, roles, tenant: None, subscription: None };
        let mut out = [0; 1024];
        let length = draft.issue(KeySet::new(&keys, 7).unwrap(), &mut out).unwrap();
        ConnectionString::read(out.get(..length).unwrap(), |read| {
            let read = read.unwrap();
            assert_eq!(read.unverified_key_version(), Some(7));
            let beans = read.unverified_beans();
            assert_eq!((beans.expires.unix_s(), beans.expires.offset_minutes()), (1_893_553_445, -90));
            assert_eq!(beans.roles.is_empty(), roles.is_empty());
            assert_eq!(format!("{:?}", beans.roles), format!("{roles:?}"));
        });
    }
}

#[test]
fn a_token_that_fits_no_buffer_is_told_from_one_that_does_not_fit_this_one() {
    let keys = issuer();
    let roles = vec![Role { name: "a-role-of-some-length", permission: Permission::Read }; 400];
    let expires = Timestamp::new(1_893_553_445, 0).unwrap();
    let draft =
        Draft { account: Uuid::from_u128(1), expires, roles: &roles, tenant: None, subscription: None };
    let issued = |size: usize| draft.issue(KeySet::new(&keys, 7).unwrap(), &mut vec![0; size]);
    assert_eq!(issued(MAX_TOKEN_BYTES - 1), Err(IssueError::BufferTooSmall));
    assert_eq!(issued(MAX_TOKEN_BYTES), Err(IssueError::TooLong));
    assert_eq!(issued(2 * MAX_TOKEN_BYTES), Err(IssueError::TooLong));
}

#[test]
fn what_expired_is_not_seen_whatever_else_lives_beside_it() {
    let words: [AtomicU64; 24] = [const { AtomicU64::new(0) }; 24];
    let table = Table::new(&words, [7; 16]).unwrap();
    let store: &dyn ReplayStore = &table;
    let entry = |number: u8| store.locate(Nonce { sender: "a", nonce: &[number] });
    for number in 0..8 {
        assert!(!store.seen(&entry(number), 1000), "{number} was never claimed");
        let until_s = if number < 4 { 1010 } else { 1100 };
        assert_eq!(store.claim(&entry(number), until_s, 1000), Outcome::First);
    }
    for number in 0..8 {
        assert!(store.seen(&entry(number), 1009), "{number} lives");
        assert_eq!(store.seen(&entry(number), 1010), number >= 4, "{number}");
    }
    assert_eq!((store.fill(1009).live, store.fill(1010).live), (8, 4));
    assert_eq!(store.refuses_before_s(), 0);
}

/// The value of a structured field as it enters a signature base.
fn structured(value: &str) -> Result<(), Problem> {
    let headers = [Header::new("Priority", value)];
    let request = Request { headers: &headers, ..REQUEST };
    let mut buffer = [0; 16 * 1024];
    let mut writer = SliceWriter::new(&mut buffer);
    let covered = covered("s=(\"priority\";sf)").unwrap();
    write_base(&mut writer, &covered, &Message::Request(&request)).map_err(|error| error.problem)
}

#[test]
fn a_structured_value_may_be_as_large_as_the_cap_and_no_larger() {
    let long = |length: usize| format!("a=\"{}\"", "x".repeat(length - 4));
    assert_eq!(structured(&long(4096)), Ok(()));
    for length in [4097, 5000, 8192] {
        assert_eq!(structured(&long(length)), Err(Problem::TooLarge), "{length}");
    }
    // Separators, and one for each line.
    let many = |members: usize| (0..members).map(|at| format!("a{at}")).collect::<Vec<_>>().join(",");
    assert_eq!(structured(&many(128)), Ok(()));
    assert_eq!(structured(&many(129)), Err(Problem::TooLarge));
}

#[test]
fn what_a_signature_covers_may_be_as_long_as_the_cap_and_no_longer() {
    let of = |length: usize| format!("s=();x=\"{}\"", "x".repeat(length - "();x=\"\"".len()));
    assert!(covered(&of(MAX_MEMBER_BYTES)).is_ok());
    assert_eq!(covered(&of(MAX_MEMBER_BYTES + 1)).err(), Some(Problem::TooMany));
}

#[test]
fn an_error_names_the_line_and_the_byte() {
    let lines: [&[u8]; 3] = [b"a, b", b"c", b"d, !"];
    let error = List::parse(lines.into_iter()).unwrap_err();
    assert_eq!((error.line, error.offset), (2, 3));
}
