//! What the command prints: pages for people, in Chinese or English, or one JSON object for machines. This is the only
//! file that writes to the terminal.

use std::io::{IsTerminal, Write};

use clap::ValueEnum;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::Value;
use yinzheng::value::Lang;

use crate::args::Global;
use crate::failure::{Exit, Failure};
use crate::width::{pad, width, wrap};

/// Columns that a page tries to stay within.
pub(crate) const COLUMNS: usize = 100;

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

/// How a piece of text stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Bold,
    Dim,
    Good,
    Bad,
    Warn,
}

/// A piece of text with its tone.
#[derive(Clone, Debug)]
pub(crate) struct Span(pub(crate) String, pub(crate) Tone);

impl<T: Into<String>> From<T> for Span {
    fn from(text: T) -> Self {
        Span(text.into(), Tone::Plain)
    }
}

/// A span in one call.
pub(crate) fn span(text: impl Into<String>, tone: Tone) -> Span {
    Span(text.into(), tone)
}

/// Text for people, line by line. Whoever puts sealed or foreign text into it escapes hidden characters first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    lines: Vec<Vec<Span>>,
}

impl Page {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A plain line.
    pub(crate) fn line(&mut self, text: impl Into<Span>) -> &mut Self {
        self.lines.push(vec![text.into()]);
        self
    }

    /// A line of several spans.
    pub(crate) fn spans(&mut self, spans: Vec<Span>) -> &mut Self {
        self.lines.push(spans);
        self
    }

    /// An empty line.
    pub(crate) fn blank(&mut self) -> &mut Self {
        self.lines.push(Vec::new());
        self
    }

    /// A heading with an empty line above.
    pub(crate) fn heading(&mut self, text: impl Into<String>) -> &mut Self {
        if !self.lines.is_empty() {
            self.blank();
        }
        self.line(span(text, Tone::Bold))
    }

    /// A paragraph, broken into lines, all but the first `hang` columns in.
    pub(crate) fn paragraph(
        &mut self,
        indent: usize,
        first: Span,
        text: &str,
        tone: Tone,
    ) -> &mut Self {
        let hang = indent + width(&first.0);
        for (at, line) in wrap(text, COLUMNS.saturating_sub(hang).max(20)).into_iter().enumerate() {
            let lead = if at == 0 {
                vec![Span::from(" ".repeat(indent)), first.clone()]
            } else {
                vec![Span::from(" ".repeat(hang))]
            };
            self.lines.push(lead.into_iter().chain([span(line, tone)]).collect());
        }
        self
    }

    /// Rows of cells in aligned columns, two spaces between them.
    pub(crate) fn table(&mut self, indent: usize, rows: Vec<Vec<Span>>) -> &mut Self {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        let mut widths = vec![0; columns];
        for row in &rows {
            for (cell, widest) in row.iter().zip(&mut widths) {
                *widest = width(&cell.0).max(*widest);
            }
        }
        for row in rows {
            let last = row.len().saturating_sub(1);
            let mut line = vec![Span::from(" ".repeat(indent))];
            for (at, (cell, widest)) in row.into_iter().zip(&widths).enumerate() {
                let text = if at == last { cell.0 } else { pad(&cell.0, *widest) + "  " };
                line.push(Span(text, cell.1));
            }
            self.lines.push(line);
        }
        self
    }

    fn render(&self, colour: bool) -> String {
        let mut out = String::new();
        for line in &self.lines {
            let mut text = String::new();
            for Span(piece, tone) in line {
                match (colour && !piece.trim().is_empty()).then(|| tone.code()).flatten() {
                    Some(code) => {
                        let end = piece.trim_end();
                        let spaces = piece.get(end.len()..).unwrap_or_default();
                        text.push_str(&format!("\x1b[{code}m{end}\x1b[0m{spaces}"));
                    }
                    None => text.push_str(piece),
                }
            }
            out.push_str(text.trim_end());
            out.push('\n');
        }
        out
    }
}

impl Tone {
    fn code(self) -> Option<&'static str> {
        match self {
            Tone::Plain => None,
            Tone::Bold => Some("1"),
            Tone::Dim => Some("2"),
            Tone::Good => Some("32"),
            Tone::Bad => Some("1;31"),
            Tone::Warn => Some("33"),
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
    quiet: bool,
}

impl Screen {
    pub(crate) fn new(global: &Global) -> Self {
        let lang = match global.lang {
            Some(LangArg::Zh) => Lang::Zh,
            Some(LangArg::En) => Lang::En,
            None => lang_of_locale(|name| std::env::var(name).ok()),
        };
        Self { lang, json: global.json, verbose: global.verbose, quiet: global.quiet }
    }

    /// Prints what a command has to say and gives its exit code.
    pub(crate) fn show(&self, done: &Done) -> Exit {
        let text = if self.json {
            done.json.to_string() + "\n"
        } else {
            done.page.render(colours(std::io::stdout().is_terminal()))
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
                &page.render(colours(std::io::stderr().is_terminal())),
            )
        };
        // There is nobody left to tell when even this cannot be written.
        drop(written);
        failure.exit
    }

    /// A progress bar on standard error, or none where nobody would see it.
    pub(crate) fn progress(&self, total: u64, what: &'static str) -> ProgressBar {
        let hidden = self.quiet || self.json || !std::io::stderr().is_terminal();
        let target =
            if hidden { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(total), target).with_message(what);
        match ProgressStyle::with_template("{msg} [{bar:32}] {pos}/{len} {elapsed}") {
            Ok(style) => bar.with_style(style.progress_chars("=> ")),
            Err(_) => bar,
        }
    }
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

    #[test]
    fn columns_are_aligned_whatever_the_script() {
        let mut page = Page::new();
        page.table(1, vec![vec!["证据".into(), "a".into()], vec!["x".into(), "b".into()]]);
        assert_eq!(page.render(false), " 证据  a\n x     b\n");
    }

    #[test]
    fn colour_stands_only_where_it_is_wanted() {
        let mut page = Page::new();
        page.spans(vec![span("good  ", Tone::Good), "plain".into()]);
        assert_eq!(page.render(false), "good  plain\n");
        assert_eq!(page.render(true), "\x1b[32mgood\x1b[0m  plain\n");
    }
}
