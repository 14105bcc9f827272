//! A verdict on the screen: what it rests on, what is not in order, and what would lift each record. Short enough to be
//! read; the whole of it is in `--verbose` and `--json`.

use yinzheng::value::{Lang, word};
use yinzheng::verify::{Line, RecordView, Status, Verdict, check_name, head_name, status_name};

use crate::clock;
use crate::output::{Page, Pick, Screen, Tone, span};
use crate::width::{pad, width};

/// The court's three heads, in the order in which they are asked.
pub(crate) const HEADS: [&str; 3] = ["authenticity", "relevance", "lawfulness"];

/// Lines that say the same are told once; of more than so many things only the number is told.
const SUBJECTS: usize = 2;

/// Columns from which on tables show numbers in full.
const FULL_NUMBERS: usize = 100;

/// What the verdict rests on, and how many lines came out how.
pub(crate) fn summary(page: &mut Page, verdict: &Verdict, lang: Lang) {
    for line in &verdict.summary {
        let (mark, tone) = match line.id {
            "contradicted" | "unreadable" => ("✗ ", Tone::Bad),
            "integrity-only" | "origin-in-part" => ("! ", Tone::Warn),
            "origin-checked" => ("✓ ", Tone::Good),
            _ => ("  ", Tone::Plain),
        };
        page.paragraph(2, span(mark, tone), line.text.get(lang), Tone::Plain);
    }
}

/// The lines under the court's three heads: what is proven by name, all else in its own words.
pub(crate) fn heads(page: &mut Page, verdict: &Verdict, lang: Lang) {
    for head in HEADS {
        let lines: Vec<&Line> = verdict.lines.iter().filter(|line| line.head == head).collect();
        if lines.is_empty() {
            continue;
        }
        page.heading(head_name(head, lang));
        for status in [Status::Contradicted, Status::Proven, Status::NotProven, Status::NotChecked]
        {
            let lines: Vec<&Line> =
                lines.iter().copied().filter(|line| line.status == status).collect();
            match status {
                Status::Proven => proven(page, &lines, lang),
                _ => in_words(page, status, &lines, lang),
            }
        }
    }
}

/// Mark, word and tone of a status.
fn mark(status: Status, lang: Lang) -> (String, Tone) {
    let (mark, tone) = match status {
        Status::Proven => ("✓", Tone::Good),
        Status::Contradicted => ("✗", Tone::Bad),
        Status::NotProven => ("?", Tone::Warn),
        Status::NotChecked => ("–", Tone::Dim),
    };
    let widest = lang.pick(8, 14);
    (pad(&format!("{mark} {}", status_name(status, lang)), widest) + "  ", tone)
}

/// Proven lines by the names of their checks, with how often.
fn proven(page: &mut Page, lines: &[&Line], lang: Lang) {
    let mut names: Vec<(&str, usize)> = Vec::new();
    for line in lines {
        match names.iter_mut().find(|(check, _)| *check == line.check) {
            Some((_, count)) => *count += 1,
            None => names.push((line.check, 1)),
        }
    }
    if names.is_empty() {
        return;
    }
    let told: Vec<String> = names
        .iter()
        .map(|(check, count)| match count {
            1 => name(check, lang),
            count => format!("{} ×{count}", name(check, lang)),
        })
        .collect();
    let (mark, tone) = mark(Status::Proven, lang);
    page.paragraph(2, span(mark, tone), &told.join(lang.pick("、", ", ")), Tone::Plain);
}

fn name(check: &str, lang: Lang) -> String {
    check_name(check, lang).unwrap_or(check).to_owned()
}

/// Lines in their own words; those that say the same are told once.
fn in_words(page: &mut Page, status: Status, lines: &[&Line], lang: Lang) {
    let mut said: Vec<(&str, Vec<&Line>)> = Vec::new();
    for line in lines {
        let says = line.says.get(lang);
        match said.iter_mut().find(|(sentence, _)| *sentence == says) {
            Some((_, same)) => same.push(line),
            None => said.push((says, vec![line])),
        }
    }
    let (mark, tone) = mark(status, lang);
    let mut first = span(mark.clone(), tone);
    for (says, same) in said {
        let subjects = subjects(&same, lang);
        page.paragraph(2, first, &format!("{says}{subjects}"), Tone::Plain);
        first = span(" ".repeat(width(&mark)), Tone::Plain);
    }
}

/// What lines are about, in brackets; nothing where it is the proof itself.
fn subjects(lines: &[&Line], lang: Lang) -> String {
    let mut names: Vec<String> = lines
        .iter()
        .filter(|line| line.subject != "proof" && line.subject != "policy")
        .map(|line| short(&line.subject, lang))
        .collect();
    names.dedup();
    let list = match names.len() {
        0 => return String::new(),
        1..=SUBJECTS => names.join(lang.pick("、", ", ")),
        count => format!("×{count}"),
    };
    lang.pick(format!("〔{list}〕"), format!(" [{list}]"))
}

/// A subject as a person can tell it apart: the first groups of a number, the first digits of an id.
fn short(subject: &str, lang: Lang) -> String {
    let Some((kind, rest)) = subject.split_once(':') else { return short_number(subject) };
    let (id, place) = rest.split_once('/').map_or((rest, ""), |(id, place)| (id, place));
    let (kind, id) = (word(kind, lang), id.get(..8).unwrap_or(id));
    if place.is_empty() { format!("{kind} {id}") } else { format!("{kind} {id}/{place}") }
}

/// `R-ABCD-EFGH…`: enough to find it in a table above.
fn short_number(number: &str) -> String {
    match number.get(..11) {
        Some(front) if number.len() > 20 => format!("{front}…"),
        _ => number.to_owned(),
    }
}

/// Records with their grades, and what would lift them.
///
/// They stand in the order of the times that they claim, which is how a reader follows a matter; a proof has them ledger by
/// ledger.
pub(crate) fn records(page: &mut Page, verdict: &Verdict, screen: &Screen) {
    if verdict.records.is_empty() {
        return;
    }
    let lang = screen.lang;
    page.heading(lang.pick("存证记录，按其所述时间", "Records, by the times they claim"));
    let mut records: Vec<&RecordView> = verdict.records.iter().collect();
    records.sort_by_key(|record| claimed(record).and_then(|time| clock::parse(time).ok()));
    let rows = records.iter().map(|record| {
        vec![
            claimed(record).and_then(|time| time.get(..19)).unwrap_or("–").replace('T', " ").into(),
            record.label.get(lang).into(),
            grade(record, lang),
            span(number(&record.number, screen), Tone::Dim),
        ]
    });
    page.table(2, rows.collect());
    lifts(page, verdict, lang);
}

/// The time that a record claims, as RFC 3339.
fn claimed(record: &RecordView) -> Option<&str> {
    record.happened.as_deref().or(record.captured.as_deref())
}

/// A number in a table: in full where the terminal has room for it.
pub(crate) fn number(number: &str, screen: &Screen) -> String {
    if screen.columns >= FULL_NUMBERS { number.to_owned() } else { short_number(number) }
}

/// The grade of a record as a cell.
pub(crate) fn grade(record: &RecordView, lang: Lang) -> crate::output::Span {
    match record.sealed {
        Status::Proven => {
            let tone = if record.grade == "self" { Tone::Plain } else { Tone::Good };
            span(record.grade_name.get(lang), tone)
        }
        status => span(status_name(status, lang), Tone::Bad),
    }
}

/// Each grade that occurs, how often, and the next step.
pub(crate) fn lifts(page: &mut Page, verdict: &Verdict, lang: Lang) {
    let mut grades: Vec<(&RecordView, usize)> = Vec::new();
    for record in &verdict.records {
        match grades.iter_mut().find(|(first, _)| first.grade == record.grade) {
            Some((_, count)) => *count += 1,
            None => grades.push((record, 1)),
        }
    }
    if !grades.is_empty() {
        page.heading(lang.pick("证据等级与提升办法", "Grades, and what would lift them"));
    }
    let widest = grades.iter().map(|(r, _)| width(r.grade_name.get(lang))).max().unwrap_or(0);
    for (record, count) in grades {
        let name = pad(record.grade_name.get(lang), widest);
        let lead = format!("{name}  ×{count:<3} → ");
        page.paragraph(2, span(lead, Tone::Plain), record.lift.get(lang), Tone::Plain);
    }
}
