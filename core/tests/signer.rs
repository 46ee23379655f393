//! Tests of key selection, of requests that cannot be signed, and of error messages.

use sealwire_core::keys::{Key, KeyName, KeySet, StaticKeys, Strength};
use sealwire_core::{Coverage, Header, Request, Scheme, SignError, Signer, Signing};

use crate::common::{Headers, SECRET, SIGNING, request, ring, sign, signer, value};

fn signed(scheme: Scheme, name: &str, receiver: &str) -> Result<Headers, SignError> {
    sign(&signer(name, &ring(), scheme), &request(&[]), &Signing { receiver, ..SIGNING })
}

#[test]
fn an_invalid_service_name_cannot_sign_even_with_a_key() {
    let keys = [Key::new(1, SECRET, Strength::Required).unwrap()];
    let named = [(KeyName::Pair("agent.x", "practices"), KeySet::new(&keys, 1).unwrap())];
    for scheme in [Scheme::Pairwise, Scheme::Message] {
        let keys = StaticKeys(&named);
        let schemes = [Some(scheme), None, None];
        let signer = Signer { name: "agent.x", keys: &keys, schemes, coverage: Coverage::default() };
        let signed = signer.sign(&request(&[]), &SIGNING, |_, _| unreachable!("nothing is sent"));
        assert_eq!(signed, Err(SignError::Name), "{scheme}");
    }
}

#[test]
fn the_client_key_is_used_if_the_pair_has_no_key() {
    let key_id = |receiver| {
        let headers = signed(Scheme::Message, "agent", receiver).unwrap();
        let input = value(&headers, "Signature-Input");
        input.split_once("keyid=\"").unwrap().1.split_once('"').unwrap().0.to_owned()
    };
    assert_eq!(key_id("practices"), "agent/practices#1");
    assert_eq!(key_id("meals"), "agent#9");
    assert_eq!(key_id(""), "agent#9");
    assert_eq!(signed(Scheme::Message, "stranger", "practices"), Err(SignError::NoKey(Scheme::Message)));
    assert_eq!(signed(Scheme::Pairwise, "agent", "meals"), Err(SignError::NoKey(Scheme::Pairwise)));
}

#[test]
fn invalid_requests_are_not_signed() {
    let ring = ring();
    let signed = |request: &Request<'_>, signing: &Signing<'_>, scheme| {
        sign(&signer("agent", &ring, scheme), request, signing).err()
    };
    for scheme in Scheme::ALL {
        assert_eq!(signed(&request(&[]), &SIGNING, scheme), None);
        for (changed, error) in [
            (Request { method: b"PO ST", ..request(&[]) }, SignError::Method),
            (Request { method: b"", ..request(&[]) }, SignError::Method),
            (Request { target: b"a", ..request(&[]) }, SignError::Target),
            (Request { target: b"/a b", ..request(&[]) }, SignError::Target),
            (Request { target: b"/a#b", ..request(&[]) }, SignError::Target),
        ] {
            assert_eq!(signed(&changed, &SIGNING, scheme), Some(error), "{scheme}");
        }
        let nonce = Signing { nonce: "a b", ..SIGNING };
        assert_eq!(signed(&request(&[]), &nonce, scheme), Some(SignError::Nonce), "{scheme}");
        let braces = Signing { nonce: "{3f+/a=}", ..SIGNING };
        let refused = (scheme != Scheme::Client).then_some(SignError::Nonce);
        assert_eq!(signed(&request(&[]), &braces, scheme), refused, "{scheme}");
        let user = Signing { user_id: Some("a\nb"), ..SIGNING };
        assert_eq!(signed(&request(&[]), &user, scheme), Some(SignError::UserId), "{scheme}");
    }
}

#[test]
fn too_many_components_and_an_invalid_component_are_different_errors() {
    let (ring, names) = (ring(), (0..64).map(|at| format!("x-{at}")).collect::<Vec<_>>());
    let fields: Vec<_> = names.iter().map(String::as_str).collect();
    let headers: Vec<_> = fields.iter().map(|name| Header::new(name, "1")).collect();
    let signed = |fields: &[&str], headers: &[Header<'_>]| {
        let coverage = Coverage { fields, ..Coverage::default() };
        let signer = Signer { coverage, ..signer("agent", &ring, Scheme::Message) };
        sign(&signer, &request(headers), &SIGNING).err()
    };
    assert_eq!(signed(&fields, &headers), Some(SignError::TooLong));
    let broken = signed(&["x-a"], &[Header::new("x-a", "1\n2")]);
    assert!(matches!(broken, Some(SignError::Component(error)) if error.component.as_str() == "x-a"));
}

#[test]
fn a_request_must_not_contain_headers_that_the_signer_adds() {
    let keys = ring();
    let signing = Signing { body: b"{}", user_id: Some("7"), ..SIGNING };
    let sign = |sent: &[Header<'_>]| sign(&signer("agent", &keys, Scheme::Message), &request(sent), &signing);
    assert!(sign(&[]).is_ok());
    for name in ["x-user-id", "Content-Digest"] {
        let error = sign(&[Header::new(name, "8")]).unwrap_err();
        assert!(matches!(error, SignError::Present(named) if named.eq_ignore_ascii_case(name)), "{error}");
    }
}

#[test]
fn the_user_id_is_sent_only_once_with_several_schemes() {
    let ring = ring();
    for schemes in [[Scheme::Message, Scheme::Pairwise], [Scheme::Pairwise, Scheme::Message]] {
        let schemes = [Some(schemes[0]), Some(schemes[1]), None];
        let signer = Signer { schemes, ..signer("agent", &ring, Scheme::Message) };
        let signing = Signing { user_id: Some("u-1"), ..SIGNING };
        let mut users = 0;
        let count = |name: &'static str, _: &str| users += usize::from(name == "X-User-ID");
        signer.sign(&request(&[]), &signing, count).unwrap();
        assert_eq!(users, 1, "{schemes:?}");
    }
}

#[test]
fn all_errors_of_signing_contain_the_solution() {
    use SignError::{Method, Name, NoKey, Nonce, Present, Target, TooLong, UserId};
    let errors = [NoKey(Scheme::Client), Name, Method, Target, Nonce, UserId, Present("x"), TooLong];
    let mut said: Vec<_> = errors.iter().map(ToString::to_string).collect();
    assert!(said.iter().all(|text| text.len() > 20 && !text.contains("example")));
    said.sort();
    said.dedup();
    assert_eq!(said.len(), errors.len(), "all messages are different");
}
