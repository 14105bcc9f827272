//! A verdict for people: what was checked first, then records with their grades, then the court's three heads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::verdict::{DossierPart, Line, RecordView, Status, Verdict};
use super::{dossiers, words};
use crate::value::Lang;

/// Lines of one check that came out alike are told once, with at most this many subjects.
const SUBJECTS: usize = 6;

impl Verdict {
    /// The verdict for people, in one language: aligned, hidden characters written out, no colour.
    pub fn text(&self, lang: Lang) -> String {
        let mut page = Page { lang, out: String::new() };
        for line in &self.summary {
            page.line(line.text.get(lang));
        }
        page.inputs(self);
        page.ledgers(self);
        page.records(self);
        for head in ["authenticity", "relevance", "lawfulness"] {
            page.head(self, head);
        }
        page.out
    }
}

struct Page {
    lang: Lang,
    out: String,
}

impl Page {
    fn word(&self, zh: &'static str, en: &'static str) -> &'static str {
        match self.lang {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }

    fn line(&mut self, text: &str) {
        self.out.push_str(text);
        self.out.push('\n');
    }

    fn pair(&mut self, zh: &'static str, en: &'static str, value: &str) {
        let name = pad(self.word(zh, en), 14);
        let _ = writeln!(self.out, "  {name}{value}");
    }

    fn inputs(&mut self, verdict: &Verdict) {
        let inputs = &verdict.inputs;
        self.line("");
        self.pair("证据 SHA-256", "evidence", &inputs.evidence.sha256);
        let policy = inputs.policy.as_ref().map_or(self.word("无", "none"), |file| &file.sha256);
        let policy = policy.to_owned();
        self.pair("核验策略", "policy", &policy);
        self.pair("核验时间", "at", &inputs.declared_time);
        self.pair("核验程序", "by", inputs.verifier);
    }

    fn ledgers(&mut self, verdict: &Verdict) {
        if verdict.ledgers.is_empty() {
            return;
        }
        self.line("");
        self.line(self.word("账本", "Ledgers"));
        for ledger in &verdict.ledgers {
            let says = self.word("自称", "calls itself");
            let organisation = ledger.organisation.as_deref().unwrap_or("–");
            let known = match &ledger.known_as {
                Some(name) => format!("{} {name}", self.word("核验策略中为", "in your policy")),
                None => self.word("来源未核验", "origin not checked").to_owned(),
            };
            let _ = writeln!(
                self.out,
                "  {}  {}  {says} {organisation}; {known}; {} {}",
                short(&ledger.id),
                pad(ledger.hash, 8),
                self.word("最新高度", "head"),
                ledger.head_height,
            );
        }
    }

    fn records(&mut self, verdict: &Verdict) {
        for dossier in &verdict.dossiers {
            self.line("");
            let _ = writeln!(self.out, "{} {}", self.word("保全号", "Dossier"), dossier.number);
            for part in &dossier.parts {
                self.part(part);
                let mine = |record: &&RecordView| {
                    record.dossier == dossier.number && record.ledger == part.ledger
                };
                for record in verdict.records.iter().filter(mine) {
                    self.record(record);
                }
            }
        }
        let placed = |record: &&RecordView| record.sealed != Status::Proven;
        for record in verdict.records.iter().filter(placed) {
            self.record(record);
        }
    }

    fn part(&mut self, part: &DossierPart) {
        let missing = match part.complete_up_to_last {
            true => self.word("齐全", "complete").to_owned(),
            false => format!(
                "{} {}",
                self.word("缺位次", "missing"),
                dossiers::ranges(&part.missing).join(", ")
            ),
        };
        let _ = writeln!(
            self.out,
            "  {} {}: {} 0–{}, {missing}; {}",
            self.word("账本", "ledger"),
            short(&part.ledger),
            self.word("位次", "places"),
            part.last,
            self.word("其后不作说明", "nothing is said about later ones"),
        );
    }

    fn record(&mut self, record: &RecordView) {
        let sealed = words::status_name(record.sealed, self.lang);
        let grade = record.grade_name.get(self.lang).to_owned();
        let label = record.label.get(self.lang).to_owned();
        let happened = record.happened.as_deref().unwrap_or("–");
        let _ = writeln!(
            self.out,
            "  {}  {}  {}  {label}  {happened}  [{grade}]",
            pad(&record.place.to_string(), 4),
            pad(sealed, 12),
            record.number,
        );
        if let Some(by) = &record.superseded_by {
            let _ = writeln!(self.out, "        {} {by}", self.word("已被更正：", "corrected by"));
        }
        for field in record.fields.iter().filter(|field| field.value.is_some()) {
            let value = field.value.as_ref().map_or("", |value| value.get(self.lang));
            let original = match &field.original {
                Some(text) => format!("  ({} {text})", self.word("原文", "as captured")),
                None => String::new(),
            };
            let _ = writeln!(
                self.out,
                "        {}{value}{original}",
                pad(field.label.get(self.lang), 24)
            );
        }
        for (state, zh, en) in [
            ("withheld", "未出示", "withheld"),
            ("erased", "已擦除", "erased"),
            ("mismatch", "与承诺不符", "does not fit"),
        ] {
            let count = record.fields.iter().filter(|field| field.state == state).count();
            if count > 0 {
                let _ = writeln!(self.out, "        {}{count}", pad(self.word(zh, en), 24));
            }
        }
        let lift = record.lift.get(self.lang).to_owned();
        let _ = writeln!(self.out, "        → {lift}");
    }

    /// Lines of one head, by check; those that say the same of many things are told once.
    fn head(&mut self, verdict: &Verdict, head: &str) {
        let mut groups: Vec<(&Line, Vec<&Line>)> = Vec::new();
        let mut places: BTreeMap<(&str, &str, &str), usize> = BTreeMap::new();
        for line in verdict.lines.iter().filter(|line| line.head == head) {
            let says = line.says.get(self.lang);
            match places.get(&(line.check, line.outcome, says)) {
                Some(at) => {
                    if let Some((_, same)) = groups.get_mut(*at) {
                        same.push(line);
                    }
                }
                None => {
                    places.insert((line.check, line.outcome, says), groups.len());
                    groups.push((line, vec![line]));
                }
            }
        }
        if groups.is_empty() {
            return;
        }
        groups.sort_by_key(|(line, _)| match line.status {
            Status::Contradicted => 0,
            Status::Proven => 1,
            Status::NotProven => 2,
            Status::NotChecked => 3,
        });
        self.line("");
        self.line(words::head_name(head, self.lang));
        for (line, same) in groups {
            self.group(line, &same);
        }
    }

    fn group(&mut self, line: &Line, same: &[&Line]) {
        let status = pad(words::status_name(line.status, self.lang), 14);
        let says = line.says.get(self.lang);
        let times = match same.len() {
            1 => String::new(),
            n => format!(" (×{n})"),
        };
        let _ = writeln!(self.out, "  {status}{says}{times}");
        let indent = " ".repeat(16);
        let mut subjects: Vec<String> =
            same.iter().map(|line| short_subject(&line.subject)).collect();
        subjects.dedup();
        let more = subjects.len().saturating_sub(SUBJECTS);
        subjects.truncate(SUBJECTS);
        let more = match more {
            0 => String::new(),
            n => format!(" … +{n}"),
        };
        let _ = writeln!(self.out, "{indent}{}{more}", subjects.join(", "));
        let says_not = line.says_not.get(self.lang);
        let _ = writeln!(self.out, "{indent}※ {says_not}");
    }
}

/// The first 12 digits of a long hexadecimal name.
fn short(id: &str) -> &str {
    id.get(..12).unwrap_or(id)
}

fn short_subject(subject: &str) -> String {
    match subject.split_once(':') {
        Some((kind, rest)) => match rest.split_once('/') {
            Some((id, place)) => format!("{kind} {}/{place}", short(id)),
            None => format!("{kind} {}", short(rest)),
        },
        None => subject.to_owned(),
    }
}

/// The text with spaces behind it up to `width` columns; Chinese characters take two.
fn pad(text: &str, width: usize) -> String {
    let columns: usize = text.chars().map(|c| if u32::from(c) >= 0x1100 { 2 } else { 1 }).sum();
    format!("{text}{}", " ".repeat(width.saturating_sub(columns).max(1)))
}
