//! Patterns of profiles: a row of literals and `[classes]`, each with an optional `{n}` or `{n,m}`. It is
//! small on purpose: every language can write the same matcher in an hour, and no pattern can run away.

use crate::{Error, ErrorCode, Result};

/// Most characters that a pattern may ask for in all, and most characters of its source.
const LENGTH: u32 = 1_024;

/// A pattern that a whole text must fit.
///
/// ```
/// use yinzheng::value::Pattern;
/// let note = Pattern::parse("JJ-[0-9A-Z]{2,4}").unwrap();
/// assert!(note.fits("JJ-0A7"));
/// assert!(!note.fits("JJ-0A7-"));
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    atoms: Vec<Atom>,
}

#[derive(Clone, PartialEq, Eq, Debug)]
struct Atom {
    /// Inclusive ranges of characters.
    class: Vec<(char, char)>,
    least: u32,
    most: u32,
}

impl Pattern {
    /// Reads a pattern. Within a class, `a-z` is a range and `-` at either end is itself; outside, every
    /// character but `[ ] { }` is itself. Anything else is [`ErrorCode::InvalidProfile`].
    pub fn parse(source: &str) -> Result<Self> {
        let bad = |what: &str| Error::new(ErrorCode::InvalidProfile, format!("pattern: {what}"));
        let (mut rest, mut atoms, mut total) = (source, Vec::new(), 0u32);
        while let Some(c) = rest.chars().next() {
            rest = rest.get(c.len_utf8()..).unwrap_or_default();
            let class = match c {
                '[' => {
                    let (inner, tail) =
                        rest.split_once(']').ok_or_else(|| bad("a class without its end"))?;
                    rest = tail;
                    class(&inner.chars().collect::<Vec<_>>())
                        .ok_or_else(|| bad("an empty class or a reversed range"))?
                }
                ']' | '{' | '}' => return Err(bad("a bracket without its partner")),
                c => vec![(c, c)],
            };
            let (mut least, mut most) = (1, 1);
            if let Some(behind) = rest.strip_prefix('{') {
                let (inner, tail) =
                    behind.split_once('}').ok_or_else(|| bad("a count without its end"))?;
                rest = tail;
                (least, most) = counts(inner).ok_or_else(|| bad("expected {n} or {n,m}"))?;
            }
            total = total.saturating_add(most);
            atoms.push(Atom { class, least, most });
        }
        if atoms.is_empty() || total > LENGTH {
            return Err(bad("empty, or asks for too much"));
        }
        Ok(Self { atoms })
    }

    /// Whether the whole text fits.
    pub fn fits(&self, text: &str) -> bool {
        // The set of lengths (in characters) that the atoms so far can have taken from the start.
        let text: Vec<char> = text.chars().take(LENGTH as usize + 1).collect();
        let mut reached = vec![false; text.len() + 1];
        if let Some(start) = reached.first_mut() {
            *start = true;
        }
        for atom in &self.atoms {
            reached = atom.step(&text, &reached);
        }
        reached.last() == Some(&true)
    }
}

impl Atom {
    fn holds(&self, c: char) -> bool {
        self.class.iter().any(|&(low, high)| (low..=high).contains(&c))
    }

    fn step(&self, text: &[char], reached: &[bool]) -> Vec<bool> {
        let mut next = vec![false; reached.len()];
        for start in reached.iter().enumerate().filter_map(|(at, &on)| on.then_some(at)) {
            let run = text
                .iter()
                .skip(start)
                .take(self.most as usize)
                .take_while(|&&c| self.holds(c))
                .count();
            for end in self.least as usize..=run {
                if let Some(slot) = next.get_mut(start + end) {
                    *slot = true;
                }
            }
        }
        next
    }
}

fn class(inner: &[char]) -> Option<Vec<(char, char)>> {
    let mut ranges = Vec::new();
    let mut rest = inner;
    loop {
        match rest {
            [] => break,
            [low, '-', high, tail @ ..] => {
                if low > high {
                    return None;
                }
                ranges.push((*low, *high));
                rest = tail;
            }
            [c, tail @ ..] => {
                ranges.push((*c, *c));
                rest = tail;
            }
        }
    }
    (!ranges.is_empty()).then_some(ranges)
}

fn counts(inner: &str) -> Option<(u32, u32)> {
    let number = |s: &str| s.bytes().all(|b| b.is_ascii_digit()).then(|| s.parse().ok()).flatten();
    let (least, most) = match inner.split_once(',') {
        Some((least, most)) => (number(least)?, number(most)?),
        None => (number(inner)?, number(inner)?),
    };
    (least <= most && most > 0).then_some((least, most))
}
