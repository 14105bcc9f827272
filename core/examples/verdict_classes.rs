//! Tells of many files, in one process, how their verdicts come out: for holding another verifier against this one
//! (`tests/interop/differential.py`).
//!
//! Standard input is a row of frames: `p` (proof) or `b` (bundle), then policy and file, each behind its length as 4
//! bytes, little-endian; an empty policy is none. For each frame one line: `refused`, `contradicted`, `not-proven` (an
//! entry is not proven to be sealed) or `proven`, and then what speaks against it.

use std::io::{Read, Write, stdin, stdout};

use yinzheng::verify::{DeclaredTime, Policy, Status, Verdict, verify, verify_bundle};

/// Later than anything that the files are about.
const AT: DeclaredTime = DeclaredTime { unix_ms: 4_000_000_000_000 };

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut input = stdin().lock();
    let mut out = std::io::BufWriter::new(stdout().lock());
    let mut kind = [0];
    while input.read(&mut kind)? == 1 {
        let policy = part(&mut input)?;
        let file = part(&mut input)?;
        let policy = if policy.is_empty() { Policy::empty() } else { Policy::parse(&policy)? };
        let verdict = match kind {
            [b'b'] => verify_bundle(file.as_slice(), &policy, AT),
            _ => verify(&file, &policy, AT),
        };
        writeln!(out, "{} {}", class(&verdict), against(&verdict))?;
    }
    out.flush()?;
    Ok(())
}

fn part(input: &mut impl Read) -> std::io::Result<Vec<u8>> {
    let mut size = [0; 4];
    input.read_exact(&mut size)?;
    let mut bytes = Vec::new();
    input.take(u64::from(u32::from_le_bytes(size))).read_to_end(&mut bytes)?;
    Ok(bytes)
}

fn class(verdict: &Verdict) -> &'static str {
    let not_sealed = |line: &yinzheng::verify::Line| {
        line.status == Status::NotProven
            && ["entry.in-block", "bundle.blocks"].contains(&line.check)
    };
    if verdict.is_unreadable() {
        "refused"
    } else if verdict.count(Status::Contradicted) > 0 {
        "contradicted"
    } else if verdict.lines.iter().any(not_sealed) {
        "not-proven"
    } else {
        "proven"
    }
}

fn against(verdict: &Verdict) -> String {
    let lines = verdict.lines.iter().filter(|line| line.status == Status::Contradicted);
    let told = lines.map(|line| format!("{} {} {}", line.check, line.outcome, line.says.en));
    told.collect::<Vec<_>>().join("; ").replace('\n', " ")
}
