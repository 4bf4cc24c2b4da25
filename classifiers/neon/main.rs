//! Compares what NEON makes of texts with plain code. A program of its own, because it is compiled for another
//! processor and run by an emulator; see `test.sh` beside it.

#[allow(dead_code, reason = "the matcher uses more of it")]
#[path = "../src/simd.rs"]
mod simd;

use simd::{Engine, Masks, PRINT, Prints};

const TEXTS: usize = 4000;

/// Numbers by George Marsaglia's xorshift, the same ones in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() >> 16) as usize % end
    }

    fn table(&mut self) -> [u8; 16] {
        std::array::from_fn(|_| self.next() as u8 & self.next() as u8)
    }
}

fn masks(engine: Engine, text: &[u8], base: usize, prints: &Prints) -> Vec<(usize, Masks)> {
    let mut all = Vec::new();
    engine.run(text, base, prints, |at, masks| all.push((at, masks)));
    all
}

fn main() {
    let neon = Engine::available()[0];
    assert_eq!(neon.name(), "neon", "this processor has it");
    let mut numbers = Numbers(0x9E37_79B9_7F4A_7C15);
    let mut blocks = 0;
    for round in 0..TEXTS {
        let length = numbers.below(300);
        let any_byte = round % 2 == 0;
        let byte = |numbers: &mut Numbers| match any_byte {
            true => numbers.next() as u8,
            false => b"aZ09-._+@ \xC3\xA9"[numbers.below(12)],
        };
        let text: Vec<u8> = (0..length).map(|_| byte(&mut numbers)).collect();
        let base = numbers.below(80);
        let prints =
            Prints { low: [0; PRINT].map(|_| numbers.table()), high: [0; PRINT].map(|_| numbers.table()) };
        let found = masks(neon, &text, base, &prints);
        assert_eq!(found, masks(Engine::Portable, &text, base, &prints), "text {round} from {base} on");
        blocks += found.len();
    }
    println!("neon: {blocks} blocks of {TEXTS} texts are what plain code makes of them");
}
