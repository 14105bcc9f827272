//! The records 证据点: one line each, then each in full.

use super::given::{Consistency, Field, Given, Record};
use super::html::Html;
use super::{PaperOptions, checks, head, words};
use crate::value::{Lang, word};

fn listed(given: &Given, signed_only: bool) -> impl Iterator<Item = &Record> {
    given.records.iter().filter(move |record| !signed_only || is_signed(given, record))
}

/// Whether anybody's statement over it is shown, good or bad.
fn is_signed(given: &Given, record: &Record) -> bool {
    given.about(&record.number).any(|line| line.check == "statement.signature")
}

/// 一致, 不一致 or 未核验, and how many other checks of the record contradict.
pub(super) fn consistency(html: &mut Html, given: &Given, record: &Record) {
    match given.consistency(record) {
        Consistency::Same => html.markup("<span class=\"chip good\">✓ ").word("same"),
        Consistency::Differs => html.markup("<span class=\"chip bad\">✗ ").word("differs"),
        Consistency::Open => html.markup("<span class=\"chip none\">– ").word("unchecked"),
    };
    html.markup("</span>");
    let others = given.contradictions(record);
    if others > 0 {
        html.markup(" <span class=\"chip bad\">✗ ").word("contradicted-otherwise").markup(" ×");
        html.number(others).markup("</span>");
    }
}

/// The same as plain text.
pub(super) fn consistency_text(given: &Given, record: &Record, lang: Lang) -> String {
    let mut text = words::word(
        match given.consistency(record) {
            Consistency::Same => "same",
            Consistency::Differs => "differs",
            Consistency::Open => "unchecked",
        },
        lang,
    )
    .to_owned();
    let others = given.contradictions(record);
    if others > 0 {
        text.push_str(if lang == Lang::Zh { "；" } else { "; " });
        text.push_str(&format!("{} ×{others}", words::word("contradicted-otherwise", lang)));
    }
    text
}

/// A table of all records.
pub(super) fn overview(html: &mut Html, given: &Given, signed_only: bool) {
    let lang = html.lang;
    html.part(if signed_only { "signed-records" } else { "records" });
    html.columns(&["no", "what", "record-number", "happened", "consistency", "grade", "signed-by"]);
    for (at, record) in listed(given, signed_only).enumerate() {
        html.markup("<tr>").cell("no").number(at + 1).markup("</td>").cell("what");
        html.value(record.label.get(lang)).markup("</td>").cell("record-number");
        html.code(&record.number).markup("</td>").cell("happened");
        html.time(record.happened.as_deref().unwrap_or("–")).markup("</td>").cell("consistency");
        consistency(html, given, record);
        html.markup("</td>").cell("grade").value(record.grade_name.get(lang));
        html.markup("</td>").cell("signed-by");
        roles(html, record);
        html.markup("</td></tr>");
    }
    html.markup("</tbody></table><p><small>").word("consistency-note").markup("</small></p>\n");
}

fn roles(html: &mut Html, record: &Record) {
    let lang = html.lang;
    if record.signed_by.is_empty() {
        html.markup("–");
    }
    for (at, role) in record.signed_by.iter().enumerate() {
        html.markup(if at > 0 { "、" } else { "" }).value(word(role, lang));
    }
}

/// Every record with everything that the page may show of it.
pub(super) fn details(html: &mut Html, given: &Given, options: &PaperOptions, signed_only: bool) {
    let lang = html.lang;
    html.part("details");
    for (at, record) in listed(given, signed_only).enumerate() {
        html.markup("<section class=\"record\"><h3>").number(at + 1).markup(". ");
        html.value(record.label.get(lang)).markup(" ");
        consistency(html, given, record);
        html.markup("</h3><dl>").term("record-number").code(&record.number).markup("</dd>");
        html.term("digest").code(&record.digest).markup("</dd>").term("place");
        html.word("preservation-number").markup(" ").code(&record.dossier).markup("<br>");
        html.word("sealer")
            .markup(" ")
            .value(&head::sealer(given, &record.ledger, lang))
            .markup(" · ");
        html.word("place-in-dossier").markup(" ").number(record.place).markup(" · ");
        html.word("block").markup(" ").number(record.height);
        if let Some(sequence) = record.sequence {
            html.markup(" · ").word("sequence").markup(" ").number(sequence);
        }
        html.markup("</dd>").term("profile").code(&record.profile).markup(" ");
        html.number(record.profile_version).markup("</dd>");
        times(html, given, record);
        html.term("grade").value(record.grade_name.get(lang)).markup(" <small>");
        html.value(record.lift.get(lang)).markup("</small></dd>").term("signed-by");
        roles(html, record);
        html.markup("</dd>");
        if let Some(by) = &record.superseded_by {
            html.term("superseded-by").code(by).markup("</dd>");
        }
        html.markup("</dl>");
        fields(html, record, options);
        html.markup("</section>\n");
    }
}

/// What was declared, and the interval that somebody outside supports.
fn times(html: &mut Html, given: &Given, record: &Record) {
    let lang = html.lang;
    if let Some(happened) = &record.happened {
        html.term("happened").time(happened).markup("</dd>");
    }
    if let Some(captured) = &record.captured {
        html.term("captured").time(captured).markup(" <small>").word("clock").markup(" ");
        html.value(word(&record.clock, lang)).markup("</small></dd>");
    }
    html.term("interval");
    checks::sentence(html, given, &record.number, "record.not-earlier");
    checks::sentence(html, given, &record.number, "record.not-later");
    checks::sentence(html, given, &record.number, "record.interval");
    html.markup("</dd>");
}

fn fields(html: &mut Html, record: &Record, options: &PaperOptions) {
    let lang = html.lang;
    html.markup("<dl>");
    for field in &record.fields {
        let Some(value) = field.titled(options.full, lang) else { continue };
        html.markup("<dt>").value(field.label.get(lang)).markup("</dt><dd>").value(value);
        if let (Some(original), true) = (&field.original, options.full) {
            html.markup("<br><small>").word("as-captured").markup(" ").value(original);
            html.markup("</small>");
        }
        file(html, field, options);
        html.markup("</dd>");
    }
    html.markup("</dl>");
    let count = |state: &str| record.fields.iter().filter(|field| field.state == state).count();
    let masked = record
        .fields
        .iter()
        .filter(|field| field.state == "shown" && field.shown(options.full, lang).is_none());
    let masked = masked.count();
    for (name, count) in [
        ("masked-here", masked),
        ("withheld", count("withheld")),
        ("erased", count("erased")),
        ("mismatch", count("mismatch")),
    ] {
        if count > 0 {
            html.markup(if name == "mismatch" { "<p class=\"bad\">" } else { "<p><small>" });
            html.word(name).markup(" ").number(count);
            html.markup(if name == "mismatch" { "</p>" } else { "</small></p>" });
        }
    }
}

/// The digests of an attachment, and whether its original goes with the page.
fn file(html: &mut Html, field: &Field, options: &PaperOptions) {
    let Some(file) = &field.file else { return };
    html.markup("<br><small>SHA-256 </small>").code(&file.digest.sha256);
    html.markup("<br><small>SM3 </small>").code(&file.digest.sm3).markup("<br><small>");
    html.value(&file.media_type).markup(" · ").number(file.digest.size).markup(" ").word("bytes");
    html.markup(" · ").word(super::list::original(options, &file.digest));
    html.markup("</small>");
}
