//! What every page has around it: head, style, policy, the box for the issuer's seal.

use base64ct::{Base64, Encoding};
use sha2::{Digest as _, Sha256};

use super::PaperOptions;
use super::given::{Given, Summary};
use super::html::Html;
use super::qr;
use crate::value::Lang;
use crate::value::escape::for_people;
use crate::{Result, number};

const STYLE: &str = include_str!("../../data/paper.css");

/// Begins a page: its title and, at the foot of every sheet, `foot` with the number of the page.
pub(super) fn open(options: &PaperOptions, title: &'static str, foot: &str) -> Html {
    let mut html = Html::new(options.lang);
    let style = format!("{STYLE}{}", sheet(foot));
    let hash = Base64::encode_string(&Sha256::digest(style.as_bytes()));
    html.markup(match options.lang {
        Lang::Zh => "<!DOCTYPE html>\n<html lang=\"zh-CN\">\n<head>\n<meta charset=\"utf-8\">\n",
        Lang::En => "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n",
    });
    html.markup("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'sha256-");
    html.text(&hash).markup("'; base-uri 'none'; form-action 'none'\">\n");
    html.markup("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
    html.markup("<meta name=\"referrer\" content=\"no-referrer\">\n<title>").word(title);
    html.markup(" ").text(foot).markup("</title>\n<style>").style(&style);
    html.markup("</style>\n</head>\n<body>\n");
    html
}

/// The foot of a printed sheet. Only characters of our own numbers get into it.
fn sheet(foot: &str) -> String {
    let plain = |c: &char| c.is_ascii_alphanumeric() || matches!(c, '-' | ' ' | ':' | '.');
    let foot: String = foot.chars().filter(plain).take(80).collect();
    format!(
        "@page{{@bottom-left{{content:\"{foot}\";font:8pt sans-serif;color:#444}}\
         @bottom-right{{content:counter(page) \" / \" counter(pages);font:8pt sans-serif;color:#444}}}}"
    )
}

/// The front of the page: title, what it is about, and the code.
pub(super) fn front(
    html: &mut Html,
    options: &PaperOptions,
    title: &'static str,
    about: &[&str],
    code: &str,
) -> Result<()> {
    html.markup("<header><div><h1>").word(title).markup("</h1>");
    for one in about {
        html.markup("<p>").code(one).markup("</p>");
    }
    html.markup("<dl>");
    for (name, text) in [
        ("own-number", &options.number),
        ("issuer", &options.issuer),
        ("applicant", &options.applicant),
        ("purpose", &options.purpose),
    ] {
        if let Some(text) = text {
            html.fact(name, &for_people(text));
        }
    }
    html.markup("</dl></div>");
    qr::draw(html, code)?;
    html.markup("</header>\n");
    Ok(())
}

/// The first lines of the verdict, the most important one in its colour.
pub(super) fn banner(html: &mut Html, given: &Given) {
    for (at, line) in given.summary.iter().enumerate() {
        html.markup(match (line.id.as_str(), at) {
            ("unreadable" | "contradicted", _) => "<p class=\"banner bad\">✗ ",
            ("integrity-only" | "origin-in-part", _) => "<p class=\"banner open\">? ",
            ("origin-checked", _) => "<p class=\"banner good\">✓ ",
            _ => "<p>",
        });
        html.text(Summary::get(line, html.lang)).markup("</p>");
    }
}

/// What ties the page to the evidence: digests, policy, time, program.
pub(super) fn inputs(html: &mut Html, given: &Given) {
    let inputs = &given.inputs;
    html.markup("<dl>");
    html.term("evidence").markup("SHA-256 ").code(&inputs.evidence.sha256).markup("<br>SM3 ");
    html.code(&inputs.evidence.sm3).markup("<br><small>").number(inputs.evidence.size);
    html.markup(" ").word("bytes").markup("</small></dd>").term("policy");
    match &inputs.policy {
        Some(policy) => html.markup("SHA-256 ").code(&policy.sha256),
        None => html.word("no-policy"),
    };
    html.markup("</dd>").term("checked-at").time(&inputs.declared_time).markup(" <small>");
    html.word("declared").markup("</small></dd>").term("checked-by").value(&inputs.verifier);
    html.markup(" <small>").word("format").markup(" ").number(inputs.format);
    html.markup("</small></dd></dl>\n");
}

/// The end: who answers for the page, and what it is.
pub(super) fn close(mut html: Html) -> String {
    html.markup("<div class=\"sign whole\"><div>").word("seal-here").markup("</div><div>");
    html.word("date-here").markup("</div></div>\n<footer>").word("page-is");
    html.markup("</footer>\n</body>\n</html>\n");
    html.finish()
}

/// What the code says: a number, and the digests of the evidence that the page was made of.
pub(super) fn code(given: &Given, subject: &str) -> String {
    format!(
        "{subject}\nSHA-256 {}\nSM3 {}",
        given.inputs.evidence.sha256, given.inputs.evidence.sm3
    )
}

/// The first dossier's number, or none where the verdict shows none that can be one.
pub(super) fn subject(given: &Given) -> &str {
    let first = given.dossiers.first().map_or("", |dossier| dossier.number.as_str());
    if number::parse(first).is_ok() { first } else { "" }
}
