//! Requests for pages.

use std::collections::BTreeSet;

use serde::Deserialize;
use yinzheng::paper::{self, Certificate, PaperOptions};
use yinzheng::{Error, ErrorCode, Result};

use crate::attach::DigestWire;
use crate::{json, words};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaperWire {
    kind: String,
    lang: String,
    #[serde(default)]
    full: bool,
    number: Option<String>,
    issuer: Option<String>,
    applicant: Option<String>,
    purpose: Option<String>,
    originals: Option<Vec<DigestWire>>,
    contract: Option<DigestWire>,
    record: Option<String>,
}

pub(super) fn make(verdict: &[u8], request: &[u8]) -> Result<Vec<u8>> {
    let wire: PaperWire = json::object("request", request)?;
    let options = wire.options()?;
    let text = match wire.kind.as_str() {
        "certificate" => paper::certificate(verdict, Certificate::Preservation, &options),
        "signing" => paper::certificate(verdict, Certificate::Signing, &options),
        "list" => paper::list_html(verdict, &options),
        "list.csv" => paper::list_csv(verdict, &options),
        "annex" => {
            let contract = wire.contract.as_ref().ok_or_else(|| missing("contract"))?;
            paper::annex(verdict, &contract.read()?, &options)
        }
        "receipt" => {
            let record = wire.record.as_deref().ok_or_else(|| missing("record"))?;
            paper::receipt(verdict, record, &options)
        }
        _ => Err(Error::new(
            ErrorCode::UnknownName,
            "kind: certificate, signing, list, list.csv, annex or receipt",
        )),
    };
    Ok(text?.into_bytes())
}

impl PaperWire {
    fn options(&self) -> Result<PaperOptions> {
        let originals = match &self.originals {
            None => None,
            Some(list) => Some(list.iter().map(DigestWire::read).collect::<Result<BTreeSet<_>>>()?),
        };
        Ok(PaperOptions {
            full: self.full,
            number: self.number.clone(),
            issuer: self.issuer.clone(),
            applicant: self.applicant.clone(),
            purpose: self.purpose.clone(),
            originals,
            ..PaperOptions::new(words::language(self.lang.as_bytes())?)
        })
    }
}

fn missing(member: &str) -> Error {
    Error::new(ErrorCode::InvalidArgument, format!("request: a page of this kind takes {member}"))
}
