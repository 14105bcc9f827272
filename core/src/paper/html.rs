//! Writing HTML in which no text can ever become markup: what is not written in this source goes through [`Html::text`].

use std::fmt::Write as _;

use super::words;
use crate::value::Lang;
use crate::value::escape::is_hidden;

/// Characters of one text that a page shows; a longer one ends with a note of how long it is.
const SHOWN: usize = 2_000;

/// Combining marks in a row that are shown as they are; more would climb over the lines around them.
const MARKS: usize = 2;

/// A page in the making.
pub(super) struct Html {
    out: String,
    pub(super) lang: Lang,
}

impl Html {
    pub(super) fn new(lang: Lang) -> Self {
        Self { out: String::with_capacity(64 * 1024), lang }
    }

    /// Markup: only what stands in the source can be, so that no evidence gets here.
    pub(super) fn markup(&mut self, markup: &'static str) -> &mut Self {
        self.out.push_str(markup);
        self
    }

    /// A style sheet of ours; `frame` alone makes one.
    pub(super) fn style(&mut self, css: &str) -> &mut Self {
        self.out.push_str(css);
        self
    }

    /// Text from anywhere: markup, characters that cannot be seen and those that turn the order of others are written out.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        let mut marks = 0;
        for (at, c) in text.chars().enumerate() {
            if at == SHOWN {
                let all = text.chars().count();
                self.markup(" … <small>(").word("cut").markup(" ").number(all).markup(")</small>");
                break;
            }
            marks = if is_mark(c) { marks + 1 } else { 0 };
            match c {
                '&' => self.out.push_str("&amp;"),
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '"' => self.out.push_str("&quot;"),
                '\'' => self.out.push_str("&#39;"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                c if is_hidden(c) || marks > MARKS => {
                    // Writing into a String cannot fail.
                    let _ = write!(self.out, "\\u{{{:x}}}", u32::from(c));
                }
                c => self.out.push(c),
            }
        }
        self
    }

    /// Text whose direction stays its own: letters that run from right to left turn nothing around them.
    pub(super) fn value(&mut self, text: &str) -> &mut Self {
        self.markup("<bdi>").text(text).markup("</bdi>")
    }

    /// A digest, a number, a name of machines.
    pub(super) fn code(&mut self, text: &str) -> &mut Self {
        self.markup("<code>").text(text).markup("</code>")
    }

    /// A moment in RFC 3339, date and time parted by a space; what is no such moment is shown as it is.
    pub(super) fn time(&mut self, text: &str) -> &mut Self {
        let Some((date, time)) = text.split_once('T').filter(|(date, time)| {
            let of = |text: &str, marks: &[char]| {
                text.chars().all(|c| c.is_ascii_digit() || marks.contains(&c))
            };
            date.len() == 10 && of(date, &['-']) && of(time, &[':', '.', '+', '-', 'Z'])
        }) else {
            return self.value(text);
        };
        self.markup("<bdi><span class=\"keep\">")
            .text(date)
            .markup("</span> <span class=\"keep\">");
        self.text(time).markup("</span></bdi>")
    }

    /// A number.
    pub(super) fn number(&mut self, number: impl TryInto<u64>) -> &mut Self {
        let _ = write!(self.out, "{}", number.try_into().unwrap_or(u64::MAX));
        self
    }

    /// A word or sentence of the page's own, from the data file.
    pub(super) fn word(&mut self, id: &'static str) -> &mut Self {
        self.text(words::word(id, self.lang))
    }

    /// A line of a list of facts.
    pub(super) fn fact(&mut self, name: &'static str, value: &str) -> &mut Self {
        self.term(name).value(value).markup("</dd>")
    }

    /// The front of a line of a list of facts, up to `<dd>`.
    pub(super) fn term(&mut self, name: &'static str) -> &mut Self {
        self.markup("<dt>").word(name).markup("</dt><dd>")
    }

    /// A cell of a table, up to what stands in it; narrow screens show the column's name before it.
    pub(super) fn cell(&mut self, column: &'static str) -> &mut Self {
        self.markup("<td data-l=\"").word(column).markup("\">")
    }

    /// The head of a table.
    pub(super) fn columns(&mut self, names: &[&'static str]) -> &mut Self {
        self.markup("<table><thead><tr>");
        for name in names {
            self.markup("<th>").word(name).markup("</th>");
        }
        self.markup("</tr></thead><tbody>")
    }

    /// A heading of a part.
    pub(super) fn part(&mut self, title: &'static str) -> &mut Self {
        self.markup("<h2>").word(title).markup("</h2>")
    }

    pub(super) fn finish(self) -> String {
        self.out
    }
}

fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{483}'..='\u{489}' | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}'
        | '\u{20d0}'..='\u{20ff}' | '\u{fe20}'..='\u{fe2f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> String {
        let mut html = Html::new(Lang::En);
        html.text(text);
        html.finish()
    }

    #[test]
    fn no_text_becomes_markup_or_hides() {
        assert_eq!(text("<b a='\"'>&"), "&lt;b a=&#39;&quot;&#39;&gt;&amp;");
        assert_eq!(text("张\u{202e}三\u{200b}\n\0"), "张\\u{202e}三\\u{200b}\\n\\u{0}");
        assert_eq!(text("a\u{301}\u{301}\u{301}b"), "a\u{301}\u{301}\\u{301}b");
        assert_eq!(text("مثال"), "مثال");
    }

    #[test]
    fn a_long_text_says_how_long_it_is() {
        assert_eq!(text(&"龙".repeat(SHOWN)), "龙".repeat(SHOWN));
        let long = text(&"龙".repeat(SHOWN + 1));
        assert!(long.starts_with(&"龙".repeat(SHOWN)) && long.contains("2001"), "{long}");
    }
}
