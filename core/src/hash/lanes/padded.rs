//! A message block by block, padded as SHA-256 and SM3 do it alike: a 1 bit, zeros, the length in bits.

/// The blocks of one message that are still to be compressed; at first there is at least one.
pub(super) struct Padded<'m> {
    prefix: Option<u8>,
    rest: &'m [u8],
    bits: u64,
    next: Next,
}

/// What the next block begins with.
#[derive(PartialEq, Eq)]
enum Next {
    /// More of the message, or the 1 bit behind it.
    Message,
    /// Zeros: the length did not fit behind the message any more.
    Length,
    Nothing,
}

impl<'m> Padded<'m> {
    /// `prefix` and then `message`.
    pub(super) fn new(prefix: Option<u8>, message: &'m [u8]) -> Self {
        let bytes = message.len() as u64 + u64::from(prefix.is_some());
        Self { prefix, rest: message, bits: bytes * 8, next: Next::Message }
    }

    /// Whether every block was taken.
    pub(super) fn is_done(&self) -> bool {
        self.next == Next::Nothing
    }
}

impl Padded<'_> {
    /// Writes the next block over `block`, if there is one.
    #[inline]
    pub(super) fn next(&mut self, block: &mut [u8; 64]) -> Option<()> {
        let length_fits = match self.next {
            Next::Nothing => return None,
            Next::Length => {
                *block = [0; 64];
                true
            }
            Next::Message => {
                let prefix = self.prefix.take();
                let (front, room) = block.split_at_mut(usize::from(prefix.is_some()));
                front.iter_mut().zip(prefix).for_each(|(to, byte)| *to = byte);
                if let Some((full, rest)) = self.rest.split_at_checked(room.len()) {
                    room.copy_from_slice(full);
                    self.rest = rest;
                    return Some(());
                }
                let (last, behind) = room.split_at_mut_checked(self.rest.len())?;
                last.copy_from_slice(self.rest);
                let (mark, zeros) = behind.split_first_mut()?;
                *mark = 0x80;
                zeros.fill(0);
                zeros.len() >= 8
            }
        };
        if length_fits {
            *block.last_chunk_mut()? = self.bits.to_be_bytes();
        }
        self.next = if length_fits { Next::Nothing } else { Next::Length };
        Some(())
    }
}
