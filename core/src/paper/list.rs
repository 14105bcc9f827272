//! The evidence list 证据目录: number, name, source, what it is offered to prove, digest, and whether the original is there.

use super::given::{FileDigest, Given, Record};
use super::{PaperOptions, csv, frame, head, records, words};
use crate::Result;
use crate::value::Lang;

/// The columns of the table.
const COLUMNS: [&str; 9] = [
    "no",
    "evidence-name",
    "record-number",
    "source",
    "proves",
    "algorithm",
    "digest",
    "consistency",
    "original",
];

/// One line of the list: a record, or a file that a record names.
struct Row<'a> {
    number: String,
    name: String,
    record: &'a Record,
    source: String,
    proves: String,
    algorithm: &'a str,
    digest: &'a str,
    original: &'static str,
}

/// Whether an original is there, by all that is recorded of it; the id of a word.
pub(super) fn original(options: &PaperOptions, file: &FileDigest) -> &'static str {
    match &options.originals {
        None => "original-unasked",
        Some(originals) if file.twin().is_some_and(|file| originals.contains(&file)) => {
            "original-there"
        }
        Some(_) => "original-absent",
    }
}

fn rows<'a>(given: &'a Given, options: &PaperOptions) -> Vec<Row<'a>> {
    let lang = options.lang;
    let mut rows = Vec::new();
    for (at, record) in given.records.iter().enumerate() {
        let (algorithm, digest) = record.digest.split_once(':').unwrap_or(("", &record.digest));
        rows.push(Row {
            number: (at + 1).to_string(),
            name: record.label.get(lang).to_owned(),
            record,
            source: head::sealer(given, &record.ledger, lang),
            proves: words::proves(&record.profile, lang).to_owned(),
            algorithm,
            digest,
            original: "original-record",
        });
        let files = record.fields.iter().filter_map(|field| Some((field, field.file.as_ref()?)));
        for (part, (field, file)) in files.enumerate() {
            let name = match field.titled(options.full, lang) {
                Some(value) => {
                    let colon = if lang == Lang::Zh { "：" } else { ": " };
                    format!("{}{colon}{value}", field.label.get(lang))
                }
                None => field.label.get(lang).to_owned(),
            };
            rows.push(Row {
                number: format!("{}.{}", at + 1, part + 1),
                name,
                record,
                source: head::sealer(given, &record.ledger, lang),
                proves: words::word("proves-file", lang).to_owned(),
                algorithm: "sha256",
                digest: &file.digest.sha256,
                original: original(options, &file.digest),
            });
        }
    }
    rows
}

/// The list as CSV (RFC 4180) in UTF-8 with a byte order mark, as spreadsheet programs need it for Chinese. No cell can be taken
/// for a formula.
///
/// # Errors
/// As [`super::certificate`].
pub fn list_csv(verdict: &[u8], options: &PaperOptions) -> Result<String> {
    let given = Given::read(verdict)?;
    let lang = options.lang;
    let mut out = csv::Csv::new();
    out.row(COLUMNS.map(|id| words::word(id, lang)));
    for row in rows(&given, options) {
        out.row([
            &row.number,
            &row.name,
            &row.record.number,
            &row.source,
            &row.proves,
            row.algorithm,
            row.digest,
            &records::consistency_text(&given, row.record, lang),
            words::word(row.original, lang),
        ]);
    }
    Ok(out.finish())
}

/// The list as one HTML file.
///
/// # Errors
/// As [`super::certificate`].
pub fn list_html(verdict: &[u8], options: &PaperOptions) -> Result<String> {
    let given = Given::read(verdict)?;
    let subject = frame::subject(&given);
    let mut html = frame::open(options, "list", subject);
    frame::front(&mut html, options, "list", &[subject], &frame::code(&given, subject))?;
    frame::banner(&mut html, &given);
    html.columns(&["no", "evidence-name", "source", "proves", "digest", "original"]);
    for row in rows(&given, options) {
        html.markup("<tr>").cell("no").text(&row.number).markup("</td>").cell("evidence-name");
        html.value(&row.name).markup("<br>").code(&row.record.number).markup(" ");
        records::consistency(&mut html, &given, row.record);
        html.markup("</td>").cell("source").value(&row.source).markup("</td>").cell("proves");
        html.value(&row.proves).markup("</td>").cell("digest").markup("<small>");
        html.value(row.algorithm).markup("</small> ").code(row.digest).markup("</td>");
        html.cell("original").word(row.original).markup("</td></tr>");
    }
    html.markup("</tbody></table><p><small>").word("list-note").markup("</small></p>\n");
    frame::inputs(&mut html, &given);
    Ok(frame::close(html))
}
