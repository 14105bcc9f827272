//! A signer's receipt 签署回执: what the customer takes away after each signature, a number and a time.

use super::given::Given;
use super::{PaperOptions, checks, frame, head, records};
use crate::value::word;
use crate::{Error, ErrorCode, Result};

/// The receipt for the signatures over one record.
///
/// # Errors
/// `NotFound` when the verdict does not show the record, or no statement over it; else as [`super::certificate`].
pub fn receipt(verdict: &[u8], record: &str, options: &PaperOptions) -> Result<String> {
    let given = Given::read(verdict)?;
    let Some(record) = given.records.iter().find(|shown| shown.number == record) else {
        return Err(Error::new(ErrorCode::NotFound, "the verdict does not show this record"));
    };
    let signed: Vec<_> =
        given.about(&record.number).filter(|line| line.check == "statement.signature").collect();
    if signed.is_empty() {
        return Err(Error::new(ErrorCode::NotFound, "no statement over this record"));
    }
    let mut html = frame::open(options, "receipt", &record.number);
    let about = [record.number.as_str(), record.dossier.as_str()];
    frame::front(&mut html, options, "receipt", &about, &frame::code(&given, &record.number))?;
    html.markup("<dl>").term("what").value(record.label.get(options.lang)).markup("</dd>");
    html.term("sealer").value(&head::sealer(&given, &record.ledger, options.lang)).markup("</dd>");
    html.term("happened").time(record.happened.as_deref().unwrap_or("–")).markup("</dd>");
    html.term("consistency");
    records::consistency(&mut html, &given, record);
    html.markup("</dd>").term("block").number(record.height).markup("</dd>");
    html.term("digest").code(&record.digest).markup("</dd>");
    for line in signed {
        html.term("signed-by").value(word(line.told("role").unwrap_or("–"), options.lang));
        html.markup(" ");
        checks::chip(&mut html, line.status);
        if let Some(issued) = line.told("issued") {
            html.markup(" ").time(issued).markup(" <small>").word("signers-clock");
            html.markup("</small>");
        }
        html.markup("</dd>");
    }
    html.term("more");
    checks::sentence(&mut html, &given, &record.number, "statement.displayed");
    html.markup("</dd></dl><p>").word("receipt-keep").markup("</p>\n");
    frame::banner(&mut html, &given);
    frame::inputs(&mut html, &given);
    Ok(frame::close(html))
}
