//! The command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use yinzheng::hash::HashAlg;
use yinzheng::sign::SigAlg;

use crate::commands;
use crate::output::LangArg;

/// Yinzheng 印证: electronic evidence, sealed where it happens, checkable by anyone, offline.
#[derive(Debug, Parser)]
#[command(name = "yinzheng", version, arg_required_else_help = true, after_help = EXIT_CODES)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes 退出码:
  0  done, nothing contradicted     完成，无矛盾
  1  contradicted or damaged        有矛盾或损坏
  2  unusable call or input         用法有误，或输入无法读取
  3  required, but not proven       --require 所要求的未证实
  4  disk, store or lock            磁盘、存储或锁
  5  key, passphrase or vault key   密钥、口令或保管库密钥
  6  a fault of the program         程序故障";

/// Options of every command.
#[derive(Debug, ClapArgs)]
pub(crate) struct Global {
    /// One JSON object for machines 输出 JSON
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Language of the output; without it the locale's 输出语言
    #[arg(long, global = true, value_enum, value_name = "LANG")]
    pub(crate) lang: Option<LangArg>,
    /// Everything there is to say 详细输出
    #[arg(short, long, global = true)]
    pub(crate) verbose: bool,
    /// No progress bar 不显示进度
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Seal a whole story (a folder) or one business message (a file) 封存
    Seal(Box<commands::seal::SealArgs>),
    /// Make a proof with chosen values, or tie two blocks together 出具证明
    Prove(commands::prove::ProveArgs),
    /// Check a proof, an evidence package, a bundle or a consistency proof, offline 离线核验
    Verify(commands::verify::VerifyArgs),
    /// List what a ledger holds 列出账本内容
    List(commands::list::ListArgs),
    /// Show a record, entry, block, dossier or file in readable form 查看
    Show(commands::show::ShowArgs),
    /// Check a whole ledger, block by block 全面检查账本
    Check(commands::check::CheckArgs),
    /// Write a certificate, an evidence list, an annex or a receipt 出具存证证明、证据目录等
    Paper(Box<commands::paper::PaperArgs>),
    /// Write a ledger's page for operations, with alarms 账本运行页面
    Page(commands::page::PageArgs),
    /// Pack a dossier for a court, an arbitration body or a notary 制作证据包
    Package(Box<commands::package::PackageArgs>),
    /// Write a bundle, a verification kit or a receipt 导出
    Export(commands::export::ExportArgs),
    /// Take a bundle into a replica 导入为副本
    Import(commands::import::ImportArgs),
    /// Issue the values that a proof discloses as an SD-JWT (RFC 9901) 签发 SD-JWT
    SdJwt(commands::sd_jwt::SdJwtArgs),
    /// Ask a timestamp authority about a block or an entry, and keep its answer 可信时间戳
    Timestamp(commands::timestamp::TimestampArgs),
    /// Keep countersignatures of others beside their blocks, for proofs to carry 附上会签
    Attach(commands::attach::AttachArgs),
    /// Copy a ledger as it stands, while others go on writing 备份
    Backup(commands::backup::BackupArgs),
    /// Encrypt files to recipients, and open what came 密封信封
    Envelope(commands::envelope::EnvelopeArgs),
    /// Make, read and convert keys 密钥
    Keygen(commands::keygen::KeygenArgs),
    /// List, show and check profiles 场景模板
    Profile(commands::profile::ProfileArgs),
    /// Print a completion script for a shell 命令补全脚本
    Completions(commands::completions::CompletionsArgs),
}

/// Which ledger.
#[derive(Clone, Debug, ClapArgs)]
pub(crate) struct LedgerArg {
    /// The ledger: its .db file, or a folder with one; without it the one in $YINZHENG_HOME or ~/.yinzheng
    #[arg(long, value_name = "PATH")]
    pub(crate) ledger: Option<PathBuf>,
}

/// What opens a ledger's values and signs its blocks.
#[derive(Clone, Debug, Default, ClapArgs)]
pub(crate) struct Secrets {
    /// File with the ledger key's passphrase; else $YINZHENG_PASSPHRASE, else the file beside the ledger
    #[arg(long, value_name = "FILE")]
    pub(crate) passphrase_file: Option<PathBuf>,
    /// The vault key; without it the file beside the ledger
    #[arg(long, value_name = "FILE")]
    pub(crate) vault_key: Option<PathBuf>,
}

/// A hash, as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum HashArg {
    Sha256,
    Sm3,
}

impl From<HashArg> for HashAlg {
    fn from(arg: HashArg) -> Self {
        match arg {
            HashArg::Sha256 => HashAlg::Sha256,
            HashArg::Sm3 => HashAlg::Sm3,
        }
    }
}

/// A signature algorithm, as the command line names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AlgArg {
    Ed25519,
    P256,
    Sm2,
}

impl From<AlgArg> for SigAlg {
    fn from(arg: AlgArg) -> Self {
        match arg {
            AlgArg::Ed25519 => SigAlg::Ed25519,
            AlgArg::P256 => SigAlg::P256,
            AlgArg::Sm2 => SigAlg::Sm2,
        }
    }
}
