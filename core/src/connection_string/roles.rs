//! The `rls` bean.

/// The roles a token grants, in the order received. A role may be named once for each permission.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Roles<'a>(&'a str);

/// One role and what it permits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role<'a> {
    /// Not empty, without `; = : ,` and control characters.
    pub name: &'a str,
    /// The permission of the holder in the role.
    pub permission: Permission,
}

/// The permission of a role. The numbers are those of the wire format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Permission {
    /// Reading.
    Read = 0,
    /// Writing.
    Write = 1,
}

impl Permission {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// The permission of this number, if there is one.
    #[must_use]
    pub const fn from_number(number: u8) -> Option<Self> {
        match number {
            0 => Some(Self::Read),
            1 => Some(Self::Write),
            _ => None,
        }
    }
}

impl<'a> Roles<'a> {
    /// Each role.
    pub fn iter(&self) -> impl Iterator<Item = Role<'a>> + use<'a> {
        self.0.split(',').filter_map(parse_one)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl core::fmt::Debug for Roles<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Checks every role, so that [`Roles::iter`] finds no other kind. An empty list is no list.
pub(super) fn parse(text: &[u8]) -> Option<Roles<'_>> {
    let text = core::str::from_utf8(text).ok()?;
    text.split(',').all(|role| parse_one(role).is_some()).then_some(Roles(text))
}

fn parse_one(role: &str) -> Option<Role<'_>> {
    let (name, permission) = match role.as_bytes() {
        [.., b':', b'0'] => (role.get(..role.len() - 2)?, Permission::Read),
        [.., b':', b'1'] => (role.get(..role.len() - 2)?, Permission::Write),
        _ => return None,
    };
    is_name(name).then_some(Role { name, permission })
}

/// A name that holds a separator could smuggle in a bean or another role; one that holds a control character could
/// forge a line of a log.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| matches!(c, ';' | '=' | ':' | ',') || c.is_control())
}
