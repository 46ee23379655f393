//! The components a signature covers (RFC 9421 sections 2, 2.1, 2.2): which parts of a message are signed, as named by
//! the inner list of a `Signature-Input` member.

use super::known;
use super::modifiers::Modifiers;
use super::problem::{ComponentError, Problem};
use crate::class;
use crate::structured_fields::{InnerList, Item, Parameters};
use crate::text::ascii;

/// The most components one signature may cover.
pub const MAX_COMPONENTS: usize = 32;
/// The most parameters one signature may have; RFC 9421 defines six.
pub const MAX_PARAMETERS: usize = 16;
/// The longest `Signature-Input` member read, in bytes as sent.
pub const MAX_MEMBER_BYTES: usize = 4096;

/// One covered part of a message. Equal components name the same bytes, in whatever order their parameters stood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Component<'a> {
    /// What it names.
    pub part: Part<'a>,
    /// `;req`: taken from the request that the signed response answers.
    pub of_request: bool,
}

/// What a component names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// `@method`, as sent.
    Method,
    /// `@authority`, in lower case and without the scheme's default port.
    Authority,
    /// `@scheme`, in lower case.
    Scheme,
    /// `@target-uri`: scheme, authority, path and query.
    TargetUri,
    /// `@request-target`, as sent.
    RequestTarget,
    /// `@path`, as sent; `/` when empty.
    Path,
    /// `@query`, as sent with its `?`; `?` alone when there is none.
    Query,
    /// `@query-param`: one parameter of the query, by its encoded name.
    QueryParam(&'a str),
    /// `@status` of a response.
    Status,
    /// A header field, by its lower-case name.
    Field(&'a str, Form<'a>),
}

/// How a field's value enters the signature base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form<'a> {
    /// All lines, trimmed, joined by `, `.
    Joined,
    /// `;sf`: the value's canonical serialisation, which intermediaries cannot change by respacing it.
    Structured,
    /// `;key`: one member of a dictionary.
    Member(&'a str),
    /// `;bs`: each line as a byte sequence, for values that must not be joined.
    Bytes,
}

/// A checked list of covered components, with the signature's parameters.
#[derive(Clone, Copy, Debug)]
pub struct CoveredComponents<'a> {
    list: InnerList<'a>,
    covered: [Option<Covered<'a>>; MAX_COMPONENTS],
    used: usize,
    /// Whether [`known::COMPONENTS`] are the first.
    begins_known: bool,
    /// The bits of all.
    bits: u32,
}

/// The bit of all components without one of their own.
const OTHERS: u32 = 1 << 8;

const KNOWN: [Option<Covered<'static>>; 4] = {
    let [method, authority, path, query] = known::COMPONENTS;
    [Some(method), Some(authority), Some(path), Some(query)]
};

/// A component, and how its identifier is spelled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Covered<'a> {
    pub(super) identifier: &'a [u8],
    pub(super) component: Component<'a>,
}

impl Covered<'static> {
    /// Of the message that is signed itself.
    pub(super) const fn of_message(identifier: &'static str, part: Part<'static>) -> Self {
        Self { identifier: identifier.as_bytes(), component: Component { part, of_request: false } }
    }
}

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

    /// No components of no list, to be filled in place: it is larger than what is worth moving for each request.
    pub(super) fn none() -> Self {
        Self {
            list: InnerList::default(),
            covered: [None; MAX_COMPONENTS],
            used: 0,
            begins_known: false,
            bits: 0,
        }
    }

    /// The next component of the list.
    pub(super) fn add(&mut self, covered: Covered<'a>) -> Result<(), Problem> {
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
    pub(super) fn add_known(&mut self) -> bool {
        match self.covered.first_chunk_mut() {
            Some(room) if self.used == 0 => {
                *room = KNOWN;
                self.used = known::COMPONENTS.len();
                self.bits = known::COMPONENTS.iter().fold(0, |bits, known| bits | known.component.bit());
                self.begins_known = true;
                true
            }
            _ => false,
        }
    }

    /// Says which list the components are of.
    pub(super) fn set_list(&mut self, list: InnerList<'a>) {
        self.list = list;
    }

    /// Forgets the components.
    pub(super) fn clear(&mut self) {
        (self.used, self.begins_known, self.bits) = (0, false, 0);
    }

    /// The components in the order signed.
    pub fn components(&self) -> impl Iterator<Item = Component<'a>> + '_ {
        self.covered().map(|covered| covered.component)
    }

    /// The signature's parameters: `created`, `keyid` and so on. No key stands twice.
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

    /// Whether there is one of this bit, and where it is not the only one of its bit, one that `is` it.
    #[inline]
    fn has(&self, bit: u32, is: impl FnMut(Component<'a>) -> bool) -> bool {
        let others = || self.components().filter(|component| component.bit() == OTHERS).any(is);
        self.bits & bit != 0 && (bit != OTHERS || others())
    }

    pub(super) fn list(&self) -> InnerList<'a> {
        self.list
    }

    /// Whether [`known::COMPONENTS`] are the first.
    pub(super) fn begins_known(&self) -> bool {
        self.begins_known
    }

    pub(super) fn covered(&self) -> impl Iterator<Item = &Covered<'a>> {
        self.covered.get(..self.used).unwrap_or_default().iter().flatten()
    }
}

impl<'a> Component<'a> {
    /// The component that a bare name stands for: `@method`, or a field in lower case.
    ///
    /// # Errors
    /// The name is neither, or needs a parameter.
    pub fn named(name: &'a str) -> Result<Self, ComponentError> {
        let part = Modifiers::default()
            .part(name.as_bytes())
            .map_err(|problem| ComponentError::new(name.as_bytes(), problem))?;
        Ok(Self { part, of_request: false })
    }

    /// The same component of the request that a response answers.
    #[must_use]
    pub fn of_request(self) -> Self {
        Self { of_request: true, ..self }
    }

    pub(super) fn parse(item: &Item<'a>) -> Result<Self, Problem> {
        let name = item.value.as_plain_bytes().ok_or(Problem::BadName)?;
        let modifiers = Modifiers::parse(item.parameters)?;
        Ok(Self { part: modifiers.part(name)?, of_request: modifiers.of_request })
    }

    /// A bit for each component that can only be named in one way, so that most are told apart without comparing.
    const fn bit(&self) -> u32 {
        match self.part {
            _ if self.of_request => OTHERS,
            Part::Method => 1,
            Part::Authority => 1 << 1,
            Part::Scheme => 1 << 2,
            Part::TargetUri => 1 << 3,
            Part::RequestTarget => 1 << 4,
            Part::Path => 1 << 5,
            Part::Query => 1 << 6,
            Part::Status => 1 << 7,
            Part::QueryParam(_) | Part::Field(..) => OTHERS,
        }
    }

    fn includes(&self, wanted: &Component<'_>) -> bool {
        let same_field = match (self.part, wanted.part) {
            (Part::Field(name, Form::Structured | Form::Bytes), Part::Field(other, Form::Joined)) => {
                name == other
            }
            (part, other) => part == other,
        };
        same_field && self.of_request == wanted.of_request
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
pub(super) struct Names<'a> {
    names: [&'a [u8]; MAX_PARAMETERS],
    met: usize,
}

impl<'a> Names<'a> {
    pub(super) fn add(&mut self, name: &'a [u8]) -> Result<(), Problem> {
        if self.names.iter().take(self.met).any(|earlier| *earlier == name) {
            return Err(Problem::Repeated);
        }
        *self.names.get_mut(self.met).ok_or(Problem::TooMany)? = name;
        self.met += 1;
        Ok(())
    }

    pub(super) fn clear(&mut self) {
        self.met = 0;
    }
}

/// A field's name in lower case, as components have it (RFC 9421 section 2.1).
pub(super) fn field_name(name: &[u8]) -> Option<&str> {
    let is_name = !name.is_empty() && class::all(name, class::lower_case_token);
    ascii(name).filter(|_| is_name)
}
