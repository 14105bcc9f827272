//! Text for people: lines, aligned tables and paragraphs, with tones that become colours on a terminal.

use crate::width::{pad, width, wrap};

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

/// Text for people. Whoever puts sealed or foreign text into it escapes hidden characters first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Page {
    blocks: Vec<Block>,
}

#[derive(Clone, Debug)]
enum Block {
    /// One line, whatever its length.
    Line(Vec<Span>),
    /// A text behind a lead, broken into as many lines as it needs.
    Paragraph { indent: usize, lead: Span, text: Span },
}

impl Page {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// A plain line.
    pub(crate) fn line(&mut self, text: impl Into<Span>) -> &mut Self {
        self.spans(vec![text.into()])
    }

    /// A line of several spans.
    pub(crate) fn spans(&mut self, spans: Vec<Span>) -> &mut Self {
        self.blocks.push(Block::Line(spans));
        self
    }

    /// An empty line.
    pub(crate) fn blank(&mut self) -> &mut Self {
        self.spans(Vec::new())
    }

    /// A heading with an empty line above.
    pub(crate) fn heading(&mut self, text: impl Into<String>) -> &mut Self {
        if !self.blocks.is_empty() {
            self.blank();
        }
        self.line(span(text, Tone::Bold))
    }

    /// A paragraph behind a lead; its lines begin where the first one does.
    pub(crate) fn paragraph(
        &mut self,
        indent: usize,
        lead: Span,
        text: &str,
        tone: Tone,
    ) -> &mut Self {
        self.blocks.push(Block::Paragraph { indent, lead, text: span(text, tone) });
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
            self.spans(line);
        }
        self
    }

    /// The page as text, paragraphs broken at `columns`.
    pub(crate) fn render(&self, columns: usize, colour: bool) -> String {
        let mut out = String::new();
        for block in &self.blocks {
            match block {
                Block::Line(spans) => render_line(&mut out, spans, colour),
                Block::Paragraph { indent, lead, text } => {
                    let hang = indent + width(&lead.0);
                    let lines = wrap(&text.0, columns.saturating_sub(hang).max(20));
                    for (at, line) in lines.into_iter().enumerate() {
                        let line = Span(line, text.1);
                        let spans = match at {
                            0 => vec![" ".repeat(*indent).into(), lead.clone(), line],
                            _ => vec![" ".repeat(hang).into(), line],
                        };
                        render_line(&mut out, &spans, colour);
                    }
                }
            }
        }
        out
    }
}

fn render_line(out: &mut String, spans: &[Span], colour: bool) {
    let mut text = String::new();
    for Span(piece, tone) in spans {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_whatever_the_script() {
        let mut page = Page::new();
        page.table(1, vec![vec!["证据".into(), "a".into()], vec!["x".into(), "b".into()]]);
        assert_eq!(page.render(80, false), " 证据  a\n x     b\n");
    }

    #[test]
    fn paragraphs_fit_the_terminal() {
        let mut page = Page::new();
        page.paragraph(2, "→ ".into(), "one two three four five six", Tone::Plain);
        assert_eq!(page.render(24, false), "  → one two three four\n    five six\n");
        assert_eq!(page.render(80, false), "  → one two three four five six\n");
    }

    #[test]
    fn colour_stands_only_where_it_is_wanted() {
        let mut page = Page::new();
        page.spans(vec![span("good  ", Tone::Good), "plain".into()]);
        assert_eq!(page.render(80, false), "good  plain\n");
        assert_eq!(page.render(80, true), "\x1b[32mgood\x1b[0m  plain\n");
    }
}
