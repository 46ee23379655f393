//! Covered components (RFC 9421 sections 2, 2.1, 2.2), parsed from the inner list of a `Signature-Input`
//! member.

use super::component::{Component, Covered, Form, Part};
use super::problem::{ComponentError, Problem};
use crate::structured_fields::inner_list::InnerList;
use crate::structured_fields::item::Item;
use crate::structured_fields::parameters::Parameters;

/// The maximum number of components in a signature.
pub const MAX_COMPONENTS: usize = 32;
/// The maximum number of parameters in a signature. RFC 9421 defines six parameters.
pub const MAX_PARAMETERS: usize = 16;
/// The maximum length of a `Signature-Input` member as sent, in bytes.
pub const MAX_MEMBER_BYTES: usize = 4096;

/// The components of most signatures, in the form and order that Sealwire signers use.
pub(crate) const DEFAULTS: [Covered<'static>; 4] = [
    Covered::of_message("\"@method\"", Part::Method),
    Covered::of_message("\"@authority\"", Part::Authority),
    Covered::of_message("\"@path\"", Part::Path),
    Covered::of_message("\"@query\"", Part::Query),
];
/// [`DEFAULTS`], formatted as the content of an inner list.
pub(crate) const SPELLED: &[u8] = b"\"@method\" \"@authority\" \"@path\" \"@query\"";

/// A validated list of covered components with the signature parameters.
#[derive(Clone, Copy, Debug)]
pub struct CoveredComponents<'a> {
    list: InnerList<'a>,
    covered: [Option<Covered<'a>>; MAX_COMPONENTS],
    used: usize,
}

impl<'a> CoveredComponents<'a> {
    /// Validates the inner list of a `Signature-Input` member.
    ///
    /// # Errors
    /// [`ComponentError`] if a component is unknown, unsupported or repeated, a parameter is repeated, or a
    /// limit is exceeded.
    pub fn parse(list: InnerList<'a>) -> Result<Self, ComponentError> {
        check_parameters(&list).map_err(|problem| ComponentError::new(b"@signature-params", problem))?;
        let mut covered = Self { list, ..Self::none() };
        for (identifier, item) in list.sent_items() {
            covered.add(identifier, &item).map_err(|problem| ComponentError::of(identifier, problem))?;
        }
        Ok(covered)
    }

    /// Returns an empty list. The caller fills the list in place, because moving it for each request is slow.
    pub(crate) fn none() -> Self {
        Self { list: InnerList::default(), covered: [None; MAX_COMPONENTS], used: 0 }
    }

    /// Adds an item of an inner list.
    pub(crate) fn add(&mut self, identifier: &'a [u8], item: &Item<'a>) -> Result<(), Problem> {
        let component = Component::parse(item)?;
        if self.components().any(|earlier| earlier == component) {
            return Err(Problem::Repeated);
        }
        *self.covered.get_mut(self.used).ok_or(Problem::TooMany)? = Some(Covered { identifier, component });
        self.used += 1;
        Ok(())
    }

    /// Adds [`DEFAULTS`]. Returns `false` if the list is not empty.
    pub(crate) fn add_defaults(&mut self) -> bool {
        let is_empty = self.used == 0;
        for (slot, covered) in self.covered.iter_mut().zip(DEFAULTS).filter(|_| is_empty) {
            *slot = Some(covered);
            self.used += 1;
        }
        is_empty
    }

    /// Removes all components.
    pub(crate) fn clear(&mut self) {
        self.used = 0;
    }

    /// Sets the inner list that the components were parsed from.
    pub(crate) fn set_list(&mut self, list: InnerList<'a>) {
        self.list = list;
    }

    /// Returns the components in signing order.
    pub fn components(&self) -> impl Iterator<Item = Component<'a>> + '_ {
        self.covered().map(|covered| covered.component)
    }

    /// Returns the signature parameters, such as `created` and `keyid`. No key is repeated.
    #[must_use]
    pub fn parameters(&self) -> Parameters<'a> {
        self.list.parameters
    }

    /// Returns `true` if the signature covers `wanted`. A field with `;sf` or `;bs` is covered completely.
    #[must_use]
    pub fn covers(&self, wanted: &Component<'_>) -> bool {
        self.components().any(|component| component.includes(wanted))
    }

    /// Returns `true` if the signature covers the complete field. The comparison of `name` ignores case.
    pub(crate) fn covers_field(&self, name: &str) -> bool {
        self.components().any(|component| {
            let Part::Field(field, Form::Joined | Form::Structured | Form::Bytes) = component.part else {
                return false;
            };
            !component.of_request && field.eq_ignore_ascii_case(name)
        })
    }

    pub(crate) fn list(&self) -> InnerList<'a> {
        self.list
    }

    pub(crate) fn covered(&self) -> impl Iterator<Item = &Covered<'a>> {
        self.covered.get(..self.used).unwrap_or_default().iter().flatten()
    }
}

/// Checks that the inner list is not too long and that no parameter is repeated.
pub(crate) fn check_parameters(list: &InnerList<'_>) -> Result<(), Problem> {
    if list.sent_length() > MAX_MEMBER_BYTES {
        return Err(Problem::TooMany);
    }
    let mut names = [b"".as_slice(); MAX_PARAMETERS];
    for (at, (name, _)) in list.parameters.sent().enumerate() {
        if names.iter().take(at).any(|earlier| *earlier == name) {
            return Err(Problem::Repeated);
        }
        *names.get_mut(at).ok_or(Problem::TooMany)? = name;
    }
    Ok(())
}
