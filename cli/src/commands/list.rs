//! `yinzheng list`: what a ledger holds.

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use yinzheng::entry::{Body, Entry};
use yinzheng::hash::hex;
use yinzheng::key::{KeyInForce, SignerKeys};
use yinzheng::ledger::{Ledger, Status};
use yinzheng::number;
use yinzheng::profile::{Profile, builtin};
use yinzheng::record::Record;
use yinzheng::value::word;

use crate::args::{LedgerArg, Secrets};
use crate::failure::{Both, Failure, Result};
use crate::home::LedgerFiles;
use crate::output::{Done, Page, Pick, Screen, Span, Tone, span};
use crate::target::{self, Target};
use crate::{clock, home};

/// What to list.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    #[arg(value_enum, default_value = "ledger")]
    what: What,
    /// Records of this dossier only
    #[arg(long, value_name = "D-…")]
    dossier: Option<String>,
    /// Begin at this sequence number or height, or after this dossier
    #[arg(long, value_name = "WHERE")]
    from: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N", default_value_t = 100)]
    limit: usize,
    #[command(flatten)]
    ledger: LedgerArg,
    #[command(flatten)]
    secrets: Secrets,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum What {
    /// How the ledger stands 账本概况
    Ledger,
    /// Dossiers 证据链
    Dossiers,
    /// Records 存证记录
    Records,
    /// Blocks 区块
    Blocks,
    /// Keys 密钥
    Keys,
}

/// Runs the command.
pub(crate) fn run(args: &ListArgs, screen: &Screen) -> Result<Done> {
    let files = LedgerFiles::of(&args.ledger)?;
    let ledger = home::open_reading(&files, &args.secrets)?;
    match args.what {
        What::Ledger => overview(&ledger, &files, screen),
        What::Dossiers => dossiers(&ledger, args, screen),
        What::Records => records(&ledger, args, screen),
        What::Blocks => blocks(&ledger, args, screen),
        What::Keys => keys(&ledger, screen),
    }
}

fn overview(ledger: &Ledger, files: &LedgerFiles, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let status: Status = ledger.status()?;
    let head = ledger.head()?;
    let organisation = match Entry::parse(&ledger.entry(0)?)?.body {
        Body::Genesis(genesis) => {
            yinzheng::value::escape::for_people(&genesis.organisation).into_owned()
        }
        _ => String::new(),
    };
    let keys = ledger.ledger_keys()?;
    let key = keys.last().map_or("", |key| key.key.alg().name());
    let custody = keys.last().map_or("", |key| key.custody.name());
    let waiting = if status.pending {
        lang.pick(
            format!("{}，其中一个区块等待签名", status.unsealed),
            format!("{}, a block waits for its signature", status.unsealed),
        )
    } else {
        status.unsealed.to_string()
    };
    let mut rows: Vec<Vec<Span>> = vec![
        vec![lang.pick("账本", "ledger").into(), files.db.display().to_string().into()],
        vec![lang.pick("编号", "id").into(), ledger.id().to_string().into()],
        vec![lang.pick("自称机构名", "organisation").into(), organisation.clone().into()],
        vec![
            lang.pick("算法", "algorithms").into(),
            format!("{}, {key} ({})", ledger.hash().name(), word(custody, lang)).into(),
        ],
        vec![lang.pick("区块", "blocks").into(), status.blocks.to_string().into()],
        vec![lang.pick("条目", "entries").into(), status.entries.to_string().into()],
        vec![lang.pick("尚未封存", "not sealed").into(), waiting.into()],
    ];
    if status.held > 0 {
        rows.push(vec![lang.pick("等待签署", "held").into(), status.held.to_string().into()]);
    }
    if let Some(head) = &head {
        let hash = hex::encode(&head.block_hash);
        rows.push(vec![lang.pick("链头", "head").into(), format!("{}:{hash}", head.height).into()]);
    }
    if status.closed {
        rows.push(vec![lang.pick("状态", "state").into(), lang.pick("已关闭", "closed").into()]);
    }
    let mut page = Page::new();
    page.table(0, rows);
    let json = json!({
        "ledger": files.db,
        "id": ledger.id().to_string(),
        "organisation": organisation,
        "hash": ledger.hash().name(),
        "key_algorithm": key,
        "custody": custody,
        "blocks": status.blocks,
        "entries": status.entries,
        "unsealed": status.unsealed,
        "pending": status.pending,
        "held": status.held,
        "closed": status.closed,
        "head": head.map(|head| json!({
            "height": head.height,
            "block_hash": hex::encode(&head.block_hash),
            "sealed_digest": hex::encode(&head.sealed_digest),
        })),
    });
    Ok(Done::fine(json, page))
}

fn dossiers(ledger: &Ledger, args: &ListArgs, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let after = match &args.from {
        None => None,
        Some(text) => match target::parse(text)? {
            target::Name::Number(number::Number::Preservation(id)) => Some(id),
            _ => return Err(bad_from(text)),
        },
    };
    let mut rows =
        vec![heading(lang.pick(&["保全号", "记录", "第一条"], &["dossier", "records", "first"]))];
    let mut json = Vec::new();
    for id in ledger.dossiers(after, args.limit)? {
        let places = ledger.dossier(&id)?;
        let number = number::preservation_number(&id);
        let first = places.first().and_then(|row| row.sequence);
        let label = match first {
            Some(sequence) => {
                let bytes = ledger.entry(sequence)?;
                Entry::parse(&bytes)?.record().map(|(record, _)| label_of(ledger, record, screen))
            }
            None => None,
        };
        rows.push(vec![
            number.clone().into(),
            places.len().to_string().into(),
            label.clone().unwrap_or_default().into(),
        ]);
        json.push(json!({"dossier": number, "records": places.len(), "first": label}));
    }
    Ok(listed(json, rows, "dossiers", screen))
}

fn records(ledger: &Ledger, args: &ListArgs, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let sequences: Box<dyn Iterator<Item = u64>> = match &args.dossier {
        Some(text) => match target::need(ledger, text)? {
            Target::Dossier(_, places) => {
                Box::new(places.into_iter().filter_map(|row| row.sequence))
            }
            _ => return Err(bad_from(text)),
        },
        None => {
            let from = number_from(args)?;
            Box::new(from..ledger.status()?.entries)
        }
    };
    let head = lang.pick(
        ["序号", "存证编号", "时间", "存证记录", "签署", "区块"],
        ["seq", "record", "when", "kind", "signed by", "block"],
    );
    let mut rows = vec![heading(&head)];
    let mut json = Vec::new();
    for sequence in sequences {
        if json.len() >= args.limit {
            break;
        }
        let bytes = ledger.entry(sequence)?;
        let entry = Entry::parse(&bytes)?;
        let Some((record, record_bytes)) = entry.record() else { continue };
        let number = number::record_number(&record.digest(record_bytes));
        let signer = match &entry.body {
            Body::Statement(statement) => Some(statement.role.name()),
            _ => None,
        };
        let height = ledger.height_of(sequence)?;
        let when = record.time.when();
        rows.push(vec![
            sequence.to_string().into(),
            number.clone().into(),
            clock::local(when).into(),
            label_of(ledger, record, screen).into(),
            signer.map_or("–", |role| word(role, lang)).into(),
            height.map_or_else(
                || span(lang.pick("未封存", "not sealed"), Tone::Warn),
                |h| h.to_string().into(),
            ),
        ]);
        json.push(json!({
            "sequence": sequence,
            "record": number,
            "dossier": number::preservation_number(&record.dossier),
            "place": record.place,
            "profile": record.profile.id,
            "label": label_of(ledger, record, screen),
            "when": clock::text(when.unix_ms, when.offset_minutes),
            "signed_by": signer,
            "block": height,
        }));
    }
    Ok(listed(json, rows, "records", screen))
}

fn blocks(ledger: &Ledger, args: &ListArgs, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let head = lang.pick(
        ["高度", "条目", "开始时间（自称，UTC）", "密钥期", "封存摘要"],
        ["height", "entries", "begun (claim, UTC)", "epoch", "sealed digest"],
    );
    let mut rows = vec![heading(&head)];
    let mut json = Vec::new();
    for height in (number_from(args)?..ledger.status()?.blocks).take(args.limit) {
        let (block, _) = ledger.block(height)?;
        let header = block.header();
        let begun = i64::try_from(header.begun_at).unwrap_or(i64::MAX).saturating_mul(1000);
        let sealed = hex::encode(&block.sealed_digest());
        rows.push(vec![
            height.to_string().into(),
            header.entry_count.to_string().into(),
            clock::text(begun, 0).get(..19).unwrap_or_default().replace('T', " ").into(),
            header.key_epoch.to_string().into(),
            span(sealed.get(..24).unwrap_or_default().to_owned() + "…", Tone::Dim),
        ]);
        json.push(json!({
            "height": height,
            "entries": header.entry_count,
            "first_sequence": header.first_sequence,
            "begun_at": clock::text(begun, 0),
            "key_epoch": header.key_epoch,
            "sealed_digest": sealed,
        }));
    }
    Ok(listed(json, rows, "blocks", screen))
}

fn keys(ledger: &Ledger, screen: &Screen) -> Result<Done> {
    let lang = screen.lang;
    let mut signers = SignerKeys::new(ledger.hash(), ledger.id());
    let blocks = ledger.status()?.blocks;
    for height in 0..blocks {
        for bytes in ledger.block(height)?.1 {
            if matches!(Entry::parse(&bytes)?.body, Body::Key(..)) {
                signers.apply(&bytes, height)?;
            }
        }
    }
    let head = lang.pick(
        ["角色", "算法", "保管方式（自称）", "自区块", "状态", "指纹 (RFC 9679)"],
        ["role", "algorithm", "custody (claim)", "since block", "state", "thumbprint (RFC 9679)"],
    );
    let mut rows = vec![heading(&head)];
    let mut json = Vec::new();
    let ledger_keys = ledger.ledger_keys()?;
    for key in ledger_keys.iter().chain(signers.all()) {
        let state = state(key);
        let thumbprint = hex::encode(&key.key.thumbprint());
        let shown = match state {
            "in force" => span(lang.pick("有效", "in force"), Tone::Good),
            "retired" => lang.pick("已轮换", "retired").into(),
            _ => span(lang.pick("已吊销", "revoked"), Tone::Bad),
        };
        rows.push(vec![
            word(key.role.name(), lang).into(),
            key.key.alg().name().into(),
            word(key.custody.name(), lang).into(),
            key.since.to_string().into(),
            shown,
            span(thumbprint.get(..24).unwrap_or_default().to_owned() + "…", Tone::Dim),
        ]);
        json.push(json!({
            "role": key.role.name(),
            "algorithm": key.key.alg().name(),
            "custody": key.custody.name(),
            "since_block": key.since,
            "epoch": key.epoch,
            "state": state,
            "thumbprint": thumbprint,
            "kid": hex::encode(&key.kid),
            "cose_key": hex::encode(&key.key.to_cose_key()),
        }));
    }
    Ok(listed(json, rows, "keys", screen))
}

fn state(key: &KeyInForce) -> &'static str {
    match (key.revoked, key.ended) {
        (Some(_), _) => "revoked",
        (None, Some(_)) => "retired",
        (None, None) => "in force",
    }
}

/// A heading row; a list without lines below it says so.
fn heading(names: &[&str]) -> Vec<Span> {
    names.iter().map(|name| span(*name, Tone::Dim)).collect()
}

fn listed(json: Vec<Value>, rows: Vec<Vec<Span>>, name: &str, screen: &Screen) -> Done {
    let mut page = Page::new();
    if json.is_empty() {
        page.line(screen.lang.pick("没有。", "There are none."));
    } else {
        page.table(0, rows);
    }
    Done::fine(json!({ name: json }), page)
}

fn number_from(args: &ListArgs) -> Result<u64> {
    args.from.as_deref().map_or(Ok(0), |text| text.parse().map_err(|_| bad_from(text)))
}

fn bad_from(text: &str) -> Failure {
    Failure::input(
        Both::new("不是这里能用的编号", "not a number that fits here"),
        Both::new(
            "records 和 blocks 用序号或高度，dossiers 和 --dossier 用保全号 D-…。",
            "records and blocks take a sequence number or height, dossiers and --dossier a number D-….",
        ),
    )
    .on(text)
}

/// What a record is called: by the profile that the ledger keeps, else by a built-in one of the same bytes, else its id.
pub(crate) fn label_of(ledger: &Ledger, record: &Record, screen: &Screen) -> String {
    let label = profile_of(ledger, record).map(|profile| profile.label(screen.lang).to_owned());
    yinzheng::value::escape::for_people(&label.unwrap_or_else(|| record.profile.id.clone()))
        .into_owned()
}

/// The profile that a record follows, where it is at hand.
pub(crate) fn profile_of(ledger: &Ledger, record: &Record) -> Option<Profile> {
    let digest = record.profile.digest;
    if let Some(known) = builtin()
        .iter()
        .find(|profile| profile.id() == record.profile.id && profile.digest(digest.alg) == digest)
    {
        return Some(known.clone());
    }
    Profile::parse(&ledger.profile(&digest).ok()?).ok()
}
