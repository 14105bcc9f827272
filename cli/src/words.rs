//! Chinese for the words that the format's enumerations use in files and output.

use yinzheng::value::Lang;

/// A word of an enumeration in the language of the output; one that is not known here stays as it is.
pub(crate) fn word(name: &'static str, lang: Lang) -> &'static str {
    if lang == Lang::En {
        return name;
    }
    CHINESE.iter().find(|(english, _)| *english == name).map_or(name, |(_, chinese)| chinese)
}

/// Every word is unique among the enumerations, or means the same in each of them.
const CHINESE: &[(&str, &str)] = &[
    // Kinds of entries.
    ("link", "链接"),
    ("genesis", "创世"),
    ("record", "存证记录"),
    ("key", "密钥"),
    ("tombstone", "擦除声明"),
    ("hold", "保留"),
    ("event", "事件"),
    ("observed head", "所见链头"),
    ("renewal", "哈希更新"),
    ("statement", "签署声明"),
    ("block", "区块"),
    ("unknown", "未知"),
    // Roles.
    ("customer", "客户"),
    ("device", "设备"),
    ("lender", "贷款人"),
    ("witness", "见证人"),
    ("platform", "平台"),
    ("agent", "代理人"),
    ("guarantor", "保证人"),
    ("teller", "柜员"),
    ("notary", "公证机构"),
    ("customers-bank", "客户开户行"),
    ("ledger", "账本"),
    // Relations.
    ("predecessor", "前一条"),
    ("reference", "引用"),
    ("consent", "所依据的授权"),
    ("evidence", "附随证据"),
    // Keys.
    ("enrol", "登记"),
    ("rotate", "轮换"),
    ("revoke", "吊销"),
    ("hardware", "硬件"),
    ("enclave", "安全区"),
    ("shield", "盾"),
    ("hsm", "加密机"),
    ("hosted", "托管"),
    ("one-time", "一次性"),
    ("co-signed", "协同签名"),
    ("software", "软件密钥"),
    ("retired", "停用"),
    ("lost", "遗失"),
    ("compromised", "泄露"),
    ("superseded", "被取代"),
    // Events.
    ("opened", "打开"),
    ("closed", "关闭"),
    ("clock", "时钟"),
    ("restored", "恢复"),
    ("refused", "未签"),
    ("damage", "损坏"),
    ("vault", "保管库密钥变更"),
    ("replaced", "已替换"),
    ("destroyed", "已销毁（自称）"),
    ("declined", "拒绝"),
    ("timed-out", "超时"),
    ("locked", "锁定"),
    ("withdrawn", "撤回"),
    // Marks.
    ("set", "设置"),
    ("lift", "解除"),
    ("restrict", "限制"),
    ("retention-over", "期限届满"),
    ("persons-request", "本人请求"),
    ("order", "司法或行政命令"),
    ("error", "误留"),
    ("dispute", "争议"),
    ("investigation", "调查"),
    ("audit", "审计"),
    // Clock tiers.
    ("declared", "声明"),
    ("gnss", "卫星授时"),
    ("ntp", "网络授时"),
    ("server", "服务器"),
    ("chain", "区块链"),
    ("tsa", "时间戳机构"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use yinzheng::entry::{
        EventCode, HoldAction, HoldReason, RefuseReason, TombstoneReason, VaultStep,
    };
    use yinzheng::key::{Custody, KeyAction, KeyRole, RevokeReason};
    use yinzheng::record::Relation;
    use yinzheng::statement::Role;
    use yinzheng::time::Tier;

    #[test]
    fn every_word_has_its_chinese_once() {
        let mut names: Vec<&str> = Vec::new();
        names.extend(Role::ALL.iter().map(|role| role.name()));
        names.extend(KeyRole::ALL.iter().map(|role| role.name()));
        names.extend(KeyAction::ALL.iter().map(|action| action.name()));
        names.extend(Custody::ALL.iter().map(|custody| custody.name()));
        names.extend(RevokeReason::ALL.iter().map(|reason| reason.name()));
        names.extend(Relation::ALL.iter().map(|relation| relation.name()));
        names.extend(EventCode::ALL.iter().map(|code| code.name()));
        names.extend(RefuseReason::ALL.iter().map(|reason| reason.name()));
        names.extend(TombstoneReason::ALL.iter().map(|reason| reason.name()));
        names.extend(HoldReason::ALL.iter().map(|reason| reason.name()));
        names.extend(HoldAction::ALL.iter().map(|action| action.name()));
        names.extend(Tier::ALL.iter().map(|tier| tier.name()));
        names.extend(VaultStep::ALL.iter().map(|step| step.name()));
        for name in names {
            let found = CHINESE.iter().filter(|(english, _)| *english == name).count();
            assert_eq!(found, 1, "{name}");
        }
    }
}
