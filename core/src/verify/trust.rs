//! Certificate authorities of the policy: which timestamps and which key certificates the verifier believes, and what it
//! knows of revocation.

use serde::Deserialize;

use super::policy::{Object, invalid};
use crate::error::Result;
#[cfg(feature = "x509")]
use crate::x509::{Certificate, Crl, OcspResponse, Trust};

/// The members of a policy's file that are about authorities.
#[derive(Default)]
pub(super) struct Lines {
    pub(super) anchors: Vec<Object<AnchorLine>>,
    pub(super) certificates_pem: Vec<String>,
    pub(super) crls_pem: Vec<String>,
    pub(super) ocsp_base64: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AnchorLine {
    certificate_pem: String,
    #[serde(rename = "for")]
    purposes: Vec<String>,
    name: String,
}

/// Authorities for one purpose.
#[derive(Clone, Debug, Default)]
pub(super) struct Authorities {
    /// Names in the policy, one for each anchor.
    pub(super) names: Vec<String>,
    #[cfg(feature = "x509")]
    pub(super) trust: Trust,
}

/// What the word in `for` of an anchor stands for.
const PURPOSES: [&str; 2] = ["timestamps", "keys"];

/// Authorities for timestamps, and for keys. A build without X.509 keeps the names only: what it would check with the rest it
/// calls not checked.
pub(super) fn read(lines: Lines) -> Result<[Authorities; 2]> {
    let mut read: [Authorities; 2] = Default::default();
    for Object(line) in lines.anchors {
        let known = |purpose: &String| PURPOSES.contains(&purpose.as_str());
        if line.purposes.is_empty() || !line.purposes.iter().all(known) {
            return Err(invalid("an anchor is for timestamps, for keys, or for both"));
        }
        #[cfg(feature = "x509")]
        let certificate = Certificate::from_pem(&line.certificate_pem)
            .map_err(|_| invalid("an anchor whose certificate cannot be read"))?;
        #[cfg(not(feature = "x509"))]
        let _ = &line.certificate_pem;
        for (purpose, side) in PURPOSES.iter().zip(&mut read) {
            if line.purposes.iter().any(|named| named == purpose) {
                side.names.push(line.name.clone());
                #[cfg(feature = "x509")]
                side.trust.anchors.push(certificate.clone());
            }
        }
    }
    #[cfg(feature = "x509")]
    add_to(&mut read, &lines.certificates_pem, &lines.crls_pem, &lines.ocsp_base64)?;
    #[cfg(not(feature = "x509"))]
    let _ = (lines.certificates_pem, lines.crls_pem, lines.ocsp_base64);
    Ok(read)
}

#[cfg(feature = "x509")]
fn add_to(
    read: &mut [Authorities; 2],
    certificates: &[String],
    crls: &[String],
    ocsp: &[String],
) -> Result<()> {
    use base64ct::{Base64, Encoding as _};
    let bad = |what: &'static str| move |_| invalid(what);
    let others: Vec<Certificate> = certificates
        .iter()
        .map(|pem| Certificate::from_pem(pem).map_err(bad("a certificate that cannot be read")))
        .collect::<Result<_>>()?;
    let crls: Vec<Crl> = crls
        .iter()
        .map(|pem| Crl::from_pem(pem).map_err(bad("a revocation list that cannot be read")))
        .collect::<Result<_>>()?;
    let what = "an OCSP response that cannot be read";
    let ocsp: Vec<OcspResponse> = ocsp
        .iter()
        .map(|text| {
            let der = Base64::decode_vec(text).map_err(|_| invalid(what))?;
            OcspResponse::parse(&der).map_err(bad(what))
        })
        .collect::<Result<_>>()?;
    for side in read {
        side.trust.others.clone_from(&others);
        side.trust.crls.clone_from(&crls);
        side.trust.ocsp.clone_from(&ocsp);
    }
    Ok(())
}
