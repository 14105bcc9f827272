//! The content: chunks of 64 KiB, each under ChaCha20-Poly1305 with its number and a mark on the last (STREAM).

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use zeroize::Zeroizing;

use super::{FileKey, changed, derive};
use crate::error::{Error, ErrorCode, Result};
use crate::random::Random;

const CHUNK: usize = 64 * 1024;
const TAG: usize = 16;
const NONCE: usize = 16;

fn cipher(file_key: &FileKey, nonce: &[u8; NONCE]) -> Result<ChaCha20Poly1305> {
    let key = derive(nonce, file_key.as_slice(), "payload")?;
    Ok(ChaCha20Poly1305::new(&(*key).into()))
}

/// Eleven bytes of number, one that says whether this is the last.
fn numbered(number: u64, last: bool) -> Nonce {
    let mut nonce = [0; 12];
    for (place, byte) in nonce.iter_mut().skip(3).zip(number.to_be_bytes()) {
        *place = byte;
    }
    if let Some(mark) = nonce.last_mut() {
        *mark = u8::from(last);
    }
    nonce.into()
}

/// Appends the encrypted content to `out`.
pub(super) fn seal(
    file_key: &FileKey,
    content: &[u8],
    random: &mut Random,
    out: &mut Vec<u8>,
) -> Result<()> {
    let nonce = random.array()?;
    out.extend(nonce);
    let cipher = cipher(file_key, &nonce)?;
    out.reserve(content.len() + content.len() / CHUNK * TAG + TAG);
    let mut rest = content;
    for number in 0.. {
        let (chunk, after) = rest.split_at_checked(CHUNK).unwrap_or((rest, &[]));
        let last = after.is_empty();
        let sealed = cipher
            .encrypt(&numbered(number, last), chunk)
            .map_err(|_| Error::new(ErrorCode::Internal, "sealing an envelope"))?;
        out.extend(sealed);
        if last {
            break;
        }
        rest = after;
    }
    Ok(())
}

/// Decrypts. Nothing is given out unless all of it is genuine.
pub(super) fn open(file_key: &FileKey, payload: &[u8]) -> Result<Zeroizing<Vec<u8>>> {
    let short = || Error::new(ErrorCode::Truncated, "the envelope ends too early");
    let (nonce, mut rest) = payload.split_first_chunk::<NONCE>().ok_or_else(short)?;
    let cipher = cipher(file_key, nonce)?;
    // With room for all, so that no copy is left behind.
    let mut content = Zeroizing::new(Vec::with_capacity(rest.len()));
    for number in 0.. {
        if rest.len() < TAG {
            return Err(short());
        }
        let (chunk, after) = rest.split_at_checked(CHUNK + TAG).unwrap_or((rest, &[]));
        let last = after.is_empty();
        let opened = match cipher.decrypt(&numbered(number, last), chunk) {
            Ok(opened) => Zeroizing::new(opened),
            // A whole chunk that is not the last: the rest was cut off.
            Err(_) if last && cipher.decrypt(&numbered(number, false), chunk).is_ok() => {
                return Err(short());
            }
            Err(_) => return Err(changed()),
        };
        // One content has one form: an empty last chunk only where there is nothing.
        if last && opened.is_empty() && number > 0 {
            return Err(changed());
        }
        content.extend_from_slice(&opened);
        if last {
            break;
        }
        rest = after;
    }
    Ok(content)
}
