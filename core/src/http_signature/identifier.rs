//! Component identifiers and their parameters (RFC 9421 sections 2.1, 2.2.8, 2.4).

use super::component::{Component, Form, Part, field_name};
use super::problem::{ComponentError, Problem};
use crate::structured_fields::bare_item::BareItem;
use crate::structured_fields::item::Item;
use crate::structured_fields::parameters::Parameters;

impl<'a> Component<'a> {
    /// Returns the component with this name and no parameters. The name is either that of a derived
    /// component, such as `@method`, or a field name in lower case.
    ///
    /// # Errors
    /// [`ComponentError`] if the name is invalid or requires a parameter.
    pub fn named(name: &'a str) -> Result<Self, ComponentError> {
        let part = Modifiers::default()
            .part(name.as_bytes())
            .map_err(|problem| ComponentError::new(name.as_bytes(), problem))?;
        Ok(Self { part, of_request: false })
    }

    pub(crate) fn parse(item: &Item<'a>) -> Result<Self, Problem> {
        let name = item.value.as_plain_bytes().ok_or(Problem::BadName)?;
        let modifiers = Modifiers::parse(item.parameters)?;
        Ok(Self { part: modifiers.part(name)?, of_request: modifiers.of_request })
    }
}

/// The parameters of a component identifier.
#[derive(Clone, Copy, Default)]
pub(crate) struct Modifiers<'a> {
    pub(crate) of_request: bool,
    structured: bool,
    bytes: bool,
    key: Option<&'a str>,
    name: Option<&'a str>,
}

impl<'a> Modifiers<'a> {
    pub(crate) fn parse(parameters: Parameters<'a>) -> Result<Self, Problem> {
        let mut modifiers = Self::default();
        for (key, value) in parameters.sent() {
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

    pub(crate) fn part(&self, name: &'a [u8]) -> Result<Part<'a>, Problem> {
        if !name.starts_with(b"@") {
            return self.field(name);
        }
        if self.structured || self.bytes || self.key.is_some() {
            return Err(Problem::UnknownParameter);
        }
        match (name, self.name) {
            (b"@query-param", Some(parameter)) => Ok(Part::QueryParam(parameter)),
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
            // A member is always serialised in canonical form, so `;sf` has no effect in combination with
            // `;key`.
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
        b"@query-param" => Err(Problem::MissingParameter),
        _ => Err(Problem::UnknownDerived),
    }
}

/// Sets a flag. A repeated flag, or a value other than true, is an error, because another parser could
/// interpret it differently.
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
