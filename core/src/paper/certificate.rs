//! The certificates: 存证证明 over everything that the verdict shows, 签约证明 over what was signed.

use super::given::Given;
use super::html::Html;
use super::{PaperOptions, checks, custody, frame, head, records, signatures};
use crate::Result;

/// Which certificate.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Certificate {
    /// 存证证明: every record shown.
    Preservation,
    /// 签约证明: the records that somebody signed, signatures first.
    Signing,
}

impl Certificate {
    fn title(self) -> &'static str {
        match self {
            Certificate::Preservation => "certificate",
            Certificate::Signing => "signing-certificate",
        }
    }
}

/// The certificate as one HTML file.
///
/// # Errors
/// `InvalidVerdict` when the JSON is not a verdict; `LimitExceeded` over [`super::VERDICT_BYTES`].
pub fn certificate(verdict: &[u8], kind: Certificate, options: &PaperOptions) -> Result<String> {
    let given = Given::read(verdict)?;
    let subject = frame::subject(&given);
    let mut html = frame::open(options, kind.title(), subject);
    let about: Vec<&str> = given.dossiers.iter().map(|dossier| dossier.number.as_str()).collect();
    frame::front(&mut html, options, kind.title(), &about, &frame::code(&given, subject))?;
    html.part("conclusion");
    frame::banner(&mut html, &given);
    checks::counts(&mut html, &given);
    if !options.full {
        html.markup("<p><small>").word("is-masked").markup("</small></p>\n");
    }
    frame::inputs(&mut html, &given);
    checks::not_proven(&mut html, &given);
    head::chain(&mut html, &given);
    head::holder(&mut html, &given, options);
    match kind {
        Certificate::Preservation => {
            records::overview(&mut html, &given, false);
            signatures::signatures(&mut html, &given);
        }
        Certificate::Signing => {
            signatures::signatures(&mut html, &given);
            records::overview(&mut html, &given, true);
        }
    }
    checks::outside(&mut html, &given);
    signatures::certificates(&mut html, &given);
    custody::hand_overs(&mut html, &given, options);
    head::sealers(&mut html, &given);
    checks::heads(&mut html, &given);
    records::details(&mut html, &given, options, kind == Certificate::Signing);
    how_to_check(&mut html, &given);
    Ok(frame::close(html))
}

/// How anybody checks the page without its issuer and without this program.
pub(super) fn how_to_check(html: &mut Html, given: &Given) {
    html.part("how-to-check")
        .markup("<ol><li>")
        .word("how-1")
        .markup("<pre>openssl dgst -sha256 proof.yzp\n");
    html.text(&given.inputs.evidence.sha256).markup("</pre></li><li>").word("how-2");
    html.markup("<pre>yinzheng verify proof.yzp --policy my-policy.json --at ");
    html.text(&given.inputs.declared_time).markup("</pre></li><li>").word("how-3");
    html.markup("<pre>yinzheng export --kit ");
    html.text(given.records.first().map_or("R-…", |record| &record.number));
    html.markup(" --proof proof.yzp -o kit</pre></li><li>").word("how-4");
    html.markup("</li><li>").word("how-5").markup("</li></ol>\n");
}
