//! What the child does: a script that follows from its seed alone.

/// SplitMix64: a script must be the same on every machine and in every version.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.roll() % end.max(1)
    }

    pub fn choose<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        let at = usize::try_from(self.below(from.len() as u64)).unwrap_or_default();
        from.get(at)
    }
}

/// One step of a script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Records, in one durable step.
    Append(u64),
    /// A record is held for the customer's signature.
    Hold,
    /// The oldest held record is signed.
    Finish,
    /// The oldest held record is dropped.
    Drop,
    Begin,
    Commit,
    /// Another ledger key.
    Rotate,
    /// The values of a record.
    Erase,
    /// Blocks that are new go to the replica.
    Import,
    /// Closed and opened again: SQLite writes its log back.
    Reopen,
}

/// All kinds of steps early on, then anything.
const OPENING: [Step; 17] = [
    Step::Append(1),
    Step::Begin,
    Step::Append(2),
    Step::Commit,
    Step::Hold,
    Step::Rotate,
    Step::Begin,
    Step::Reopen,
    Step::Commit,
    Step::Finish,
    Step::Append(7),
    Step::Erase,
    Step::Hold,
    Step::Import,
    Step::Drop,
    Step::Begin,
    Step::Commit,
];

/// The step at a position of the script.
pub fn step(at: usize, dice: &mut Dice) -> Step {
    if let Some(step) = OPENING.get(at) {
        return *step;
    }
    match dice.below(20) {
        0..=3 => Step::Append(1),
        4 => Step::Append(2 + dice.below(20)),
        5 => Step::Hold,
        6 => Step::Finish,
        7 => Step::Drop,
        8..=10 => Step::Begin,
        11..=13 => Step::Commit,
        14 => Step::Rotate,
        15 => Step::Erase,
        16 | 17 => Step::Import,
        _ => Step::Reopen,
    }
}
