//! What a judge reads must be what was sealed: characters that cannot be seen, or that change the order
//! of the others, are written out in every output for people.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether a character is invisible, or steers the direction or shape of its neighbours.
///
/// The list is fixed here, not taken from a Unicode table, so that every version and platform says the same.
/// Spaces that take up room are not in it; neither are the controls tab, line feed and carriage return, which
/// [`for_people`] escapes all the same.
pub fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{7f}'..='\u{9f}' // controls
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
        | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}'
    )
}

/// The text as it may stand in any output for people, on one line.
///
/// Hidden characters become `\u{200b}`, line breaks and tabs `\n`, `\r`, `\t`, and a backslash is doubled, so
/// that no text can pretend to be an escape.
///
/// ```
/// use yinzheng::value::escape::for_people;
/// assert_eq!(for_people("张\u{202e}三"), "张\\u{202e}三");
/// ```
pub fn for_people(text: &str) -> Cow<'_, str> {
    let needs = |c: char| is_hidden(c) || matches!(c, '\\' | '\n' | '\r' | '\t');
    if !text.chars().any(needs) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_hidden(c) => {
                // Writing into a String cannot fail.
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}
