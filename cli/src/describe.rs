//! What entries and blocks say, as named facts.

use yinzheng::block::BlockHeader;
use yinzheng::entry::{Body, Entry, Facts as EventFacts};
use yinzheng::hash::{Digest, HashAlg};
use yinzheng::key::KeyClaims;
use yinzheng::number;
use yinzheng::record::Record;
use yinzheng::statement::Statement;
use yinzheng::time::{Moment, TimeClaim};

use crate::clock;
use crate::facts::Facts;

/// What an entry of a ledger with this hash says.
pub(crate) fn entry(entry: &Entry<'_>, hash: HashAlg) -> Facts {
    let mut facts = Facts::new(kind(&entry.body));
    match &entry.body {
        Body::Record(record) => of_record(&mut facts, record, &record.digest(entry.bytes)),
        Body::Statement(statement) => of_statement(&mut facts, statement),
        Body::Key(_, claims) => {
            of_key(&mut facts, claims);
            facts.hex("kid", "密钥编号", "kid", &hash.digest(entry.bytes));
        }
        Body::Genesis(genesis) => {
            facts
                .text("organisation", "自称机构名", "organisation", &genesis.organisation)
                .digest(
                    "ledger_id",
                    "账本编号",
                    "ledger id",
                    &Digest::of(genesis.hash, entry.bytes),
                )
                .text("hash", "哈希", "hash", genesis.hash.name());
            claim(&mut facts, &genesis.created);
            if let Some(other) = &genesis.continues {
                facts.digest("continues", "承接账本", "continues", &other.ledger_id).number(
                    "continues_height",
                    "其高度",
                    "its height",
                    other.height,
                );
            }
        }
        Body::Event(event) => {
            facts.word("event", "事件", "event", event.code().name());
            claim(&mut facts, &event.time);
            of_event(&mut facts, &event.facts);
        }
        Body::Link(link) => {
            facts.hex("previous_block", "前块哈希", "previous block", &link.previous_block).hex(
                "previous_sealed",
                "前块封存摘要",
                "previous sealed",
                &link.previous_sealed,
            );
        }
        Body::Tombstone(mark) => {
            facts.word("reason", "理由", "reason", mark.reason.name());
            records(&mut facts, &mark.records);
            if let Some(names) = &mark.names {
                facts.text("fields", "字段", "fields", &names.join(", "));
            }
            claim(&mut facts, &mark.time);
        }
        Body::Hold(mark) => {
            facts.word("action", "动作", "action", mark.action.name()).word(
                "reason",
                "理由",
                "reason",
                mark.reason.name(),
            );
            records(&mut facts, &mark.records);
            claim(&mut facts, &mark.time);
        }
        Body::ObservedHead(head) => {
            facts
                .digest("other_ledger", "账本编号", "ledger id", &head.ledger_id)
                .number("height", "高度", "height", head.height)
                .digest("sealed_digest", "封存摘要", "sealed digest", &head.sealed_digest);
            claim(&mut facts, &head.time);
        }
        Body::Renewal(renewal) => {
            facts
                .digest("other_ledger", "账本编号", "ledger id", &renewal.ledger_id)
                .number("first", "起始高度", "first height", renewal.first)
                .number("last", "末尾高度", "last height", renewal.last)
                .digest("root", "根", "root", &renewal.root);
        }
        Body::Unknown { .. } => {}
    }
    facts.number("bytes", "字节数", "bytes", entry.bytes.len() as u64);
    facts
}

/// The English word for what an entry is.
pub(crate) fn kind(body: &Body) -> &'static str {
    match body {
        Body::Link(_) => "link",
        Body::Genesis(_) => "genesis",
        Body::Record(_) => "record",
        Body::Key(..) => "key",
        Body::Tombstone(_) => "tombstone",
        Body::Hold(_) => "hold",
        Body::Event(_) => "event",
        Body::ObservedHead(_) => "observed head",
        Body::Renewal(_) => "renewal",
        Body::Statement(_) => "statement",
        Body::Unknown { .. } => "unknown",
    }
}

fn of_record(facts: &mut Facts, record: &Record, digest: &Digest) {
    facts
        .text("record", "存证编号", "record", &number::record_number(digest))
        .digest("digest", "记录摘要", "digest", digest)
        .text("dossier", "保全号", "dossier", &number::preservation_number(&record.dossier))
        .number("place", "位次", "place", record.place)
        .text("profile", "场景模板", "profile", &record.profile.id)
        .number("profile_version", "模板版本", "version", record.profile.version);
    claim(facts, &record.time);
    let cites = record
        .citations
        .iter()
        .map(|citation| (citation.relation.name(), number::record_number(&citation.digest)));
    facts.list("cites", "引用", "cites", cites.collect());
    if let Some(digest) = &record.supersedes {
        facts.text("supersedes", "更正", "corrects", &number::record_number(digest));
    }
    facts.number("fields", "字段数", "fields", record.fields.len() as u64);
}

fn of_statement(facts: &mut Facts, statement: &Statement) {
    facts
        .word("signed_by", "签署角色", "signed by", statement.role.name())
        .text("signature_algorithm", "签名算法", "algorithm", statement.alg.name())
        .hex("kid", "密钥编号", "kid", &statement.kid)
        .text("signed_at", "签署时间（自称）", "signed at (claim)", &seconds(statement.issued_at));
    if let Some(digest) = &statement.displayed {
        facts.digest("displayed", "所展示内容", "displayed", digest);
    }
    if let Some(ledger) = &statement.audience {
        facts.digest("audience", "面向账本", "meant for", ledger);
    }
    match statement.record() {
        Some(record) => of_record(facts, record, &statement.record_digest()),
        None => {
            let number = number::record_number(&statement.record_digest());
            facts.text("about", "所签记录", "about", &number);
        }
    }
}

fn of_key(facts: &mut Facts, claims: &KeyClaims) {
    facts.word("action", "动作", "action", claims.action.name()).word(
        "role",
        "角色",
        "role",
        claims.role.name(),
    );
    if let Some(key) = &claims.key {
        facts.text("algorithm", "算法", "algorithm", key.alg().name()).hex(
            "thumbprint",
            "指纹",
            "thumbprint",
            &key.thumbprint(),
        );
    }
    if let Some(custody) = claims.custody {
        facts.word("custody", "保管方式（自称）", "custody (claim)", custody.name());
    }
    if let Some(epoch) = claims.epoch {
        facts.number("epoch", "期", "epoch", epoch);
    }
    if let Some(reason) = claims.reason {
        facts.word("reason", "理由", "reason", reason.name());
    }
    facts.text("effective", "生效", "effective", &clock::text(claims.effective_ms, 0));
}

fn of_event(facts: &mut Facts, event: &EventFacts) {
    match event {
        EventFacts::Opened { library, system, device, self_test_passed, clock, .. } => {
            facts.text("library", "程序库", "library", library);
            for (key, zh, en, text) in
                [("system", "系统", "system", system), ("device", "设备类别", "device", device)]
            {
                if let Some(text) = text {
                    facts.text(key, zh, en, text);
                }
            }
            if let Some(passed) = self_test_passed {
                let passed = if *passed { "passed" } else { "failed" };
                facts.word("self_test", "自检", "self-test", passed);
            }
            if let Some(tier) = clock {
                facts.word("clock_in_use", "所用时钟", "clock in use", tier.name());
            }
        }
        EventFacts::Closed { .. } => {}
        EventFacts::Clock { step_ms, .. } => {
            facts.text("step_ms", "跳变（毫秒）", "step (ms)", &step_ms.to_string());
        }
        EventFacts::Restored { ledger_id, height, .. } => {
            facts
                .digest("other_ledger", "账本编号", "ledger id", ledger_id)
                .number("height", "高度", "height", *height);
        }
        EventFacts::Refused { dossier, place, record, reason, .. } => {
            facts
                .text("dossier", "保全号", "dossier", &number::preservation_number(dossier))
                .number("place", "位次", "place", *place)
                .text("dropped", "未签的记录", "dropped", &number::record_number(record));
            if let Some(reason) = reason {
                facts.word("reason", "理由", "reason", reason.name());
            }
        }
        EventFacts::Damage { at, what } => {
            facts.number("at", "位置", "at", *at).number("what", "类别", "what", *what);
        }
        EventFacts::Vault { key_id, step } => {
            facts.hex("vault_key", "保管库密钥", "vault key", key_id).word(
                "step",
                "步骤",
                "step",
                step.name(),
            );
        }
    }
}

fn records(facts: &mut Facts, digests: &[Digest]) {
    let list: Vec<(&'static str, String)> =
        digests.iter().map(|digest| ("reference", number::record_number(digest))).collect();
    facts.list("records", "所涉记录", "records", list);
}

fn claim(facts: &mut Facts, claim: &TimeClaim) {
    if let Some(moment) = &claim.occurred {
        facts.text("happened", "发生时间", "happened", &moment_text(moment));
    }
    facts.text("captured", "采集时间", "captured", &moment_text(&claim.captured)).word(
        "clock",
        "时钟（自称）",
        "clock (claim)",
        claim.tier.name(),
    );
}

fn moment_text(moment: &Moment) -> String {
    clock::text(moment.unix_ms, moment.offset_minutes)
}

fn seconds(seconds: u64) -> String {
    i64::try_from(seconds)
        .ok()
        .and_then(|seconds| seconds.checked_mul(1000))
        .map_or_else(|| format!("{seconds} s"), |ms| clock::text(ms, 0))
}

/// What a block claims.
pub(crate) fn header(header: &BlockHeader, sealed_digest: &[u8; 32]) -> Facts {
    let mut facts = Facts::new("block");
    facts
        .number("height", "高度", "height", header.height)
        .hex("ledger_id", "账本编号", "ledger id", &header.ledger_id)
        .text("hash", "哈希", "hash", header.hash.name())
        .text("signature_algorithm", "签名算法", "algorithm", header.alg.name())
        .hex("kid", "密钥编号", "kid", &header.kid)
        .number("key_epoch", "密钥期", "key epoch", header.key_epoch)
        .number("entry_count", "条目数", "entries", header.entry_count)
        .number("first_sequence", "首个序号", "first sequence", header.first_sequence)
        .text("begun_at", "开始时间（自称）", "begun at (claim)", &seconds(header.begun_at))
        .hex("history_root", "历史根", "history root", &header.history_root)
        .hex("sealed_digest", "封存摘要", "sealed digest", sealed_digest);
    facts
}
