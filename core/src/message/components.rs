//! The components a signature covers (RFC 9421 sections 2, 2.1, 2.2): which parts of a message are signed, as named by
//! the inner list of a `Signature-Input` member.

use super::problem::{ComponentError, Problem};
use crate::class;
use crate::structured_fields::{BareItem, InnerList, Item, Parameters};
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
}

/// A component, and how its identifier is spelled.
#[derive(Clone, Copy, Debug)]
pub(super) struct Covered<'a> {
    pub(super) identifier: &'a [u8],
    pub(super) component: Component<'a>,
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
        Self { list: InnerList::default(), covered: [None; MAX_COMPONENTS], used: 0 }
    }

    /// The next component of the list.
    pub(super) fn add(&mut self, covered: Covered<'a>) -> Result<(), Problem> {
        if self.components().any(|earlier| earlier == covered.component) {
            return Err(Problem::Repeated);
        }
        *self.covered.get_mut(self.used).ok_or(Problem::TooMany)? = Some(covered);
        self.used += 1;
        Ok(())
    }

    /// Says which list the components are of.
    pub(super) fn set_list(&mut self, list: InnerList<'a>) {
        self.list = list;
    }

    /// Forgets the components.
    pub(super) fn clear(&mut self) {
        self.used = 0;
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
    pub fn covers(&self, wanted: &Component<'_>) -> bool {
        self.components().any(|component| component.includes(wanted))
    }

    pub(super) fn list(&self) -> InnerList<'a> {
        self.list
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
}

/// The parameters of one component identifier.
#[derive(Clone, Copy, Default)]
struct Modifiers<'a> {
    of_request: bool,
    structured: bool,
    bytes: bool,
    key: Option<&'a str>,
    name: Option<&'a str>,
}

impl<'a> Modifiers<'a> {
    fn parse(parameters: Parameters<'a>) -> Result<Self, Problem> {
        let mut modifiers = Self::default();
        for (key, value) in parameters.sent_bytes() {
            match key {
                b"req" => set_flag(&mut modifiers.of_request, value)?,
                b"sf" => set_flag(&mut modifiers.structured, value)?,
                b"bs" => set_flag(&mut modifiers.bytes, value)?,
                b"key" => set_text(&mut modifiers.key, value)?,
                b"name" => set_text(&mut modifiers.name, value)?,
                b"tr" => return Err(Problem::Trailer),
                _ => return Err(Problem::UnknownParameter),
            }
        }
        Ok(modifiers)
    }

    fn part(&self, name: &'a [u8]) -> Result<Part<'a>, Problem> {
        if !name.starts_with(b"@") {
            return self.field(name);
        }
        if self.structured || self.bytes || self.key.is_some() {
            return Err(Problem::UnknownParameter);
        }
        match (name, self.name) {
            (b"@query-param", Some(parameter)) => Ok(Part::QueryParam(parameter)),
            (b"@query-param", None) => Err(Problem::MissingParameter),
            (_, Some(_)) => Err(Problem::UnknownParameter),
            (_, None) => derived(name),
        }
    }

    fn field(&self, name: &'a [u8]) -> Result<Part<'a>, Problem> {
        let name = field_name(name).ok_or(Problem::BadName)?;
        let form = match (self.structured, self.bytes, self.key, self.name) {
            (_, _, _, Some(_)) => return Err(Problem::UnknownParameter),
            (false, false, None, None) => Form::Joined,
            (true, false, None, None) => Form::Structured,
            // The canonical form is what a member is signed in anyway, so `;sf` beside `;key` changes nothing.
            (_, false, Some(key), None) => Form::Member(key),
            (false, true, None, None) => Form::Bytes,
            (_, true, _, None) => return Err(Problem::ConflictingParameters),
        };
        Ok(Part::Field(name, form))
    }
}

fn derived(name: &[u8]) -> Result<Part<'static>, Problem> {
    match name {
        b"@method" => Ok(Part::Method),
        b"@authority" => Ok(Part::Authority),
        b"@scheme" => Ok(Part::Scheme),
        b"@target-uri" => Ok(Part::TargetUri),
        b"@request-target" => Ok(Part::RequestTarget),
        b"@path" => Ok(Part::Path),
        b"@query" => Ok(Part::Query),
        b"@status" => Ok(Part::Status),
        _ => Err(Problem::UnknownDerived),
    }
}

/// Two values for one parameter, or a flag that is not true, would be read differently by different readers.
fn set_flag(flag: &mut bool, value: BareItem<'_>) -> Result<(), Problem> {
    if *flag || value != BareItem::Boolean(true) {
        return Err(Problem::BadParameter);
    }
    *flag = true;
    Ok(())
}

fn set_text<'a>(text: &mut Option<&'a str>, value: BareItem<'a>) -> Result<(), Problem> {
    if text.is_some() {
        return Err(Problem::BadParameter);
    }
    *text = Some(value.as_plain_string().ok_or(Problem::BadParameter)?);
    Ok(())
}

/// A field's name in lower case, as components have it (RFC 9421 section 2.1).
pub(super) fn field_name(name: &[u8]) -> Option<&str> {
    let is_name = !name.is_empty() && class::all(name, class::lower_case_token);
    ascii(name).filter(|_| is_name)
}
