//! The `yinzheng` command: seals, proves and checks evidence. `docs/cli.md` describes it.

mod args;
mod clock;
mod commands;
mod describe;
mod facts;
mod failure;
mod files;
mod home;
mod keyfile;
mod originals;
mod output;
mod page;
mod profiles;
mod story;
mod target;
mod values;
mod verdict;
mod width;

use std::process::ExitCode;

use clap::Parser;

use crate::args::Args;
use crate::output::Screen;

fn main() -> ExitCode {
    let args = Args::parse();
    let screen = Screen::new(&args.global);
    let exit = match commands::run(&args.command, &screen) {
        Ok(done) => screen.show(&done),
        Err(failure) => screen.fail(&failure),
    };
    exit.into()
}
