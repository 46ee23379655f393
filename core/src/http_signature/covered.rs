//! Covered components (RFC 9421 sections 2, 2.1, 2.2), parsed from the inner list of a `Signature-Input`
//! member.

use super::component::{Component, Covered, Form, OTHERS, Part};
use super::default_components;
use super::problem::{ComponentError, Problem};
use crate::structured_fields::inner_list::InnerList;
use crate::structured_fields::parameters::Parameters;

/// The maximum number of components in a signature.
pub const MAX_COMPONENTS: usize = 32;
/// The maximum number of parameters of a signature; RFC 9421 defines six.
pub const MAX_PARAMETERS: usize = 16;
/// The maximum length of a `Signature-Input` member as sent, in bytes.
pub const MAX_MEMBER_BYTES: usize = 4096;

/// A validated list of covered components with the signature parameters.
#[derive(Clone, Copy, Debug)]
pub struct CoveredComponents<'a> {
    list: InnerList<'a>,
    covered: [Option<Covered<'a>>; MAX_COMPONENTS],
    used: usize,
    /// Whether the list starts with [`default_components::COMPONENTS`].
    begins_with_defaults: bool,
    /// The bits of all components in the list.
    bits: u32,
}

const DEFAULTS: [Option<Covered<'static>>; 4] = {
    let [method, authority, path, query] = default_components::COMPONENTS;
    [Some(method), Some(authority), Some(path), Some(query)]
};

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
            Component::parse(&item)
                .and_then(|component| covered.add(Covered { identifier, component }))
                .map_err(|problem| ComponentError::of(identifier, problem))?;
        }
        match covered.repeated() {
            Some(repeated) => Err(ComponentError::of(repeated.identifier, Problem::Repeated)),
            None => Ok(covered),
        }
    }

    /// Returns an empty list. It is filled in place, because moving it for each request is slow.
    pub(crate) fn none() -> Self {
        Self {
            list: InnerList::default(),
            covered: [None; MAX_COMPONENTS],
            used: 0,
            begins_with_defaults: false,
            bits: 0,
        }
    }

    /// Appends a component.
    pub(crate) fn add(&mut self, covered: Covered<'a>) -> Result<(), Problem> {
        let bit = covered.component.bit();
        if bit != OTHERS && self.bits & bit != 0 {
            return Err(Problem::Repeated);
        }
        *self.covered.get_mut(self.used).ok_or(Problem::TooMany)? = Some(covered);
        self.used += 1;
        self.bits |= bit;
        Ok(())
    }

    /// Returns a component that is given twice. [`Self::add`] finds most of them. It does not compare the names of
    /// fields, because comparing many names with each other is slow.
    pub(crate) fn repeated(&self) -> Option<Covered<'a>> {
        let mut sorted = [None; MAX_COMPONENTS];
        let others = self.covered().filter(|covered| covered.component.bit() == OTHERS);
        let mut count = 0;
        for (slot, covered) in sorted.iter_mut().zip(others) {
            *slot = Some(covered);
            count += 1;
        }
        let sorted = sorted.get_mut(..count)?;
        sorted.sort_unstable_by_key(|covered| covered.map(|covered| covered.component));
        sorted.windows(2).find_map(|pair| match pair {
            [Some(one), Some(other)] if one.component == other.component => Some(**other),
            _ => None,
        })
    }

    /// Appends the default components. Returns `false` if the list is not empty.
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

    /// Sets the inner list that the components were parsed from.
    pub(crate) fn set_list(&mut self, list: InnerList<'a>) {
        self.list = list;
    }

    /// Removes all components.
    pub(crate) fn clear(&mut self) {
        (self.used, self.begins_with_defaults, self.bits) = (0, false, 0);
    }

    /// Returns the components in signing order.
    pub fn components(&self) -> impl Iterator<Item = Component<'a>> + '_ {
        self.covered().map(|covered| covered.component)
    }

    /// Returns the signature parameters, such as `created` and `keyid`. All keys are different.
    #[must_use]
    pub fn parameters(&self) -> Parameters<'a> {
        self.list.parameters
    }

    /// Returns `true` if `wanted` is covered. The forms `;sf` and `;bs` of a field also cover the complete
    /// field.
    #[must_use]
    #[inline]
    pub fn covers(&self, wanted: &Component<'_>) -> bool {
        self.has(wanted.bit(), |component| component.includes(wanted))
    }

    /// Returns `true` if the complete field is covered. `name` is compared without regard to case.
    pub(crate) fn covers_field(&self, name: &str) -> bool {
        self.components().any(|component| {
            let Part::Field(field, Form::Joined | Form::Structured | Form::Bytes) = component.part else {
                return false;
            };
            !component.of_request && field.eq_ignore_ascii_case(name)
        })
    }

    /// Returns `true` if a component with this bit is in the list. For [`OTHERS`], a component must also
    /// match `is`.
    #[inline]
    fn has(&self, bit: u32, is: impl FnMut(Component<'a>) -> bool) -> bool {
        let others = || self.components().filter(|component| component.bit() == OTHERS).any(is);
        self.bits & bit != 0 && (bit != OTHERS || others())
    }

    pub(crate) fn list(&self) -> InnerList<'a> {
        self.list
    }

    /// Returns `true` if the list starts with [`default_components::COMPONENTS`].
    pub(crate) fn begins_with_defaults(&self) -> bool {
        self.begins_with_defaults
    }

    pub(crate) fn covered(&self) -> impl Iterator<Item = &Covered<'a>> {
        self.covered.get(..self.used).unwrap_or_default().iter().flatten()
    }
}

/// Checks the limits first, so that the time of all later checks is bounded.
fn check_parameters(list: &InnerList<'_>) -> Result<(), Problem> {
    if list.sent_length() > MAX_MEMBER_BYTES {
        return Err(Problem::TooMany);
    }
    let mut names = Names::default();
    list.parameters.sent_bytes().try_for_each(|(name, _)| names.add(name))
}

/// The parameter names found so far.
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
