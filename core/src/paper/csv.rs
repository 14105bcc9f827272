//! CSV as RFC 4180 has it, safe to open in a spreadsheet program.

use crate::value::escape::is_hidden;

/// First characters that spreadsheet programs take for a formula, in their wide forms too.
const FORMULA: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];

/// A table in the making: UTF-8 with a byte order mark, lines end in CR LF, every cell in quotation marks.
pub(super) struct Csv(String);

impl Csv {
    pub(super) fn new() -> Self {
        Self("\u{feff}".to_owned())
    }

    pub(super) fn row<const N: usize>(&mut self, cells: [&str; N]) {
        for (at, cell) in cells.iter().enumerate() {
            self.0.push_str(if at > 0 { ",\"" } else { "\"" });
            self.cell(cell);
            self.0.push('"');
        }
        self.0.push_str("\r\n");
    }

    fn cell(&mut self, text: &str) {
        // An apostrophe in front makes text of what would be a formula; spaces before one do not help it.
        if text.trim_start().starts_with(FORMULA) {
            self.0.push('\'');
        }
        for c in text.chars() {
            match c {
                '"' => self.0.push_str("\"\""),
                '\n' => self.0.push_str("\\n"),
                '\r' => self.0.push_str("\\r"),
                '\t' => self.0.push_str("\\t"),
                c if is_hidden(c) => self.0.push_str(&format!("\\u{{{:x}}}", u32::from(c))),
                c => self.0.push(c),
            }
        }
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: [&str; 1]) -> String {
        let mut csv = Csv::new();
        csv.row(cells);
        csv.finish()
    }

    #[test]
    fn cells_are_quoted_and_no_formula() {
        assert_eq!(row(["a,\"b\"\r\nc"]), "\u{feff}\"a,\"\"b\"\"\\r\\nc\"\r\n");
        for formula in ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "＝1", "\u{3000}=1"] {
            assert!(row([formula]).starts_with("\u{feff}\"'"), "{formula}");
        }
        assert_eq!(row(["R-12=3"]), "\u{feff}\"R-12=3\"\r\n");
        assert_eq!(row(["\u{202e}a"]), "\u{feff}\"\\u{202e}a\"\r\n");
    }
}
