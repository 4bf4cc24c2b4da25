//! Times splitting alone: `cargo run --release -p domesday-formats --example splitting -- FILE… [ROUNDS]` reads each
//! file into memory and hands it to a target that does nothing. Prints the best of the rounds.

use std::error::Error;
use std::ops::ControlFlow;
use std::time::Instant;

use domesday_formats::{Limits, Scratch, Target, read_object};
use domesday_model::{ColumnIx, Layout, Window};

/// Counts cells, and nothing else.
#[derive(Default)]
struct Idle {
    cells: u64,
}

impl Target for Idle {
    fn column(&mut self, _: ColumnIx, _: &str, _: usize) {}

    fn window(&mut self, window: &Window<'_>) -> ControlFlow<()> {
        if let Layout::Cells(cells) = window.layout {
            self.cells += cells.len() as u64;
        }
        ControlFlow::Continue(())
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let (rounds, files): (Vec<_>, Vec<_>) =
        std::env::args().skip(1).partition(|argument| argument.parse::<usize>().is_ok());
    let rounds = rounds.first().map_or(Ok(5), |n| n.parse())?;
    let mut scratch = Scratch::new();
    for file in files {
        let bytes = std::fs::read(&file)?;
        let mut best = f64::INFINITY;
        for _ in 0..rounds {
            let mut idle = Idle::default();
            let begun = Instant::now();
            let content = read_object(&mut &bytes[..], &file, &Limits::default(), &mut scratch, &mut idle)?;
            let seconds = begun.elapsed().as_secs_f64();
            if seconds < best {
                best = seconds;
            }
            std::hint::black_box((content, idle.cells));
        }
        let content =
            read_object(&mut &bytes[..], &file, &Limits::default(), &mut scratch, &mut Idle::default())?;
        println!(
            "{file}: {}, {} columns, {} records, {:?}, {:.3} GB/s",
            content.format,
            content.columns.len(),
            content.record_count.unwrap_or_default(),
            content.reason,
            bytes.len() as f64 / best / 1e9
        );
    }
    Ok(())
}
