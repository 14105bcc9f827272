//! The commands, one file each.

pub(crate) mod attach;
pub(crate) mod backup;
pub(crate) mod check;
pub(crate) mod completions;
pub(crate) mod envelope;
pub(crate) mod export;
pub(crate) mod import;
pub(crate) mod keygen;
pub(crate) mod list;
pub(crate) mod package;
pub(crate) mod page;
pub(crate) mod paper;
pub(crate) mod profile;
pub(crate) mod prove;
pub(crate) mod sd_jwt;
pub(crate) mod seal;
pub(crate) mod show;
pub(crate) mod timestamp;
pub(crate) mod verify;

use crate::args::Command;
use crate::failure::Result;
use crate::output::{Done, Screen};

/// Runs a command.
pub(crate) fn run(command: &Command, screen: &Screen) -> Result<Done> {
    match command {
        Command::Seal(args) => seal::run(args, screen),
        Command::Prove(args) => prove::run(args, screen),
        Command::Verify(args) => verify::run(args, screen),
        Command::List(args) => list::run(args, screen),
        Command::Show(args) => show::run(args, screen),
        Command::Check(args) => check::run(args, screen),
        Command::Package(args) => package::run(args, screen),
        Command::Page(args) => page::run(args, screen),
        Command::Paper(args) => paper::run(args, screen),
        Command::Export(args) => export::run(args, screen),
        Command::Import(args) => import::run(args, screen),
        Command::SdJwt(args) => sd_jwt::run(args, screen),
        Command::Timestamp(args) => timestamp::run(args, screen),
        Command::Attach(args) => attach::run(args, screen),
        Command::Backup(args) => backup::run(args, screen),
        Command::Envelope(args) => envelope::run(args, screen),
        Command::Keygen(args) => keygen::run(args, screen),
        Command::Profile(args) => profile::run(args, screen),
        Command::Completions(args) => completions::run(args, screen),
    }
}
