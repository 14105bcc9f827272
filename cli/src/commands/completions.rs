//! `yinzheng completions`: a script that completes the command in a shell.

use clap::{Args, CommandFactory};
use clap_complete::Shell;
use serde_json::json;

use crate::failure::Result;
use crate::output::{Done, Page, Screen};

/// For which shell.
#[derive(Debug, Args)]
pub(crate) struct CompletionsArgs {
    #[arg(value_enum)]
    shell: Shell,
}

/// Runs the command.
pub(crate) fn run(args: &CompletionsArgs, _screen: &Screen) -> Result<Done> {
    let mut script = Vec::new();
    let mut command = crate::args::Args::command();
    clap_complete::generate(args.shell, &mut command, "yinzheng", &mut script);
    let script = String::from_utf8_lossy(&script).into_owned();
    let mut page = Page::new();
    for line in script.lines() {
        page.line(line);
    }
    Ok(Done::fine(json!({"shell": args.shell.to_string(), "script": script}), page))
}
