//! Splits a shell command into words. It supports POSIX quoting and the bash syntax `$'..'`.

use core::iter::Peekable;
use core::str::Chars;

/// Splits a command into words. Returns `None` if a quote is not closed, or if the command uses the quoting
/// of `cmd` on Windows.
pub(super) fn words(command: &str) -> Option<Vec<String>> {
    let mut letters = command.trim().chars().peekable();
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    while let Some(letter) = letters.next() {
        match letter {
            '^' if letters.peek() == Some(&'"') => return None,
            '\'' => literal(&mut letters, word.get_or_insert_default())?,
            '"' => quoted(&mut letters, word.get_or_insert_default())?,
            '$' if letters.peek() == Some(&'\'') => {
                letters.next();
                escaped(&mut letters, word.get_or_insert_default())?;
            }
            '\\' => match letters.next()? {
                '\n' => {}
                other => word.get_or_insert_default().push(other),
            },
            space if space.is_whitespace() => words.extend(word.take()),
            other => word.get_or_insert_default().push(other),
        }
    }
    words.extend(word);
    Some(words)
}

fn literal(letters: &mut Peekable<Chars<'_>>, word: &mut String) -> Option<()> {
    loop {
        match letters.next()? {
            '\'' => return Some(()),
            other => word.push(other),
        }
    }
}

fn quoted(letters: &mut Peekable<Chars<'_>>, word: &mut String) -> Option<()> {
    loop {
        match letters.next()? {
            '"' => return Some(()),
            '\\' => match letters.next()? {
                '\n' => {}
                escaped @ ('"' | '\\' | '$' | '`') => word.push(escaped),
                other => word.extend(['\\', other]),
            },
            other => word.push(other),
        }
    }
}

fn escaped(letters: &mut Peekable<Chars<'_>>, word: &mut String) -> Option<()> {
    loop {
        match letters.next()? {
            '\'' => return Some(()),
            '\\' => match letters.next()? {
                'n' => word.push('\n'),
                'r' => word.push('\r'),
                't' => word.push('\t'),
                'u' => word.push(code(letters, 4)?),
                'x' => word.push(code(letters, 2)?),
                other => word.push(other),
            },
            other => word.push(other),
        }
    }
}

fn code(letters: &mut Peekable<Chars<'_>>, most: usize) -> Option<char> {
    let number = unit(letters, most);
    if (0xd800..0xdc00).contains(&number) && most == 4 {
        // Browsers write a character above U+FFFF as two UTF-16 code units.
        let is_unit = letters.next()? == '\\' && letters.next()? == 'u';
        let low = if is_unit { unit(letters, 4) } else { return None };
        return char::decode_utf16([u16::try_from(number).ok()?, u16::try_from(low).ok()?]).next()?.ok();
    }
    char::from_u32(number)
}

fn unit(letters: &mut Peekable<Chars<'_>>, most: usize) -> u32 {
    let mut number = 0;
    for _ in 0..most {
        let Some(digit) = letters.peek().and_then(|letter| letter.to_digit(16)) else { break };
        letters.next();
        number = number * 16 + digit;
    }
    number
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn two_utf16_units_are_one_character() {
        let read = |word: &str| words(word).and_then(|words| words.into_iter().next());
        assert_eq!(read(r"$'\ud83d\ude00\u0021'").as_deref(), Some("\u{1f600}!"));
        assert_eq!(read(r"$'\u00e9\x41'").as_deref(), Some("\u{e9}A"));
        for lone in [r"$'\ud83d'", r"$'\ude00'", r"$'\ud83dx'", r"$'\ud83d\u0041'"] {
            assert_eq!(read(lone), None, "{lone}");
        }
    }
}
