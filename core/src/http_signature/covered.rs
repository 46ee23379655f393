//! The components a signature covers (RFC 9421 sections 2, 2.1, 2.2): which parts of a message are signed, as named by
//! the inner list of a `Signature-Input` member.

use super::component::{Component, Covered, Form, OTHERS, Part};
use super::default_components;
use super::problem::{ComponentError, Problem};
use crate::structured_fields::inner_list::InnerList;
use crate::structured_fields::parameters::Parameters;

/// The most components one signature may cover.
pub const MAX_COMPONENTS: usize = 32;
/// The most parameters one signature may have; RFC 9421 defines six.
pub const MAX_PARAMETERS: usize = 16;
/// The longest `Signature-Input` member read, in bytes as sent.
pub const MAX_MEMBER_BYTES: usize = 4096;

/// A checked list of covered components, with the signature's parameters.
#[derive(Clone, Copy, Debug)]
pub struct CoveredComponents<'a> {
    list: InnerList<'a>,
    covered: [Option<Covered<'a>>; MAX_COMPONENTS],
    used: usize,
    /// Whether [`default_components::COMPONENTS`] are the first.
    begins_with_defaults: bool,
    /// The bits of all.
    bits: u32,
}

const DEFAULTS: [Option<Covered<'static>>; 4] = {
    let [method, authority, path, query] = default_components::COMPONENTS;
    [Some(method), Some(authority), Some(path), Some(query)]
};

impl<'a> CoveredComponents<'a> {
    /// Checks the inner list of a `Signature-Input` member.
    ///
    /// # Errors
    /// A component is unknown, unsupported or given twice; a parameter is given twice; or a cap is passed.
    pub fn parse(list: InnerList<'a>) -> Result<Self, ComponentError> {
        check_parameters(&list).map_err(|problem| ComponentError::new(b"@signature-params", problem))?;
        let mut covered = Self { list, ..Self::none() };
        for (identifier, item) in list.sent_items() {
            Component::parse(&item)
                .and_then(|component| covered.add(Covered { identifier, component }))
                .map_err(|problem| ComponentError::of(identifier, problem))?;
        }
        Ok(covered)
    }

    /// Returns an empty list, to be filled in place, because it is too large to move for each request.
    pub(crate) fn none() -> Self {
        Self {
            list: InnerList::default(),
            covered: [None; MAX_COMPONENTS],
            used: 0,
            begins_with_defaults: false,
            bits: 0,
        }
    }

    /// The next component of the list.
    pub(crate) fn add(&mut self, covered: Covered<'a>) -> Result<(), Problem> {
        let bit = covered.component.bit();
        if self.has(bit, |earlier| earlier == covered.component) {
            return Err(Problem::Repeated);
        }
        *self.covered.get_mut(self.used).ok_or(Problem::TooMany)? = Some(covered);
        self.used += 1;
        self.bits |= bit;
        Ok(())
    }

    /// The first components of the list, all at once. False where others came before.
    #[inline]
    pub(crate) fn add_defaults(&mut self) -> bool {
        match self.covered.first_chunk_mut() {
            Some(slots) if self.used == 0 => {
                *slots = DEFAULTS;
                self.used = default_components::COMPONENTS.len();
                self.bits = default_components::COMPONENTS
                    .iter()
                    .fold(0, |bits, covered| bits | covered.component.bit());
                self.begins_with_defaults = true;
                true
            }
            _ => false,
        }
    }

    /// Says which list the components are of.
    pub(crate) fn set_list(&mut self, list: InnerList<'a>) {
        self.list = list;
    }

    /// Forgets the components.
    pub(crate) fn clear(&mut self) {
        (self.used, self.begins_with_defaults, self.bits) = (0, false, 0);
    }

    /// The components in the order signed.
    pub fn components(&self) -> impl Iterator<Item = Component<'a>> + '_ {
        self.covered().map(|covered| covered.component)
    }

    /// The signature's parameters: `created`, `keyid` and so on. No key is repeated.
    #[must_use]
    pub fn parameters(&self) -> Parameters<'a> {
        self.list.parameters
    }

    /// Whether `wanted` is signed. A field wanted as a whole is also covered by its `;sf` and `;bs` forms.
    #[must_use]
    #[inline]
    pub fn covers(&self, wanted: &Component<'_>) -> bool {
        self.has(wanted.bit(), |component| component.includes(wanted))
    }

    /// Whether a field is covered as a whole, whatever the case of `name`.
    pub(crate) fn covers_field(&self, name: &str) -> bool {
        self.components().any(|component| {
            let Part::Field(field, Form::Joined | Form::Structured | Form::Bytes) = component.part else {
                return false;
            };
            !component.of_request && field.eq_ignore_ascii_case(name)
        })
    }

    /// Whether there is one of this bit, and where it is not the only one of its bit, one that `is` it.
    #[inline]
    fn has(&self, bit: u32, is: impl FnMut(Component<'a>) -> bool) -> bool {
        let others = || self.components().filter(|component| component.bit() == OTHERS).any(is);
        self.bits & bit != 0 && (bit != OTHERS || others())
    }

    pub(crate) fn list(&self) -> InnerList<'a> {
        self.list
    }

    /// Whether [`default_components::COMPONENTS`] are the first.
    pub(crate) fn begins_with_defaults(&self) -> bool {
        self.begins_with_defaults
    }

    pub(crate) fn covered(&self) -> impl Iterator<Item = &Covered<'a>> {
        self.covered.get(..self.used).unwrap_or_default().iter().flatten()
    }
}

/// Caps first, so that everything after them is bounded.
fn check_parameters(list: &InnerList<'_>) -> Result<(), Problem> {
    if list.sent_length() > MAX_MEMBER_BYTES {
        return Err(Problem::TooMany);
    }
    let mut names = Names::default();
    list.parameters.sent_bytes().try_for_each(|(name, _)| names.add(name))
}

/// The names of parameters met so far.
#[derive(Default)]
pub(crate) struct Names<'a> {
    names: [&'a [u8]; MAX_PARAMETERS],
    met: usize,
}

impl<'a> Names<'a> {
    pub(crate) fn add(&mut self, name: &'a [u8]) -> Result<(), Problem> {
        if self.names.iter().take(self.met).any(|earlier| *earlier == name) {
            return Err(Problem::Repeated);
        }
        *self.names.get_mut(self.met).ok_or(Problem::TooMany)? = name;
        self.met += 1;
        Ok(())
    }

    pub(crate) fn clear(&mut self) {
        self.met = 0;
    }
}
