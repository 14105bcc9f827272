//! The annex of a contract 合同附页: one page to append to it, which ties the paper to what was sealed.

use super::certificate::how_to_check;
use super::given::{Field, Given, Record};
use super::{PaperOptions, frame, head, records};
use crate::hash::{TwinDigest, hex};
use crate::value::word;
use crate::verify::Status;
use crate::{Error, ErrorCode, Result};

/// The annex for a contract with these digests.
///
/// # Errors
/// `DigestMismatch` when no record that is proven to be sealed holds a file with both digests and this size: then the paper is not what was
/// sealed. Else as [`super::certificate`].
pub fn annex(verdict: &[u8], contract: &TwinDigest, options: &PaperOptions) -> Result<String> {
    let given = Given::read(verdict)?;
    let holding: Vec<(&Record, &Field)> = given
        .records
        .iter()
        .filter(|record| record.sealed == Status::Proven)
        .flat_map(|record| record.fields.iter().map(move |field| (record, field)))
        .filter(|(_, field)| is_file(field, contract))
        .collect();
    let Some((record, field)) = holding.first() else {
        return Err(Error::new(ErrorCode::DigestMismatch, "no sealed record holds this file"));
    };
    let mut html = frame::open(options, "annex", &record.dossier);
    let code = frame::code(&given, &record.dossier);
    frame::front(&mut html, options, "annex", &[&record.dossier], &code)?;
    frame::banner(&mut html, &given);
    html.part("contract").markup("<dl>").term("evidence-name");
    html.value(field.titled(options.full, options.lang).unwrap_or(field.label.get(options.lang)));
    html.markup("</dd>").term("digest").markup("SHA-256 ").code(&hex::encode(&contract.sha256));
    html.markup("<br>SM3 ").code(&hex::encode(&contract.sm3)).markup("<br><small>");
    html.number(contract.size).markup(" ").word("bytes").markup("</small></dd>").term("result");
    html.markup("<span class=\"good\">✓ ").word("annex-fits").markup("</span></dd></dl>\n");
    html.columns(&["what", "record-number", "sealer", "happened", "signed-by", "consistency"]);
    for (record, _) in &holding {
        html.markup("<tr>").cell("what").value(record.label.get(options.lang)).markup("</td>");
        html.cell("record-number").code(&record.number).markup("</td>").cell("sealer");
        html.value(&head::sealer(&given, &record.ledger, options.lang))
            .markup("</td>")
            .cell("happened");
        html.time(record.happened.as_deref().unwrap_or("–")).markup("</td>").cell("signed-by");
        for role in &record.signed_by {
            html.markup("<p>").value(word(role, options.lang)).markup("</p>");
        }
        html.markup("</td>").cell("consistency");
        records::consistency(&mut html, &given, record);
        html.markup("</td></tr>");
    }
    html.markup("</tbody></table>\n");
    head::holder(&mut html, &given, options);
    html.part("annex-check").markup("<p>").word("annex-how").markup("</p><pre>");
    html.markup("openssl dgst -sha256 contract\nopenssl dgst -sm3 contract</pre>\n");
    how_to_check(&mut html, &given);
    html.markup("<p><small>").word("annex-note").markup("</small></p>\n");
    Ok(frame::close(html))
}

fn is_file(field: &Field, contract: &TwinDigest) -> bool {
    field.state == "shown"
        && field.file.as_ref().and_then(|file| file.digest.twin()) == Some(*contract)
}
