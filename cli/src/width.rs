//! How wide a text is in a terminal, and how to bring texts to one width: Chinese characters take two columns.

/// Columns of a character: 0 for combining marks, 2 for wide East Asian characters and pictures, else 1 (Unicode
/// Standard Annex 11, as ranges that change rarely; ambiguous characters count as narrow).
fn columns(c: char) -> usize {
    match u32::from(c) {
        0x300..=0x36f | 0x200b..=0x200f | 0xfe00..=0xfe0f => 0,
        0x1100..=0x115f
        | 0x2e80..=0x303e
        | 0x3041..=0x33ff
        | 0x3400..=0x4dbf
        | 0x4e00..=0x9fff
        | 0xa000..=0xa4cf
        | 0xa960..=0xa97f
        | 0xac00..=0xd7a3
        | 0xf900..=0xfaff
        | 0xfe10..=0xfe19
        | 0xfe30..=0xfe6f
        | 0xff00..=0xff60
        | 0xffe0..=0xffe6
        | 0x1f300..=0x1f64f
        | 0x1f900..=0x1f9ff
        | 0x20000..=0x3fffd => 2,
        _ => 1,
    }
}

/// Columns of a text.
pub(crate) fn width(text: &str) -> usize {
    text.chars().map(columns).sum()
}

/// The text with spaces behind it, up to `to` columns.
pub(crate) fn pad(text: &str, to: usize) -> String {
    format!("{text}{}", " ".repeat(to.saturating_sub(width(text))))
}

/// Characters that do not begin a line.
fn clings(c: char) -> bool {
    matches!(
        c,
        '×' | '，'
            | '。'
            | '、'
            | '；'
            | '：'
            | '）'
            | '》'
            | '〕'
            | '”'
            | ')'
            | ']'
            | ','
            | '.'
            | ';'
            | '…'
    )
}

/// Characters that do not end a line.
fn opens(c: char) -> bool {
    matches!(c, '（' | '《' | '〔' | '“' | '(' | '[')
}

/// Breaks a text into lines of at most `to` columns: between words, and between Chinese characters.
pub(crate) fn wrap(text: &str, to: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for piece in pieces(text) {
        if used > 0 && used + width(piece.trim_end()) > to {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            line.push_str(piece);
            used += width(piece);
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// Words with the spaces behind them, and wide characters one by one, each with the punctuation that belongs to it.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut start = 0;
    let mut before: Option<char> = None;
    for (at, c) in text.char_indices() {
        let breaks = before.is_some_and(|b| {
            let between =
                (b == ' ' && c != ' ') || columns(b) == 2 || (columns(c) == 2 && b != ' ');
            between && c != ' ' && !clings(c) && !opens(b)
        });
        if breaks {
            pieces.extend(text.get(start..at));
            start = at;
        }
        before = Some(c);
    }
    pieces.extend(text.get(start..));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chinese_takes_two_columns() {
        assert_eq!(width("保全号 D-1"), 10);
        assert_eq!(width("e\u{301}"), 1);
        assert_eq!(pad("证据", 6), "证据  ");
        assert_eq!(pad("too long", 3), "too long");
    }

    #[test]
    fn lines_break_between_words_and_between_chinese_characters() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("一二三四五", 4), ["一二", "三四", "五"]);
        assert_eq!(wrap("一二。三", 4), ["一", "二。", "三"], "a full stop does not begin a line");
        assert_eq!(
            wrap("一〔二三〕", 4),
            ["一", "〔二", "三〕"],
            "a bracket stays with what it holds"
        );
        assert_eq!(wrap("one (two)", 5), ["one", "(two)"]);
        assert_eq!(wrap("", 4), [""]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
        for line in wrap("R-0000 位于高度 12 的区块，见 block:12", 12) {
            assert!(width(&line) <= 12, "{line}");
        }
    }
}
