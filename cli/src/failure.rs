//! What went wrong, for people and machines: the exit code, what happened, and what to do next. It never holds a value, a
//! key or a passphrase.

use std::path::Path;
use std::process::ExitCode;

use serde_json::{Value, json};
use yinzheng::value::Lang;
use yinzheng::{Error, ErrorCode};

/// The result of every step of a command.
pub(crate) type Result<T> = std::result::Result<T, Failure>;

/// Exit codes, as `docs/cli.md` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; nothing is contradicted.
    Fine = 0,
    /// Something is contradicted or damaged.
    Contradicted = 1,
    /// The call or its input cannot be used.
    Input = 2,
    /// Something that was required is not proven.
    NotProven = 3,
    /// Disk, store or lock.
    Storage = 4,
    /// A key, passphrase or vault key.
    Key = 5,
    /// A fault of the program.
    Internal = 6,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(exit as u8)
    }
}

/// A text in both languages.
#[derive(Clone, Debug)]
pub(crate) struct Both {
    pub(crate) zh: String,
    pub(crate) en: String,
}

impl Both {
    pub(crate) fn new(zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self { zh: zh.into(), en: en.into() }
    }

    pub(crate) fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Zh => &self.zh,
            Lang::En => &self.en,
        }
    }
}

/// Why a command stopped.
#[derive(Clone, Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    /// Number and name in the library's error table, where it is the library's error.
    code: Option<ErrorCode>,
    /// The file or thing it happened at.
    place: Option<String>,
    what: Both,
    next: Both,
}

impl Failure {
    /// An unusable call or input.
    pub(crate) fn input(what: Both, next: Both) -> Self {
        Self { exit: Exit::Input, code: None, place: None, what, next }
    }

    /// As [`Failure::input`], with another exit code.
    pub(crate) fn with_exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    /// Names the file it happened at.
    pub(crate) fn at(self, path: &Path) -> Self {
        Self { place: Some(path.display().to_string()), ..self }
    }

    /// Names the thing it happened at.
    pub(crate) fn on(self, place: impl Into<String>) -> Self {
        Self { place: Some(place.into()), ..self }
    }

    /// Says what to do next in place of the general advice.
    pub(crate) fn next(self, next: Both) -> Self {
        Self { next, ..self }
    }

    /// What happened, with place and number.
    pub(crate) fn what(&self, lang: Lang) -> String {
        let place =
            self.place.as_ref().map(|place| format!("{}: ", escape(place))).unwrap_or_default();
        let number = self.code.map(|code| format!("[{}] ", code.number())).unwrap_or_default();
        format!("{number}{place}{}", escape(self.what.get(lang)))
    }

    /// What to do about it.
    pub(crate) fn advice(&self, lang: Lang) -> String {
        escape(self.next.get(lang))
    }

    /// The same for machines.
    pub(crate) fn json(&self, lang: Lang) -> Value {
        json!({"error": {
            "exit": self.exit as u8,
            "number": self.code.map(ErrorCode::number),
            "name": self.code.map(ErrorCode::name),
            "at": self.place,
            "message": self.what.get(lang),
            "advice": self.next.get(lang),
        }})
    }
}

fn escape(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            c if yinzheng::value::escape::is_hidden(c) => {
                yinzheng::value::escape::for_people(&c.to_string()).into_owned()
            }
            c => c.to_string(),
        })
        .collect()
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let code = error.code();
        let context = |separator: &str| match error.context() {
            "" => String::new(),
            context => format!("{separator}{context}"),
        };
        Self {
            exit: exit_of(code),
            code: Some(code),
            place: None,
            what: Both::new(
                format!("{}{}", code.message_zh(), context("：")),
                format!("{}{}", code.message(), context(": ")),
            ),
            next: Both::new(code.advice_zh(), code.advice()),
        }
    }
}

fn exit_of(code: ErrorCode) -> Exit {
    match code {
        ErrorCode::SignatureMismatch
        | ErrorCode::DigestMismatch
        | ErrorCode::RootMismatch
        | ErrorCode::HeadMismatch
        | ErrorCode::ChainBroken => Exit::Contradicted,
        ErrorCode::UnsupportedAlgorithm
        | ErrorCode::InvalidKey
        | ErrorCode::AlgorithmMismatch
        | ErrorCode::RandomUnavailable
        | ErrorCode::KeyFile
        | ErrorCode::KeyNotInForce
        | ErrorCode::WrongVaultKey => Exit::Key,
        code => match code.number() / 100 {
            6 => Exit::Storage,
            9 => Exit::Internal,
            _ => Exit::Input,
        },
    }
}

/// A failure of the file system at `path`.
pub(crate) fn io(path: &Path, error: &std::io::Error) -> Failure {
    use std::io::ErrorKind;
    let (exit, what, next) = match error.kind() {
        ErrorKind::NotFound => (
            Exit::Input,
            Both::new("没有这个文件", "no such file"),
            Both::new("请检查路径。", "Check the path."),
        ),
        ErrorKind::AlreadyExists => (
            Exit::Input,
            Both::new("文件已存在", "a file is there already"),
            Both::new(
                "请换一个名称；带 --force 选项的命令可用它覆盖。",
                "Choose another name; commands that have --force overwrite with it.",
            ),
        ),
        ErrorKind::PermissionDenied => (
            Exit::Storage,
            Both::new("没有权限", "no permission"),
            Both::new("请检查文件和目录的权限。", "Check the permissions of file and folder."),
        ),
        ErrorKind::StorageFull => (
            Exit::Storage,
            Both::new("磁盘已满", "the disk is full"),
            Both::new("请腾出空间后重试。", "Free some space and try again."),
        ),
        ErrorKind::IsADirectory => (
            Exit::Input,
            Both::new("这是一个目录", "this is a folder"),
            Both::new("请给出文件。", "Name a file."),
        ),
        kind => (
            Exit::Storage,
            Both::new(format!("读写失败：{kind}"), format!("reading or writing failed: {kind}")),
            Both::new("请检查磁盘和路径。", "Check disk and path."),
        ),
    };
    Failure { exit, code: None, place: None, what, next }.at(path)
}
