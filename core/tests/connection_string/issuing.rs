//! Tests that verifiers accept issued tokens.

use proptest::prelude::*;
use sealwire_core::Reason;
use sealwire_core::connection_string::{
    ConnectionString, Draft, Expiry, IssueError, MAX_BEANS_BYTES, MAX_TOKEN_BYTES, Permission, Timestamp,
    Uuid,
};
use sealwire_core::keys::KeySet;

use super::{AID, EDT, EXPIRES_S, SIG, draft, encoded, issued, keys, role, sealed, verify, verify_token};

#[test]
fn the_documented_example_is_issued_and_verified() {
    let beans = format!("{AID};{EDT};kvr=1;sig={SIG}");
    assert_eq!(issued(&draft(&[])), beans);
    assert_eq!(verify(beans), Ok(1));
}

#[test]
fn beans_are_issued_in_order_and_parsed() {
    let (tenant, subscription) = (Uuid::from_u128(7), Uuid::from_u128(8));
    let roles =
        [role("admin", Permission::Read), role("admin", Permission::Write), role("é x", Permission::Write)];
    let full = Draft { tenant: Some(tenant), subscription: Some(subscription), ..draft(&roles) };
    let beans = format!("{AID};{EDT};rls=admin:0,admin:1,é x:1;tid={tenant};sid={subscription};kvr=1");
    let token = encoded(issued(&full));
    assert_eq!(issued(&full), sealed(&beans));

    let keys = keys();
    ConnectionString::read(token.as_bytes(), |string| {
        let verified = string.unwrap().verify(KeySet::new(&keys, 2).unwrap(), 0, Expiry::Checked).unwrap();
        let read = verified.beans();
        assert!(read.roles.iter().eq(roles));
        assert_eq!((read.account, read.expires), (full.account, full.expires));
        assert_eq!((read.tenant, read.subscription), (full.tenant, full.subscription));
    });
    assert_eq!(keys.each_ref().map(|key| key.usage().accepted()), [1, 0]);
}

#[test]
fn role_names_with_separators_or_control_characters_are_rejected() {
    for name in ["", "a;kvr=2", "a=b", "admin:1,x", "a,b", "line\nbreak", "\0"] {
        let roles = [role("reader", Permission::Read), role(name, Permission::Read)];
        let keys = keys();
        let error = draft(&roles).issue(KeySet::new(&keys, 1).unwrap(), &mut [0; 1024]).unwrap_err();
        assert_eq!(error, IssueError::RoleName(1));
        assert!(error.to_string().contains("role 1"));
    }
}

#[test]
fn tokens_above_the_maximum_length_are_neither_accepted_nor_issued() {
    let fixed = issued(&draft(&[])).len() + ";rls=:0".len();
    let longest = "r".repeat(MAX_BEANS_BYTES - fixed);
    assert_eq!(verify(issued(&draft(&[role(&longest, Permission::Read)]))), Ok(1));

    let longer = format!("{longest}r");
    let token = encoded(sealed(&format!("{AID};{EDT};rls={longer}:0;kvr=1")));
    assert_eq!(verify_token(token.as_bytes()), Err(Reason::MalformedToken));
    let in_a_larger_buffer =
        ConnectionString::decode(token.as_bytes(), &mut [0; 2 * MAX_BEANS_BYTES]).map(|_| ());
    assert_eq!(in_a_larger_buffer, Err(Reason::MalformedToken));
    let (keys, mut out) = (keys(), vec![0; 3 * MAX_TOKEN_BYTES]);
    let set = KeySet::new(&keys, 1).unwrap();
    assert_eq!(draft(&[role(&longer, Permission::Read)]).issue(set, &mut out), Err(IssueError::TooLong));
    assert_eq!(verify_token(&vec![b'A'; 64 << 20]), Err(Reason::MalformedToken));
}

#[test]
fn a_buffer_that_is_too_small_is_an_error_when_issuing_and_decoding() {
    let (keys, mut out) = (keys(), [0; MAX_TOKEN_BYTES]);
    let set = KeySet::new(&keys, 1).unwrap();
    let length = draft(&[]).issue(set, &mut out).unwrap();
    for size in 0..length {
        assert_eq!(draft(&[]).issue(set, &mut vec![0; size]), Err(IssueError::BufferTooSmall));
    }
    let decode = |size| ConnectionString::decode(&out[..length], &mut vec![0; size]).map(|_| ());
    assert_eq!(decode(issued(&draft(&[])).len() - 1), Err(Reason::MalformedToken));
    assert_eq!(decode(issued(&draft(&[])).len()), Ok(()));
}

proptest! {
    #[test]
    fn issued_tokens_verify(
        ids in any::<(u128, Option<u128>, Option<u128>)>(), offset in -1439_i16..=1439,
        names in prop::collection::vec(("[^;=:,\\p{Cc}]{1,12}", any::<bool>()), 0..20),
    ) {
        let roles: Vec<_> = names.iter()
            .map(|(name, write)| role(name, if *write { Permission::Write } else { Permission::Read })).collect();
        let expires = Timestamp::new(EXPIRES_S.try_into().unwrap(), offset).unwrap();
        let (account, tenant, subscription) =
            (Uuid::from_u128(ids.0), ids.1.map(Uuid::from_u128), ids.2.map(Uuid::from_u128));
        let beans = issued(&Draft { account, expires, roles: &roles, tenant, subscription });
        prop_assert_eq!(verify(&beans), Ok(1));
        prop_assert_eq!(sealed(beans.rsplit_once(";sig=").unwrap().0), beans);
    }
}
