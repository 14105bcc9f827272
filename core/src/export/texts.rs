//! What stands in a kit's `COMMANDS.txt` around its commands.

use super::commands::Section;

pub(super) const HEAD: &str = "\
Verification kit 核验工具包
===========================
Needs nothing but OpenSSL 3 (for SM2 built with SM2 and SM3, as it is by default). Run in this folder.
只需 OpenSSL 3（SM2、SM3 默认已包含）。请在本文件夹内运行。

entry.cbor         the sealed entry 封存的条目
receipt.cbor       its RFC 9942 receipt, COSE 回执
sealed-block.cbor  sealed bytes of its block: what outsiders stamp 区块封存字节，即外部所盖时间戳的对象
head-block.cbor    sealed bytes of the newest block shown, where that is another one 所示最新区块（非同一区块时）

";

pub(super) const fn heading(section: Section) -> &'static str {
    match section {
        Section::Values => VALUES,
        Section::Path => PATH,
        Section::History => HISTORY,
        Section::Signatures => SIGNATURES,
        Section::Tokens => TOKENS,
    }
}

const VALUES: &str = "\
Values 字段值
-------------
The first digest is the record's, which its number R-… comes from. Each of the others must be printed by its command, and
stands in record.cbor behind the field's name. Text is readable in the value files as it is (UTF-8).
第一个摘要是记录摘要（存证编号 R-… 由此而来）；其余各摘要须由其命令得出，并出现在 record.cbor 中该字段名之后。值文件中的文字可直接阅读（UTF-8）。

";

const PATH: &str = "\
From the entry to the root 由条目到树根
---------------------------------------
Each command must print the digest beside it. The digest of a step stands in the file of the next one; the last one is
the root, and is the end (the last 32 bytes) of block-tbs.bin. step-00.bin is one zero byte and then entry.cbor.
每条命令须得出其后的摘要；每步的摘要出现在下一步的文件中，最后一个即树根，也就是 block-tbs.bin 的末 32 字节。
step-00.bin 为一个零字节加 entry.cbor。

";

const HISTORY: &str = "\
From the block to the newest block shown 由区块到所示最新区块
-------------------------------------------------------------
The first two digests, block hash and sealed digest, are the end of history-00.bin (a zero byte, then height, block hash,
sealed digest). Then as above; the last digest is the history root, and stands inside head-tbs.bin.
前两个摘要即区块哈希与封存摘要，出现在 history-00.bin 的末尾；其后同上；最后一个摘要即历史根，出现在 head-tbs.bin 之中。

";

const SIGNATURES: &str = "\
Signatures 签名
---------------
Each command must say that the signature is verified. A key is only as good as where it comes from: compare its
thumbprint with one you got from elsewhere.
每条命令须显示签名核验成功。密钥是否可信取决于其来源：请与另行取得的指纹核对。

";

const TOKENS: &str = "\
Timestamps 时间戳
-----------------
CA.pem stands for the authority's certificates, which must come from elsewhere and are not in this folder.
CA.pem 代表时间戳机构的证书，须另行取得，不在本文件夹内。

";
