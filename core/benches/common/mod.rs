//! What the benchmarks share: contests between ours and a control in one run, the table they end in, and synthetic
//! records.

#![allow(
    dead_code,
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::float_arithmetic,
    clippy::print_stdout
)]

pub mod controls;
pub mod ledgers;
pub mod records;

use std::hint::black_box;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use criterion::Criterion;

/// One line of the table: ours, the control of the same run, and the ratio the two make.
pub struct Line {
    work: String,
    ours: f64,
    control: (String, f64),
    ratio: f64,
    bar: Option<Bar>,
}

/// What the ratio of our time to the control's should be.
#[derive(Clone, Copy)]
pub enum Bar {
    /// At most this many times the control's time.
    Times(f64),
    /// At least this many times the control's rate.
    Rate(f64),
    /// Our time alone, at most, in seconds.
    Within(f64),
}

/// Measures `ours` with Criterion, and `control` right beside it in every sample: whatever else the machine does
/// meanwhile, it does to both. The ratio is the median of the samples' own ratios.
pub fn beside<O, C>(
    c: &mut Criterion,
    work: &str,
    bar: Option<Bar>,
    mut ours: impl FnMut() -> O,
    control: (&str, &mut dyn FnMut() -> C),
) -> Line {
    let mut pairs: Vec<(f64, f64)> = Vec::new();
    c.bench_function(work, |b| {
        b.iter_custom(|iterations| {
            let a = time(iterations, &mut ours);
            let b = time(iterations, control.1);
            pairs.push((per(a, iterations), per(b, iterations)));
            a
        })
    });
    // The first half are warm-up calls of growing length.
    let measured = pairs.split_off(pairs.len() / 2);
    Line::of(work, control.0, bar, &measured)
}

/// As [`beside`], for work that uses up what it is given: `ready` makes it before the clock starts.
pub fn beside_given<G, O, C>(
    c: &mut Criterion,
    work: &str,
    bar: Option<Bar>,
    mut ready: impl FnMut() -> G,
    mut ours: impl FnMut(G) -> O,
    control: (&str, &mut dyn FnMut() -> C),
) -> Line {
    // A sample is made in portions, so that what is ready stays in the cache, as it would for whoever just made it.
    const PORTION: u64 = 64;
    let mut pairs: Vec<(f64, f64)> = Vec::new();
    c.bench_function(work, |b| {
        b.iter_custom(|iterations| {
            let (mut a, mut b, mut left) = (Duration::ZERO, Duration::ZERO, iterations);
            while left > 0 {
                let portion = left.min(PORTION);
                let mut given: Vec<G> = (0..portion).map(|_| ready()).collect();
                a += time(portion, &mut || given.pop().map(&mut ours));
                b += time(portion, control.1);
                left -= portion;
            }
            pairs.push((per(a, iterations), per(b, iterations)));
            a
        })
    });
    let measured = pairs.split_off(pairs.len() / 2);
    Line::of(work, control.0, bar, &measured)
}

/// As [`beside`], for work that has no control: a limit in time, or nothing, stands in its place.
pub fn alone<O>(c: &mut Criterion, work: &str, bar: Option<Bar>, ours: impl FnMut() -> O) -> Line {
    let mut line = beside(c, work, bar, ours, ("", &mut || ()));
    line.control = ("none".to_owned(), f64::NAN);
    line
}

fn time<T>(iterations: u64, work: &mut (impl FnMut() -> T + ?Sized)) -> Duration {
    let start = Instant::now();
    for _ in 0..iterations {
        black_box(work());
    }
    start.elapsed()
}

fn per(time: Duration, units: u64) -> f64 {
    time.as_secs_f64() / units as f64
}

/// The middle one.
pub fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.into_iter().collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

impl Line {
    /// A line out of pairs of seconds per unit: ours, and the control's in the same round.
    pub fn of(work: &str, control: &str, bar: Option<Bar>, pairs: &[(f64, f64)]) -> Self {
        Self {
            work: work.to_owned(),
            ours: median(pairs.iter().map(|pair| pair.0)),
            control: (control.to_owned(), median(pairs.iter().map(|pair| pair.1))),
            ratio: median(pairs.iter().map(|pair| pair.0 / pair.1)),
            bar,
        }
    }

    fn row(&self) -> String {
        let (bar, met) = match self.bar {
            None => ("–".to_owned(), None),
            Some(Bar::Times(most)) => (format!("≤ {most} ×"), Some(self.ratio <= most)),
            Some(Bar::Rate(least)) => {
                (format!("≥ {least} × its rate"), Some(self.ratio <= 1.0 / least))
            }
            Some(Bar::Within(most)) => (format!("≤ {}", seconds(most)), Some(self.ours <= most)),
        };
        let ratio = match self.bar {
            _ if self.ratio.is_nan() || self.control.1.is_nan() => "–".to_owned(),
            Some(Bar::Rate(_)) => format!("{:.2} × its rate", 1.0 / self.ratio),
            _ => format!("{:.2} ×", self.ratio),
        };
        let control = match self.control.1.is_nan() {
            true => self.control.0.clone(),
            false => format!("{}: {}", self.control.0, seconds(self.control.1)),
        };
        let met = met.map_or("–", |met| if met { "yes" } else { "**no**" });
        format!("| {} | {} | {control} | {ratio} | {bar} | {met} |", self.work, seconds(self.ours))
    }
}

/// Prints lines as a table for `docs/benchmarks.md`.
pub fn print(title: &str, lines: &[Line]) {
    println!("\n### {title}\n");
    println!("| work | ours | beside | ratio | bar | met |\n|---|---|---|---|---|---|");
    for line in lines {
        println!("{}", line.row());
    }
    println!();
}

/// A time for people.
pub fn seconds(time: f64) -> String {
    match time {
        t if t.is_nan() => "–".to_owned(),
        t if t < 1e-6 => format!("{:.0} ns", t * 1e9),
        t if t < 1e-3 => format!("{:.2} µs", t * 1e6),
        t if t < 1.0 => format!("{:.2} ms", t * 1e3),
        t => format!("{t:.2} s"),
    }
}

/// Where files are measured: a folder on a real disk.
pub fn folder() -> PathBuf {
    let default = || PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let folder = std::env::var_os("YINZHENG_BENCH_DIR").map_or_else(default, PathBuf::from);
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Whether Cargo only wants to see that the benchmark runs (`cargo test --benches`, `-- --test`).
pub fn only_a_try() -> bool {
    std::env::args().any(|argument| argument == "--test")
}

/// Criterion with short measurements: the control is measured in the same samples, so that they need not be long.
pub fn criterion() -> Criterion {
    Criterion::default()
        .configure_from_args()
        .warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2))
        .sample_size(50)
}
