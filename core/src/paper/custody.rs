//! Hand-overs of the evidence 证据交接, as records tell of them: by whom, to whom, when, with which digest before and after.

use super::given::{Field, Given, Record};
use super::html::Html;
use super::{PaperOptions, records};

/// The profile of such records.
const PROFILE: &str = "evidence.custody";

/// What stands in a column, by the names of fields.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("given-by", &["custody.from", "custody.from_person"]),
    ("taken-by", &["custody.to", "custody.to_person"]),
    ("handed-at", &["custody.given_at", "custody.taken_at"]),
    ("digest-before", &["custody.algorithm", "custody.before"]),
    ("digest-after", &["custody.algorithm", "custody.after"]),
    ("as-recorded", &["custody.result"]),
];

/// One line for each hand-over.
pub(super) fn hand_overs(html: &mut Html, given: &Given, options: &PaperOptions) {
    html.part("hand-overs");
    let found: Vec<&Record> =
        given.records.iter().filter(|record| record.profile == PROFILE).collect();
    if found.is_empty() {
        html.markup("<p>").word("no-hand-over").markup("</p>\n");
        return;
    }
    let mut titles = vec!["record-number"];
    titles.extend(COLUMNS.iter().map(|(title, _)| *title));
    html.columns(&titles);
    for record in found {
        html.markup("<tr>").cell("record-number").code(&record.number).markup(" ");
        records::consistency(html, given, record);
        html.markup("</td>");
        for (title, names) in COLUMNS {
            html.cell(title);
            for name in names {
                let text = told(record, name, options);
                html.markup("<p>");
                match title {
                    "handed-at" => html.time(text),
                    _ => html.value(text),
                };
                html.markup("</p>");
            }
            html.markup("</td>");
        }
        html.markup("</tr>");
    }
    html.markup("</tbody></table><p><small>").word("hand-overs-note").markup("</small></p>\n");
}

/// What the page may show of a field: its value, or its masked form.
fn told<'a>(record: &'a Record, name: &str, options: &PaperOptions) -> &'a str {
    let is = |field: &&Field| field.name.strip_suffix(".masked").unwrap_or(&field.name) == name;
    let mut shown = record.fields.iter().filter(is);
    shown.find_map(|field| field.shown(options.full, options.lang)).unwrap_or("–")
}
