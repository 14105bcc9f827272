//! What is said about a sealed story.

use serde_json::{Value, json};
use yinzheng::time::Moment;
use yinzheng::verify::{RecordView, Status};

use super::run::Sealed;
use super::story::{MADE_BY, Outcome};
use crate::clock;
use crate::output::{Page, Pick, Screen, Span, Tone, program, span};
use crate::verdict;

/// The same for machines; it is also the folder's `index.json`.
pub(super) fn json(outcome: &Outcome) -> Value {
    let counts: Vec<(&str, usize)> =
        Status::ALL.iter().map(|status| (status.name(), outcome.verdict.count(*status))).collect();
    let ledgers: Vec<Value> = outcome
        .ledgers
        .iter()
        .map(|running| {
            json!({
                "name": running.name,
                "organisation": running.organisation,
                "id": running.open.ledger.id().to_string(),
                "key_algorithm": running.open.key.alg().name(),
                "custody": "software",
                "blocks": running.blocks,
                "file": running.files.db,
            })
        })
        .collect();
    let steps: Vec<Value> = outcome
        .steps
        .iter()
        .zip(&outcome.contradicted)
        .map(|(s, c)| step(outcome, s, *c))
        .collect();
    json!({
        "made_by": MADE_BY,
        "complete": true,
        "title": {"zh": outcome.story.title.zh, "en": outcome.story.title.en},
        "dossier": outcome.steps.first().map(|step| &step.appended.preservation_number),
        "folder": outcome.folder,
        "ledgers": ledgers,
        "steps": steps,
        "dossier_proof": outcome.dossier,
        "policy": outcome.policy,
        "verdict": {
            "file": outcome.folder.join("verdict.json"),
            "summary": outcome.verdict.summary,
            "counts": counts.into_iter().collect::<std::collections::BTreeMap<_, _>>(),
        },
        "made_up_passphrases": outcome.made_up,
    })
}

fn step(outcome: &Outcome, step: &Sealed, contradicted: usize) -> Value {
    let record = record(outcome, step);
    json!({
        "id": step.id,
        "ledger": outcome.ledgers.get(step.ledger).map(|ledger| &ledger.name),
        "profile": step.profile.id(),
        "record": step.appended.number,
        "digest": step.appended.digest.to_string(),
        "sequence": step.appended.sequence,
        "place": step.appended.place,
        "happened": moment_json(step.told.happened.as_ref()),
        "signed_by": step.signed_by.iter().map(|role| role.name()).collect::<Vec<_>>(),
        "with_findings": step.told.odd.iter().map(|(name, _)| name).collect::<Vec<_>>(),
        "missing": step.told.missing,
        "grade": record.map(|record| record.grade),
        "proof": outcome.folder.join(&step.proof),
        "contradicted": contradicted,
    })
}

fn record<'a>(outcome: &'a Outcome, step: &Sealed) -> Option<&'a RecordView> {
    outcome.verdict.records.iter().find(|record| record.number == step.appended.number)
}

/// The page that a newcomer sees first.
pub(super) fn page(outcome: &Outcome, screen: &Screen) -> Page {
    let lang = screen.lang;
    let mut page = Page::new();
    let title = lang.pick(&outcome.story.title.zh, &outcome.story.title.en);
    page.line(span(title, Tone::Bold));
    if let Some(step) = outcome.steps.first() {
        let number = &step.appended.preservation_number;
        page.line(format!("{} {number}", lang.pick("保全号", "Dossier")));
    }
    ledgers(&mut page, outcome, screen);
    steps(&mut page, outcome, screen);
    page.heading(lang.pick(
        "核验结论（离线，凭 dossier.yzp 与 policy.json）",
        "Verdict (offline, from dossier.yzp and policy.json)",
    ));
    verdict::summary(&mut page, &outcome.verdict, lang);
    verdict::heads(&mut page, &outcome.verdict, lang);
    verdict::lifts(&mut page, &outcome.verdict, lang);
    files(&mut page, outcome, screen);
    page
}

fn ledgers(page: &mut Page, outcome: &Outcome, screen: &Screen) {
    let lang = screen.lang;
    page.heading(lang.pick("账本", "Ledgers"));
    let rows = outcome
        .ledgers
        .iter()
        .map(|running| {
            let id = running.open.ledger.id();
            let blocks = running.blocks;
            let short = yinzheng::hash::hex::encode(id.bytes.get(..8).unwrap_or_default());
            vec![
                Span::from(running.name.clone()),
                running.organisation.clone().into(),
                id.alg.name().into(),
                running.open.key.alg().name().into(),
                lang.pick(format!("{blocks} 个区块"), format!("{blocks} blocks")).into(),
                span(format!("{short}…"), Tone::Dim),
            ]
        })
        .collect();
    page.table(2, rows);
    let warning = if outcome.made_up {
        lang.pick(
            "密钥均为软件密钥，供试用：口令自动生成，就放在密钥旁边。",
            "All keys are software keys, for trying out: their made-up passphrase lies beside them.",
        )
    } else {
        lang.pick("密钥均为软件密钥。", "All keys are software keys.")
    };
    page.paragraph(2, span("! ", Tone::Warn), warning, Tone::Plain);
}

fn steps(page: &mut Page, outcome: &Outcome, screen: &Screen) {
    let lang = screen.lang;
    let offset = common_offset(&outcome.steps);
    let zone = offset.map_or(String::new(), |offset| {
        let text = clock::text(0, offset);
        format!(" ({})", text.get(19..).unwrap_or_default())
    });
    let count = outcome.steps.len();
    page.heading(lang.pick(
        format!("已封存 {count} 条存证记录，时间按报文所述{zone}"),
        format!("{count} records sealed, times as the messages tell them{zone}"),
    ));
    let mut rows = Vec::with_capacity(count);
    for (step, contradicted) in outcome.steps.iter().zip(&outcome.contradicted) {
        let record = record(outcome, step);
        let grade = record.map_or_else(|| "–".into(), |record| verdict::grade(record, lang));
        let when = step.told.happened.as_ref().map_or_else(|| "–".to_owned(), clock::local);
        let mut row = vec![
            span(step.id.clone(), Tone::Dim),
            outcome.ledgers.get(step.ledger).map_or("", |ledger| &ledger.name).into(),
            when.into(),
            step.profile.label(lang).into(),
            grade,
            span(verdict::number(&step.appended.number, screen), Tone::Dim),
        ];
        if *contradicted > 0 {
            row.push(span(format!("✗ {contradicted}"), Tone::Bad));
        }
        rows.push(row);
    }
    page.table(2, rows);
    let findings: usize = outcome.steps.iter().map(|step| step.told.odd.len()).sum();
    let missing: usize = outcome.steps.iter().map(|step| step.told.missing.len()).sum();
    let told = lang.pick(
        format!("{findings} 个字段带提示（空格、格式等），连同提示一并封存；缺少必填字段 {missing} 个。"),
        format!("{findings} fields have findings (spaces, forms …), sealed with them; {missing} required fields are missing."),
    );
    page.paragraph(2, Span::from(""), &told, Tone::Dim);
}

fn files(page: &mut Page, outcome: &Outcome, screen: &Screen) {
    let lang = screen.lang;
    let clean = outcome.contradicted.iter().all(|count| *count == 0);
    let steps = match clean {
        true => lang.pick(
            "每一步的证明，逐一离线核验，无矛盾",
            "a proof of every step, each checked offline, nothing contradicted",
        ),
        false => lang.pick(
            "每一步的证明；有矛盾，见上",
            "a proof of every step; something is contradicted, see above",
        ),
    };
    page.heading(lang.pick("文件", "Files"));
    let at = |name: &str| Span::from(outcome.folder.join(name).display().to_string());
    page.table(
        2,
        vec![
            vec![
                at("dossier.yzp"),
                lang.pick("整条证据链的证明", "the proof of the whole dossier").into(),
            ],
            vec![at("steps/*.yzp"), steps.into()],
            vec![
                at("policy.json"),
                lang.pick("核验策略：认得这些账本", "the policy: it knows these ledgers").into(),
            ],
            vec![at("verdict.json"), lang.pick("核验结论全文", "the whole verdict").into()],
            vec![
                at("ledgers/"),
                lang.pick("账本（SQLite）与软件密钥", "the ledgers (SQLite) and software keys")
                    .into(),
            ],
        ],
    );
    page.heading(lang.pick("接下来", "Next"));
    let folder = outcome.folder.display();
    let ledger =
        outcome.ledgers.first().map_or_else(String::new, |l| l.files.db.display().to_string());
    let record = outcome.steps.first().map_or("", |step| &step.appended.number);
    let program = program();
    for command in [
        format!("{program} verify {folder}/dossier.yzp --policy {folder}/policy.json"),
        format!("{program} show {record} --ledger {ledger}"),
        format!("{program} check --ledger {ledger}"),
    ] {
        page.line(format!("  {command}"));
    }
}

/// The moments of all steps lie at one offset from UTC, or not.
fn common_offset(steps: &[Sealed]) -> Option<i16> {
    let mut offsets = steps
        .iter()
        .filter_map(|step| step.told.happened.as_ref())
        .map(|moment| moment.offset_minutes);
    let first = offsets.next()?;
    offsets.all(|offset| offset == first).then_some(first)
}

/// What the JSON says of a moment.
fn moment_json(moment: Option<&Moment>) -> Value {
    moment.map_or(Value::Null, |moment| json!(clock::text(moment.unix_ms, moment.offset_minutes)))
}
