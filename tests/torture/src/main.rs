//! Hurts the embedded ledger and sees whether it kept its word: kills and disk faults at every system call, short writes, and
//! real power cuts. `tests/torture/README.md` says how to run it and how to read what it says.

// A test program: it may stop at the first surprise, and it talks.
#![allow(clippy::print_stdout, unreachable_pub, missing_docs)]

mod child;
mod expected;
mod faults;
mod power;
mod script;
mod verify;
mod world;

use std::collections::BTreeMap;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use faults::{Fault, Point};
use script::Dice;

const HELP: &str = "\
cargo run --release -p yinzheng-torture -- --quick              150 points of one script, about a minute
cargo run --release -p yinzheng-torture -- --points N [--seed S] N fault points, script after script
cargo run --release -p yinzheng-torture -- --hours H [--seed S]  as many as fit
cargo run --release -p yinzheng-torture -- --power-cut N [xfs]   N power cuts on a loop-mounted disk (root)";

/// Steps of one script.
const STEPS: usize = 36;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["--child", folder, seed, steps] => {
            let (Ok(seed), Ok(steps)) = (seed.parse(), steps.parse()) else { return help() };
            let code = child::run(Path::new(folder), seed, steps);
            ExitCode::from(u8::try_from(code).unwrap_or(1))
        }
        ["--quick"] => torture(Budget { points: 150, until: seconds(1 << 30), sampled: true }, 1),
        ["--points", points, rest @ ..] => match (points.parse(), seed(rest)) {
            (Ok(points), Some(seed)) => {
                torture(Budget { points, until: seconds(1 << 30), sampled: false }, seed)
            }
            _ => help(),
        },
        ["--hours", hours, rest @ ..] => match (hours.parse::<u64>(), seed(rest)) {
            (Ok(hours), Some(seed)) => {
                let until = seconds(hours * 3600);
                torture(Budget { points: u64::MAX, until, sampled: false }, seed)
            }
            _ => help(),
        },
        ["--power-cut", cuts, rest @ ..] => match cuts.parse() {
            Ok(cuts) => power_cuts(cuts, rest.first().copied().unwrap_or("ext4")),
            Err(_) => help(),
        },
        _ => help(),
    }
}

fn help() -> ExitCode {
    println!("{HELP}");
    ExitCode::from(2)
}

fn seed(rest: &[&str]) -> Option<u64> {
    match rest {
        [] => Some(1),
        ["--seed", seed] => seed.parse().ok(),
        _ => None,
    }
}

fn seconds(count: u64) -> Instant {
    Instant::now() + Duration::from_secs(count)
}

/// How much is tried.
struct Budget {
    points: u64,
    until: Instant,
    /// Some points of each script, instead of all.
    sampled: bool,
}

#[derive(Default)]
struct Tally {
    tried: BTreeMap<String, u64>,
    failed: u64,
    errors: u64,
    killed: u64,
}

impl Tally {
    fn points(&self) -> u64 {
        self.tried.values().sum()
    }
}

fn torture(budget: Budget, seed: u64) -> ExitCode {
    if let Err(why) = faults::available() {
        println!("SKIPPED torture: {why}");
        return ExitCode::from(77);
    }
    let tally = Mutex::new(Tally::default());
    for seed in seed.. {
        let done = tally.lock().map_or(u64::MAX, |tally| tally.points());
        if done >= budget.points || Instant::now() >= budget.until {
            break;
        }
        let mut points = match faults::points(seed, STEPS) {
            Ok(points) => points,
            Err(error) => {
                println!("seed {seed}: {error}");
                return ExitCode::FAILURE;
            }
        };
        shuffle(&mut points, seed);
        let left = budget.points - done;
        let sample = if budget.sampled { left.min(250) } else { left };
        points.truncate(usize::try_from(sample).unwrap_or(usize::MAX));
        run_all(&points, &budget, &tally);
        if let Ok(tally) = tally.lock() {
            println!("after seed {seed}: {} points, {} failed", tally.points(), tally.failed);
        }
    }
    report(&tally)
}

fn shuffle(points: &mut [Point], seed: u64) {
    let mut dice = Dice::new(seed);
    for at in (1..points.len()).rev() {
        let other = usize::try_from(dice.below(at as u64 + 1)).unwrap_or_default();
        points.swap(at, other);
    }
}

fn run_all(points: &[Point], budget: &Budget, tally: &Mutex<Tally>) {
    let next = Mutex::new(points.iter());
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while Instant::now() < budget.until {
                    let Some(point) = next.lock().ok().and_then(|mut next| next.next()) else {
                        return;
                    };
                    let outcome = faults::run(point);
                    let Ok(mut tally) = tally.lock() else { return };
                    *tally.tried.entry(name(&point.fault)).or_default() += 1;
                    match outcome {
                        Ok(expected) => {
                            tally.errors += u64::from(expected.errors);
                            tally.killed += u64::from(!expected.ended);
                        }
                        Err(what) => {
                            tally.failed += 1;
                            println!("FAILED {what}");
                        }
                    }
                    if tally.points() % 1_000 == 0 {
                        println!("{} points, {} failed", tally.points(), tally.failed);
                    }
                }
            });
        }
    });
}

fn name(fault: &Fault) -> String {
    match fault {
        Fault::Call { call, how, when } => {
            let more = if when.ends_with('+') { " from then on" } else { "" };
            format!("{call} {how}{more}")
        }
        Fault::ShortWrite { kills: true, .. } => "short write, killed".into(),
        Fault::ShortWrite { kills: false, .. } => "short write, error".into(),
    }
}

fn report(tally: &Mutex<Tally>) -> ExitCode {
    let Ok(tally) = tally.lock() else { return ExitCode::FAILURE };
    for (name, count) in &tally.tried {
        println!("{count:>8}  {name}");
    }
    println!(
        "{} fault points tried, {} failed ({} runs ended early, {} errors were reported to the host)",
        tally.points(),
        tally.failed,
        tally.killed,
        tally.errors
    );
    // Faults that change nothing were not made.
    let hurt = tally.killed > 0 && tally.errors > 0;
    if tally.failed == 0 && (hurt || tally.points() < 100) && tally.points() > 0 {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

fn power_cuts(cuts: u64, kind: &str) -> ExitCode {
    if let Err(why) = power::available(kind) {
        println!("SKIPPED power-cut {kind}: {why}");
        return ExitCode::from(77);
    }
    let (mut failed, mut entries, mut blocks) = (0, 0, 0);
    for seed in 1..=cuts {
        match power::cut(kind, seed) {
            Ok(expected) => {
                entries += expected.entries;
                blocks += expected.blocks.len();
            }
            Err(what) => {
                failed += 1;
                println!("FAILED {what}");
            }
        }
    }
    println!(
        "{cuts} power cuts on {kind}, {failed} failed; {entries} entries and {blocks} blocks had been acknowledged"
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
