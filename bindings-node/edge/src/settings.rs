//! Validates options against the settings catalogue.

use sealwire_host::settings::{Language, Value, check, is_checked, nearest_to};

use crate::error::{Code, Result};
use crate::memory::{call, cut, utf8};
use crate::values::parse;

/// Validates options. The input contains the name of the settings group, and the options (see [`parse`]). The
/// error reports the first option that is unknown, has the wrong type or is out of range.
#[unsafe(no_mangle)]
extern "C" fn sealwire_check_settings(group: usize, options: usize) -> i32 {
    call(|input, _| {
        let [group, options] = cut(input, [group, options])?;
        let Value::Map(given) = parse(options)? else { return Err(Code::Config.error("pass an object")) };
        check(utf8(group)?, Language::Node, &given).map_err(|error| Code::Config.error(error))?;
        Ok(0)
    })
}

/// Returns 1 if the validation needs the value of an option. For other options, such as secrets, the caller
/// passes only the type of the value.
#[unsafe(no_mangle)]
extern "C" fn sealwire_is_checked_setting(group: usize, name: usize) -> i32 {
    call(|input, _| {
        let [group, name] = texts(input, [group, name])?;
        Ok(is_checked(group, Language::Node, name).into())
    })
}

/// Writes the name in the settings group that is most similar to `name`, and returns 1. Returns 0 if there is
/// no similar name, or if `name` is itself a setting.
#[unsafe(no_mangle)]
extern "C" fn sealwire_nearest_setting(group: usize, name: usize) -> i32 {
    call(|input, output| {
        let [group, name] = texts(input, [group, name])?;
        let near = nearest_to(group, Language::Node, name);
        output.extend_from_slice(near.unwrap_or_default().as_bytes());
        Ok(near.is_some().into())
    })
}

fn texts(input: &[u8], lengths: [usize; 2]) -> Result<[&str; 2]> {
    let [one, other] = cut(input, lengths)?;
    Ok([utf8(one)?, utf8(other)?])
}
