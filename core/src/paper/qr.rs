//! A QR code as inline SVG: nothing is loaded, nothing can be a link.

use qrcode::{Color, EcLevel, QrCode};

use super::html::Html;
use crate::{Error, ErrorCode, Result};

/// Light modules around the code (ISO/IEC 18004 asks for four).
const QUIET: usize = 4;

/// Writes the code of a short text; a phone shows the text.
pub(super) fn draw(html: &mut Html, text: &str) -> Result<()> {
    let code = QrCode::with_error_correction_level(text, EcLevel::M)
        .map_err(|_| Error::new(ErrorCode::LimitExceeded, "QR code"))?;
    let width = code.width();
    let side = width + 2 * QUIET;
    html.markup("<svg role=\"img\" viewBox=\"0 0 ").number(side).markup(" ").number(side);
    html.markup("\" shape-rendering=\"crispEdges\"><title>").word("qr");
    html.markup("</title><path fill=\"#fff\" d=\"M0 0h").number(side).markup("v").number(side);
    html.markup("H0z\"/><path fill=\"#000\" d=\"");
    for (row, modules) in code.to_colors().chunks(width).enumerate() {
        let mut column = 0;
        for run in modules.chunk_by(|a, b| a == b) {
            if run.first() == Some(&Color::Dark) {
                html.markup("M").number(column + QUIET).markup(" ").number(row + QUIET);
                html.markup("h").number(run.len()).markup("v1h-").number(run.len()).markup("z");
            }
            column += run.len();
        }
    }
    html.markup("\"/></svg>");
    Ok(())
}
