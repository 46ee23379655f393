//! Tests of the contents of tokens, and of the errors that occur when tokens are issued.

use sealwire_core::connection_string::{
    ConnectionString, Draft, IssueError, MAX_TOKEN_BYTES, Permission, Role, Timestamp, Uuid,
};
use sealwire_core::keys::{Key, KeySet, Strength};
use sealwire_core::mac::HmacSha512;

use crate::common::{SECRET, assert_messages_name};

fn issuer() -> [Key<HmacSha512>; 1] {
    [Key::new(7, SECRET, Strength::Required).unwrap()]
}

#[test]
fn a_token_reports_its_claims() {
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
fn a_token_over_the_limit_and_a_small_buffer_are_different_errors() {
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
fn all_errors_of_issuing_have_different_messages() {
    let errors = [
        &IssueError::RoleName(2) as &dyn core::error::Error,
        &IssueError::TooLong,
        &IssueError::BufferTooSmall,
    ];
    assert_messages_name(&errors, &["role 2"]);
}
