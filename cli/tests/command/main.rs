//! The command, run as its user runs it.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod exchange;
mod keys;
mod languages;
mod message;
mod package;
mod paper;
mod proofs;
mod reading;
mod secrets;
mod story;
mod timestamps;
mod words;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

/// A folder of its own with the command's home in it.
struct Place {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

/// What a run gave.
struct Run {
    code: i32,
    out: String,
    err: String,
}

impl Place {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), environment: Vec::new() }
    }

    /// A place with an example sealed into `out`.
    fn sealed(name: &str) -> (Self, Run) {
        let place = Self::new();
        let run = place.run(&["seal", &example(name), "--out", "out"]);
        assert_eq!(run.code, 0, "{}{}", run.out, run.err);
        (place, run)
    }

    fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.into(), value.into()));
        self
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) -> &Self {
        fs::write(self.path(name), text).unwrap();
        self
    }

    fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.path(name)).unwrap()
    }

    /// Runs the command in the folder, in English unless a locale is set.
    fn run(&self, args: &[&str]) -> Run {
        let mut command = Command::new(env!("CARGO_BIN_EXE_yinzheng"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env("YINZHENG_HOME", self.path("home"))
            .env("LC_ALL", "C.UTF-8")
            .env_remove("YINZHENG_PASSPHRASE");
        for (name, value) in &self.environment {
            command.env(name, value);
        }
        let Output { status, stdout, stderr } = command.output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        let run = Run { code: status.code().unwrap(), out: text(stdout), err: text(stderr) };
        assert!(!run.err.contains("panicked"), "{args:?}: {}", run.err);
        run
    }

    /// A run that must succeed.
    fn ok(&self, args: &[&str]) -> String {
        let run = self.run(args);
        assert_eq!(run.code, 0, "{args:?}\n{}{}", run.out, run.err);
        run.out
    }

    /// A run that must succeed, as JSON.
    fn json(&self, args: &[&str]) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        parse(&self.ok(&args))
    }

    /// A run that must fail with this exit code, say why, and say what to do; gives what it says.
    fn fails(&self, code: i32, args: &[&str]) -> String {
        let run = self.run(args);
        assert_eq!(run.code, code, "{args:?}\n{}{}", run.out, run.err);
        assert!(run.out.is_empty(), "{args:?}: {}", run.out);
        assert!(
            run.err.starts_with("yinzheng: ") && run.err.contains("→ "),
            "{args:?}: {}",
            run.err
        );
        let json: Vec<&str> = args.iter().copied().chain(["--json"]).collect();
        let machine = self.run(&json);
        let error = parse(&machine.out);
        assert_eq!((machine.code, error["error"]["exit"].as_i64()), (code, Some(code.into())));
        assert!(machine.err.is_empty(), "{}", machine.err);
        run.err
    }
}

/// One JSON object and nothing else.
fn parse(text: &str) -> Value {
    let value: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert!(value.is_object(), "{text}");
    value
}

fn example(name: &str) -> String {
    format!("{}/../examples/{name}", env!("CARGO_MANIFEST_DIR"))
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

const EXAMPLES: [&str; 3] = ["credit-loan", "refused-application", "account-opening"];
