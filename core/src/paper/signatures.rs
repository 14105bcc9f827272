//! Who signed what: every statement that the verdict tells of, with its key, its certificate and what was displayed.

use serde_json::{Map, Value};

use super::checks;
use super::given::{Given, Line};
use super::html::Html;
use crate::value::word;

/// Checks about a statement that stand beside its signature.
const BESIDE: [&str; 5] = [
    "statement.key",
    "statement.role",
    "statement.certificate",
    "statement.displayed",
    "statement.audience",
];

/// A table of signatures.
pub(super) fn signatures(html: &mut Html, given: &Given) {
    html.part("signatures");
    let signatures: Vec<&Line> =
        given.lines.iter().filter(|line| line.check == "statement.signature").collect();
    if signatures.is_empty() {
        html.markup("<p>").word("no-signatures").markup("</p>\n");
        return;
    }
    for (at, line) in signatures.iter().enumerate() {
        one(html, given, at, line);
    }
    html.markup("<p><small>").word("signatures-note").markup("</small></p>\n");
}

fn one(html: &mut Html, given: &Given, at: usize, line: &Line) {
    let lang = html.lang;
    html.markup("<section class=\"record whole\"><h3>").number(at + 1).markup(". ");
    html.value(word(line.told("role").unwrap_or("–"), lang)).markup(" ");
    checks::chip(html, line.status);
    html.markup("</h3><dl>").term("record-number").code(&line.subject);
    if let Some(record) = given.records.iter().find(|record| record.number == line.subject) {
        html.markup(" ").value(record.label.get(lang));
    }
    html.markup("</dd>").term("result").value(line.says.get(lang)).markup("</dd>");
    html.term("signing-key").code(line.told("kid").unwrap_or("–")).markup(" <small>");
    html.value(line.told("alg").unwrap_or("–")).markup("</small></dd>");
    if let Some(issued) = line.told("issued") {
        html.term("signed-at").time(issued).markup(" <small>").word("signers-clock");
        html.markup("</small></dd>");
    }
    html.term("signer-known");
    match line.told("known_as") {
        Some(name) => html.markup("<span class=\"good\">✓ ").value(name).markup("</span>"),
        None => html.markup("<span class=\"open\">? ").word("signer-open").markup("</span>"),
    };
    html.markup("</dd>").term("more");
    for beside in given.about(&line.subject).filter(|beside| is_of(beside, line)) {
        html.markup("<p>");
        checks::chip(html, beside.status);
        html.markup(" ").value(beside.says.get(lang)).markup("</p>");
    }
    html.markup("</dd></dl></section>\n");
}

/// Whether a line is about the same statement: the same entry of the same key.
fn is_of(beside: &Line, signature: &Line) -> bool {
    let same = |name: &str| beside.facts.get(name) == signature.facts.get(name);
    BESIDE.contains(&beside.check.as_str()) && ["kid", "height", "index"].into_iter().all(same)
}

/// Certificates that the verdict names: of keys, of signers, and of the authorities whose stamps hold.
pub(super) fn certificates(html: &mut Html, given: &Given) {
    let named: Vec<(&Line, &Map<String, Value>)> =
        given.lines.iter().filter_map(|line| Some((line, named(line)?))).collect();
    if named.is_empty() {
        return;
    }
    html.part("certificates");
    html.columns(&["certified", "certified-by", "serial", "valid", "result", "about"]);
    for (line, certificate) in named {
        let told = |name: &str| certificate.get(name).and_then(Value::as_str).unwrap_or("–");
        html.markup("<tr>").cell("certified").value(told("subject")).markup("</td>");
        html.cell("certified-by").value(told("issuer")).markup("</td>").cell("serial");
        html.value(told("serial")).markup("</td>").cell("valid").time(told("not_before"));
        html.markup(" – ").time(told("not_after")).markup("</td>").cell("result");
        checks::chip(html, line.status);
        html.markup("</td>").cell("about").code(&checks::short(&line.subject)).markup("</td></tr>");
    }
    html.markup("</tbody></table><p><small>").word("certificates-note").markup("</small></p>\n");
}

/// The facts of the certificate that a line names.
fn named(line: &Line) -> Option<&Map<String, Value>> {
    let facts = match line.check.as_str() {
        "key.certificate" => &line.facts,
        "outside.token" => line.facts.get("certificate")?.as_object()?,
        _ => return None,
    };
    facts.contains_key("serial").then_some(facts)
}
