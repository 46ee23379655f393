//! The parser for the `rls` bean.

/// The roles that a token grants, in the order received. The same role can occur with several permissions.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Roles<'a>(&'a str);

/// A role with its permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role<'a> {
    /// The name of the role. The name is not empty and does not contain `;`, `=`, `:`, `,` or control
    /// characters.
    pub name: &'a str,
    /// The permission that the role grants.
    pub permission: Permission,
}

/// The permission of a role. The discriminants are the numbers that the wire format uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Permission {
    /// Read access.
    Read = 0,
    /// Write access.
    Write = 1,
}

impl Permission {
    /// Returns the number in the wire format.
    #[must_use]
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// Returns the permission with this number in the wire format, or `None` for an unknown number.
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
    /// Iterates over the roles.
    pub fn iter(&self) -> impl Iterator<Item = Role<'a>> + use<'a> {
        self.0.split(',').filter_map(parse_one)
    }

    /// Returns `true` if there are no roles.
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

/// Parses and validates all roles, so [`Roles::iter`] cannot fail. An empty value is invalid.
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

/// Validates a role name. A separator in a name could add a bean or a role. A control character could forge a
/// log line.
pub(super) fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| matches!(c, ';' | '=' | ':' | ',') || c.is_control())
}
