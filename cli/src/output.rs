//! What the command prints: pages for people, in Chinese or English, or one JSON object for machines. This is the only
//! file that writes to the terminal.

use std::io::{IsTerminal, Write};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;
use yinzheng::value::Lang;
use yinzheng::value::escape::for_people;

use crate::args::Global;
use crate::failure::{Exit, Failure};
pub(crate) use crate::page::{Page, Span, Tone, span};

/// Columns of a page where nobody says how wide the terminal is.
const COLUMNS: usize = 100;

/// The language asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum LangArg {
    /// Chinese 中文.
    Zh,
    /// English.
    En,
}

/// Picks between the two languages.
pub(crate) trait Pick {
    /// The Chinese or the English one.
    fn pick<T>(self, zh: T, en: T) -> T;
}

impl Pick for Lang {
    fn pick<T>(self, zh: T, en: T) -> T {
        match self {
            Lang::Zh => zh,
            Lang::En => en,
        }
    }
}

/// What a command that came to its end has to say.
pub(crate) struct Done {
    pub(crate) exit: Exit,
    pub(crate) json: Value,
    pub(crate) page: Page,
}

impl Done {
    /// Fine, with this to say.
    pub(crate) fn fine(json: Value, page: Page) -> Self {
        Self { exit: Exit::Fine, json, page }
    }
}

/// The terminal, as the caller wants it used.
pub(crate) struct Screen {
    pub(crate) lang: Lang,
    pub(crate) json: bool,
    pub(crate) verbose: bool,
    /// Columns that a page may have.
    pub(crate) columns: usize,
    quiet: bool,
}

impl Screen {
    pub(crate) fn new(global: &Global) -> Self {
        let lang = match global.lang {
            Some(LangArg::Zh) => Lang::Zh,
            Some(LangArg::En) => Lang::En,
            None => lang_of_locale(|name| std::env::var(name).ok()),
        };
        Self {
            lang,
            json: global.json,
            verbose: global.verbose,
            columns: columns(),
            quiet: global.quiet,
        }
    }

    /// Prints what a command has to say and gives its exit code.
    pub(crate) fn show(&self, done: &Done) -> Exit {
        let text = if self.json {
            done.json.to_string() + "\n"
        } else {
            done.page.render(self.columns, colours(std::io::stdout().is_terminal()))
        };
        match write_all(std::io::stdout().lock(), &text) {
            Ok(()) => done.exit,
            // Whoever reads has read enough.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => done.exit,
            Err(_) => Exit::Storage,
        }
    }

    /// Prints a failure and gives its exit code.
    pub(crate) fn fail(&self, failure: &Failure) -> Exit {
        let written = if self.json {
            write_all(std::io::stdout().lock(), &(failure.json(self.lang).to_string() + "\n"))
        } else {
            let mut page = Page::new();
            page.paragraph(0, span("yinzheng: ", Tone::Bad), &failure.what(self.lang), Tone::Plain);
            page.paragraph(2, span("→ ", Tone::Warn), &failure.advice(self.lang), Tone::Plain);
            write_all(
                std::io::stderr().lock(),
                &page.render(self.columns, colours(std::io::stderr().is_terminal())),
            )
        };
        // There is nobody left to tell when even this cannot be written.
        drop(written);
        failure.exit
    }

    /// A progress bar on standard error that counts things, or none where nobody would see it.
    pub(crate) fn progress(&self, total: u64, what: &'static str) -> ProgressBar {
        self.bar(Some(total), what, "{msg} [{bar:32}] {pos}/{len} {elapsed}")
    }

    /// As [`Screen::progress`], counting bytes; without a total it only says how many there were.
    pub(crate) fn progress_bytes(&self, total: Option<u64>, what: &'static str) -> ProgressBar {
        let template = match total {
            Some(_) => "{msg} [{bar:32}] {bytes}/{total_bytes} {elapsed}",
            None => "{msg} {bytes} {elapsed}",
        };
        self.bar(total, what, template)
    }

    fn bar(&self, total: Option<u64>, what: &'static str, template: &str) -> ProgressBar {
        let hidden = self.quiet || self.json || !std::io::stderr().is_terminal();
        let target =
            if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(total, target).with_message(what);
        match ProgressStyle::with_template(template) {
            Ok(style) => bar.with_style(style.progress_chars("=> ")),
            Err(_) => bar,
        }
    }
}

/// Columns of the terminal, within what can be read.
fn columns() -> usize {
    let size = console::Term::stdout().size_checked().filter(|_| std::io::stdout().is_terminal());
    size.map_or(COLUMNS, |(_, columns)| usize::from(columns).clamp(60, 120))
}

/// The command as its caller can type it again.
pub(crate) fn program() -> String {
    let name = std::env::args_os().next().unwrap_or_default();
    let name = name.to_string_lossy();
    if name.contains('/') { for_people(&name).into_owned() } else { "yinzheng".to_owned() }
}

fn colours(terminal: bool) -> bool {
    terminal
        && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
        && std::env::var_os("TERM").is_none_or(|value| value != "dumb")
}

/// POSIX: the first of LC_ALL, LC_MESSAGES and LANG that says anything.
fn lang_of_locale(variable: impl Fn(&str) -> Option<String>) -> Lang {
    let locale = ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .find_map(|name| variable(name).filter(|value| !value.is_empty()))
        .unwrap_or_default();
    if locale.to_ascii_lowercase().starts_with("zh") { Lang::Zh } else { Lang::En }
}

fn write_all(mut out: impl Write, text: &str) -> std::io::Result<()> {
    out.write_all(text.as_bytes())?;
    out.flush()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_locale_says_the_language() {
        let with = |set: &'static [(&str, &str)]| {
            lang_of_locale(move |name| {
                set.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
            })
        };
        assert_eq!(with(&[("LANG", "zh_CN.UTF-8")]), Lang::Zh);
        assert_eq!(with(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]), Lang::En);
        assert_eq!(with(&[("LC_ALL", ""), ("LANG", "zh_TW")]), Lang::Zh);
        assert_eq!(with(&[]), Lang::En);
    }
}
