//! The lines of the verdict: counts, the three heads of the court, and first of all what is not proven.

use std::collections::BTreeMap;

use super::given::{Given, Line};
use super::html::Html;
use crate::value::Lang;
use crate::verify::{Status, check_name, head_name, status_name};

/// The three heads of the court, in its order.
const HEADS: [&str; 3] = ["authenticity", "relevance", "lawfulness"];

/// Of lines that say the same, at most this many subjects are named.
const SUBJECTS: usize = 8;

/// The word for a status, with a sign that is there in black and white too.
pub(super) fn chip(html: &mut Html, status: Status) {
    let lang = html.lang;
    html.markup(match status {
        Status::Proven => "<span class=\"chip good\">✓ ",
        Status::Contradicted => "<span class=\"chip bad\">✗ ",
        Status::NotProven => "<span class=\"chip open\">? ",
        Status::NotChecked => "<span class=\"chip none\">– ",
    });
    html.text(status_name(status, lang)).markup("</span>");
}

/// How many lines of each head came out how.
pub(super) fn counts(html: &mut Html, given: &Given) {
    let lang = html.lang;
    html.markup("<table><thead><tr><th></th>");
    for status in Status::ALL {
        html.markup("<th>").text(status_name(status, lang)).markup("</th>");
    }
    html.markup("</tr></thead><tbody>");
    for head in HEADS {
        html.markup("<tr><td>").text(head_name(head, lang)).markup("</td>");
        for status in Status::ALL {
            html.markup("<td data-l=\"").text(status_name(status, lang)).markup("\">");
            html.number(given.count(head, status)).markup("</td>");
        }
        html.markup("</tr>");
    }
    html.markup("</tbody></table>\n");
}

/// What this page does not prove: what holds of every certificate, then the checks that are open in this one.
pub(super) fn not_proven(html: &mut Html, given: &Given) {
    let lang = html.lang;
    html.part("not-proven").markup("<ul>");
    for always in ["not-1", "not-2", "not-3", "not-4", "not-5"] {
        html.markup("<li>").word(always).markup("</li>");
    }
    // By status first: of one check, twelve lines may be open and the thirteenth contradicted.
    let mut open: BTreeMap<(u8, &str), (usize, &Line)> = BTreeMap::new();
    for line in given.lines.iter().filter(|line| line.status != Status::Proven) {
        open.entry((rank(line.status), &line.check)).or_insert((0, line)).0 += 1;
    }
    html.markup("</ul><h3>").word("open-here").markup("</h3><ul>");
    for ((_, check), (count, line)) in &open {
        html.markup("<li>");
        chip(html, line.status);
        html.markup(" ").text(check_name(check, lang).unwrap_or(check));
        html.markup(" ×").number(*count).markup("</li>");
    }
    if open.is_empty() {
        html.markup("<li>").word("nothing-open").markup("</li>");
    }
    html.markup("</ul>\n");
}

/// Words of outsiders: countersignatures, timestamps, receipts of platforms.
pub(super) fn outside(html: &mut Html, given: &Given) {
    html.part("outside");
    let lines: Vec<&Line> =
        given.lines.iter().filter(|line| line.check.starts_with("outside.")).collect();
    if lines.is_empty() {
        html.markup("<p>").word("no-outside").markup("</p>\n");
        return;
    }
    table(html, &lines);
}

/// Every check, under the head of the court that it belongs to.
pub(super) fn heads(html: &mut Html, given: &Given) {
    let lang = html.lang;
    html.part("three-heads").markup("<p><small>").word("heads-note").markup("</small></p>");
    for head in HEADS {
        html.markup("<h3>").text(head_name(head, lang)).markup("</h3>");
        let lines: Vec<&Line> = given.lines.iter().filter(|line| line.head == head).collect();
        table(html, &lines);
    }
}

/// The order of a status where the worst stands first.
fn rank(status: Status) -> u8 {
    match status {
        Status::Contradicted => 0,
        Status::NotProven => 1,
        Status::NotChecked => 2,
        Status::Proven => 3,
    }
}

/// Lines that say the same are told once, contradictions first.
fn table(html: &mut Html, lines: &[&Line]) {
    let lang = html.lang;
    let mut groups: BTreeMap<(u8, &str, &str), Vec<&Line>> = BTreeMap::new();
    for line in lines {
        groups.entry((rank(line.status), &line.check, line.says.get(lang))).or_default().push(line);
    }
    html.columns(&["result", "says", "about"]);
    for ((_, _, says), same) in &groups {
        let Some(first) = same.first() else { continue };
        html.markup("<tr>").cell("result");
        chip(html, first.status);
        html.markup("</td>").cell("says").markup("<p>").value(says);
        if same.len() > 1 {
            html.markup(" <small>×").number(same.len()).markup("</small>");
        }
        html.markup("</p><p><small>※ ").value(first.says_not.get(lang)).markup("</small></p></td>");
        html.cell("about");
        subjects(html, same);
        html.markup("</td></tr>");
    }
    html.markup("</tbody></table>\n");
}

fn subjects(html: &mut Html, lines: &[&Line]) {
    let mut names: Vec<String> = lines.iter().map(|line| short(&line.subject)).collect();
    names.dedup();
    for name in names.iter().take(SUBJECTS) {
        html.markup("<p>").code(name).markup("</p>");
    }
    if let Some(more @ 1..) = names.len().checked_sub(SUBJECTS) {
        html.markup("<p><small>+").number(more).markup("</small></p>");
    }
}

/// A subject with the first digits of what is long in it.
pub(super) fn short(subject: &str) -> String {
    let cut = |text: &str| text.chars().take(12).collect::<String>();
    match subject.split_once(':') {
        Some((kind, rest)) => match rest.split_once('/') {
            Some((id, place)) => format!("{kind} {}/{place}", cut(id)),
            None => format!("{kind} {}", cut(rest)),
        },
        None => subject.to_owned(),
    }
}

/// The sentence of the first line of a check about a subject, with its status.
pub(super) fn sentence(html: &mut Html, given: &Given, subject: &str, check: &str) {
    let lang: Lang = html.lang;
    for line in given.about(subject).filter(|line| line.check == check) {
        html.markup("<p>");
        chip(html, line.status);
        html.markup(" ").value(line.says.get(lang)).markup("</p>");
    }
}
