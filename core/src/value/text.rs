//! Cleaning of captured text before it is read as a type. The original is never changed; what the cleaning
//! had to do is reported.

use super::Finding;
use super::escape::is_hidden;

/// Text on its way through a parser, with what was found odd so far.
pub(super) struct Clean {
    pub(super) text: String,
    pub(super) findings: Vec<Finding>,
}

impl Clean {
    /// For texts that are read by a machine (numbers, times, identifiers): takes out hidden characters, turns
    /// full-width characters into their plain forms, and trims.
    pub(super) fn token(original: &str) -> Self {
        let mut findings = Vec::new();
        let mut text = String::with_capacity(original.len());
        for c in original.chars() {
            if is_hidden(c) {
                findings.push(Finding::INVISIBLE);
            } else if let Some(plain) = half_width(c) {
                findings.push(Finding::FULL_WIDTH);
                text.push(plain);
            } else {
                text.push(c);
            }
        }
        let mut clean = Self { text, findings };
        clean.trim();
        clean
    }

    /// For texts that people read: only trims; hidden and full-width characters stay and are reported.
    pub(super) fn free(original: &str) -> Self {
        let mut findings = Vec::new();
        if original.chars().any(is_hidden) {
            findings.push(Finding::INVISIBLE);
        }
        // Full-width punctuation is normal in Chinese; full-width letters and digits are not.
        if original
            .chars()
            .any(|c| half_width(c).is_some_and(|plain| plain.is_ascii_alphanumeric()))
        {
            findings.push(Finding::FULL_WIDTH);
        }
        let mut clean = Self { text: original.to_owned(), findings };
        clean.trim();
        clean
    }

    fn trim(&mut self) {
        let trimmed = self.text.trim();
        if trimmed.len() != self.text.len() {
            self.findings.push(Finding::SURROUNDING_SPACES);
            self.text = trimmed.to_owned();
        }
    }

    /// Takes out the spaces inside.
    pub(super) fn squeeze(mut self) -> Self {
        if self.text.contains(char::is_whitespace) {
            self.findings.push(Finding::INNER_SPACES);
            self.text.retain(|c| !c.is_whitespace());
        }
        self
    }

    pub(super) fn find(&mut self, finding: Finding) {
        self.findings.push(finding);
    }
}

/// The ASCII character that a full-width one stands for.
fn half_width(c: char) -> Option<char> {
    let code = u32::from(c);
    if !(0xff01..=0xff5e).contains(&code) {
        return None;
    }
    char::from_u32(code - 0xfee0)
}
