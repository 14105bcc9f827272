//! The matter, whom it is about, and who sealed it.

use std::collections::{BTreeMap, BTreeSet};

use super::given::{Given, Part};
use super::html::Html;
use super::{PaperOptions, checks, words};
use crate::value::Lang;

/// Field names of the person or firm that a matter is about, as the common groups of profiles have them.
const HOLDER: &str = "subject.";

/// The dossiers: places, and what is missing of them.
pub(super) fn chain(html: &mut Html, given: &Given) {
    let lang = html.lang;
    html.part("chain");
    for dossier in &given.dossiers {
        html.markup("<h3>").word("preservation-number").markup(" <code>").text(&dossier.number);
        html.markup("</code></h3>").columns(&["ledger", "sealer", "count", "places", "missing"]);
        for part in &dossier.parts {
            html.markup("<tr>").cell("ledger").code(part.ledger.get(..12).unwrap_or(&part.ledger));
            html.markup("</td>")
                .cell("sealer")
                .value(&sealer(given, &part.ledger, lang))
                .markup("</td>");
            html.cell("count").number(part.places.len()).markup("</td>").cell("places");
            html.markup("0–").number(part.last).markup("</td>").cell("missing");
            missing(html, part);
            html.markup("</td></tr>");
        }
        html.markup("</tbody></table>");
    }
    html.markup("<p><small>").word("nothing-after").markup("</small></p>\n");
}

fn missing(html: &mut Html, part: &Part) {
    if part.missing.is_empty() {
        html.word("none-missing");
        return;
    }
    html.markup("<span class=\"open\">");
    for (at, [from, to]) in part.missing.iter().enumerate() {
        html.markup(if at > 0 { ", " } else { "" }).number(*from);
        if to > from {
            html.markup("–").number(*to);
        }
    }
    html.markup("</span>");
}

/// The name that the verifier knows it by; else what the organisation calls itself, and that it does. That word stands in front, where
/// no long name pushes it away.
pub(super) fn sealer(given: &Given, ledger: &str, lang: Lang) -> String {
    let ledger = given.ledger(ledger);
    let claimed = |name: &str| {
        let colon = if lang == Lang::Zh { "：" } else { ": " };
        format!("{}{colon}{name}", words::word("calls-itself", lang))
    };
    match ledger.map(|ledger| (&ledger.known_as, &ledger.organisation)) {
        Some((Some(known), _)) => known.clone(),
        Some((None, Some(name))) => claimed(name),
        _ => "–".to_owned(),
    }
}

/// Whom the matter is about, as the records say: each different value once.
pub(super) fn holder(html: &mut Html, given: &Given, options: &PaperOptions) {
    let mut facts: BTreeMap<&str, (&str, BTreeSet<&str>)> = BTreeMap::new();
    let mut hidden = false;
    for field in given.records.iter().flat_map(|record| &record.fields) {
        let base = field.name.strip_suffix(".masked").unwrap_or(&field.name);
        if !base.starts_with(HOLDER) {
            continue;
        }
        match field.shown(options.full, html.lang) {
            Some(value) => {
                let label = field.label.get(html.lang);
                facts.entry(&field.name).or_insert((label, BTreeSet::new())).1.insert(value);
            }
            None => hidden = true,
        }
    }
    html.part("holder").markup("<dl>");
    for (label, values) in facts.values() {
        html.markup("<dt>").value(label).markup("</dt><dd>");
        for (at, value) in values.iter().enumerate() {
            html.markup(if at > 0 { "<br>" } else { "" }).value(value);
        }
        html.markup("</dd>");
    }
    html.markup("</dl>");
    if facts.is_empty() || hidden {
        html.markup("<p><small>").word("holder-hidden").markup("</small></p>");
    }
    html.markup("<p><small>").word("holder-note").markup("</small></p>\n");
}

/// The ledgers: who sealed, with which keys, in what environment, as far as it is known.
pub(super) fn sealers(html: &mut Html, given: &Given) {
    html.part("sealers");
    for ledger in &given.ledgers {
        html.markup("<div class=\"whole\"><dl>").term("ledger").markup("<code>").text(&ledger.id);
        html.markup("</code> <small>").text(&ledger.hash).markup("</small></dd>");
        html.fact("calls-itself", ledger.organisation.as_deref().unwrap_or("–")).term("known-as");
        match &ledger.known_as {
            Some(name) => html.markup("<span class=\"good\">✓ ").value(name).markup("</span>"),
            None => html.markup("<span class=\"open\">? ").word("origin-open").markup("</span>"),
        };
        html.markup("</dd>").term("newest-block").number(ledger.head_height).markup(" <code>");
        html.text(&ledger.head_digest).markup("</code>");
        if let Some(begun) = &ledger.head_begun {
            html.markup("<br><small>").word("begun").markup(" ").time(begun).markup("</small>");
        }
        html.markup("</dd></dl>");
        let subject = format!("ledger:{}", ledger.id);
        for check in ["ledger.keys", "key.custody", "ledger.environment", "ledger.damage"] {
            checks::sentence(html, given, &subject, check);
        }
        html.markup("</div>\n");
    }
    if given.ledgers.is_empty() {
        html.markup("<p>–</p>\n");
    }
}
