//! What 64 bytes of a text are, as bitmasks: the only code that looks at every byte.
//!
//! Each instruction set has one function from a block to its [`Masks`]; `portable` is plain code for the rest of the
//! processors and the oracle of the others. Which one runs is decided once, by what the processor has;
//! `DOMESDAY_SIMD` forces one of those, for tests. NEON is tested by a program of its own, in `neon/`.

/// Bytes that one mask describes.
pub(crate) const BLOCK: usize = 64;
/// Bytes behind a block that decide on its last starts.
pub(crate) const AHEAD: usize = PRINT - 1;
/// A block and what lies ahead of it.
pub(crate) type Bytes = [u8; BLOCK + AHEAD];

/// Separators that make one thing of the groups on both sides, if the other has a digit.
pub(crate) const JOINERS: &[u8] = b"-._+";

/// A colon, and the last byte of one as wide as the characters of Chinese and Japanese.
pub(crate) const COLONS: [u8; 2] = [b':', 0x9A];

/// Bits of 64 bytes, the first byte lowest.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Masks {
    /// ASCII letters and digits.
    pub(crate) word: u64,
    /// ASCII digits.
    pub(crate) digit: u64,
    /// Upper-case ASCII letters.
    pub(crate) upper: u64,
    /// See [`JOINERS`].
    pub(crate) joiner: u64,
    /// First bytes of UTF-8 characters beyond ASCII.
    pub(crate) lead: u64,
    /// Any byte beyond ASCII.
    pub(crate) high: u64,
    /// `@`.
    pub(crate) at: u64,
    /// See [`COLONS`].
    pub(crate) colon: u64,
    /// `.`.
    pub(crate) dot: u64,
    /// A blank.
    pub(crate) blank: u64,
    /// The end of a line.
    pub(crate) newline: u64,
    /// The byte and those behind it fit a print.
    pub(crate) print: u64,
}

/// Bytes of a print.
pub(crate) const PRINT: usize = 4;

/// Up to eight ways in which the first [`PRINT`] bytes of values look, as one table of bits for each half of a byte.
/// A superset: the halves of different bytes mix.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Prints {
    pub(crate) low: [[u8; 16]; PRINT],
    pub(crate) high: [[u8; 16]; PRINT],
}

impl Prints {
    /// Whether some print fits the beginning of `bytes`.
    pub(crate) fn fit(&self, bytes: &[u8; PRINT]) -> bool {
        let halves = |(i, &byte): (usize, &u8)| {
            self.low[i][usize::from(byte & 15)] & self.high[i][usize::from(byte >> 4)]
        };
        bytes.iter().enumerate().map(halves).fold(u8::MAX, |all, fits| all & fits) != 0
    }
}

/// An instruction set.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Engine {
    #[cfg(target_arch = "x86_64")]
    Avx512,
    #[cfg(target_arch = "x86_64")]
    Avx2,
    #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
    Neon,
    Portable,
}

impl Engine {
    /// What this processor has, the best first.
    pub(crate) fn available() -> Vec<Self> {
        let mut engines = Vec::new();
        #[cfg(target_arch = "x86_64")]
        {
            let bits = std::is_x86_feature_detected!("bmi1")
                && std::is_x86_feature_detected!("bmi2")
                && std::is_x86_feature_detected!("lzcnt")
                && std::is_x86_feature_detected!("popcnt");
            if bits && std::is_x86_feature_detected!("avx512bw") && std::is_x86_feature_detected!("avx512f") {
                engines.push(Self::Avx512);
            }
            if bits && std::is_x86_feature_detected!("avx2") {
                engines.push(Self::Avx2);
            }
        }
        #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
        if std::arch::is_aarch64_feature_detected!("neon") {
            engines.push(Self::Neon);
        }
        engines.push(Self::Portable);
        engines
    }

    /// The best engine, or the one that `DOMESDAY_SIMD` names if this processor has it.
    pub(crate) fn choose() -> Self {
        let available = Self::available();
        let wanted = std::env::var("DOMESDAY_SIMD").ok();
        let named = available.iter().find(|engine| Some(engine.name()) == wanted.as_deref());
        *named.unwrap_or(&available[0])
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => "avx512",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Self::Neon => "neon",
            Self::Portable => "portable",
        }
    }

    /// Calls `each` with the offset and the masks of each block of `text` from `base` on. Behind the end of the text
    /// there are zeros.
    #[inline]
    #[allow(unsafe_code)]
    pub(crate) fn run(self, text: &[u8], base: usize, prints: &Prints, each: impl FnMut(usize, Masks)) {
        match self {
            // SAFETY: `available` offers this engine only where the processor has its instructions.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => unsafe { avx512::run(text, base, prints, each) },
            // SAFETY: as above.
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => unsafe { avx2::run(text, base, prints, each) },
            // SAFETY: as above.
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Self::Neon => unsafe { neon::run(text, base, prints, each) },
            Self::Portable => blocks(text, base, |block| portable(block, prints), each),
        }
    }
}

impl Engine {
    /// Does work on bits with what else such processors have: counting zeros and shifting in one step each.
    #[inline]
    #[allow(unsafe_code)]
    pub(crate) fn with<R>(self, work: impl FnOnce() -> R) -> R {
        match self {
            // SAFETY: `available` offers this engine only where the processor has its instructions.
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 | Self::Avx2 => unsafe { avx2::with(work) },
            #[cfg(all(target_arch = "aarch64", target_endian = "little"))]
            Self::Neon => work(),
            Self::Portable => work(),
        }
    }
}

/// Cuts a text into blocks.
#[inline(always)]
fn blocks(text: &[u8], base: usize, masks: impl Fn(&Bytes) -> Masks, mut each: impl FnMut(usize, Masks)) {
    let mut at = base;
    while let Some(block) = text.get(at..).and_then(|rest| rest.first_chunk()) {
        each(at, masks(block));
        at += BLOCK;
    }
    while at < text.len() {
        let rest = &text[at..];
        let mut block: Bytes = [0; BLOCK + AHEAD];
        block[..rest.len().min(BLOCK + AHEAD)].copy_from_slice(&rest[..rest.len().min(BLOCK + AHEAD)]);
        let masks = masks(&block);
        // Prints may fit the zeros.
        let inside = if rest.len() < BLOCK { (1 << rest.len()) - 1 } else { u64::MAX };
        each(at, Masks { print: masks.print & inside, ..masks });
        at += BLOCK;
    }
}

fn portable(block: &Bytes, prints: &Prints) -> Masks {
    let mut masks = Masks::default();
    for (i, &byte) in block[..BLOCK].iter().enumerate() {
        masks.word |= u64::from(byte.is_ascii_alphanumeric()) << i;
        masks.digit |= u64::from(byte.is_ascii_digit()) << i;
        masks.upper |= u64::from(byte.is_ascii_uppercase()) << i;
        masks.joiner |= u64::from(JOINERS.contains(&byte)) << i;
        masks.lead |= u64::from(byte >= 0xC2) << i;
        masks.high |= u64::from(byte >= 0x80) << i;
        masks.at |= u64::from(byte == b'@') << i;
        masks.colon |= u64::from(COLONS.contains(&byte)) << i;
        masks.dot |= u64::from(byte == b'.') << i;
        masks.blank |= u64::from(byte == b' ') << i;
        masks.newline |= u64::from(byte == b'\n') << i;
        let first = block[i..].first_chunk().expect("bytes lie ahead of each block");
        masks.print |= u64::from(prints.fit(first)) << i;
    }
    masks
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx2 {
    use std::arch::x86_64::{
        __m256i, _mm_loadu_si128, _mm256_and_si256, _mm256_broadcastsi128_si256, _mm256_cmpeq_epi8,
        _mm256_loadu_si256, _mm256_min_epu8, _mm256_movemask_epi8, _mm256_or_si256, _mm256_set1_epi8,
        _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_srli_epi16, _mm256_sub_epi8,
    };

    use super::{BLOCK, Bytes, COLONS, Masks, PRINT, Prints, blocks};

    const HALF: usize = BLOCK / 2;

    #[target_feature(enable = "bmi1,bmi2,lzcnt,popcnt")]
    pub(super) fn with<R>(work: impl FnOnce() -> R) -> R {
        work()
    }

    #[target_feature(enable = "avx2,bmi1,bmi2,lzcnt,popcnt")]
    pub(super) fn run(text: &[u8], base: usize, prints: &Prints, each: impl FnMut(usize, Masks)) {
        let low = prints.low.map(|table| broadcast(&table));
        let high = prints.high.map(|table| broadcast(&table));
        let masks = |block: &Bytes| {
            let [mut masks, second] = [0, HALF].map(|at| half(block, at, &low, &high));
            masks.word |= second.word << HALF;
            masks.digit |= second.digit << HALF;
            masks.upper |= second.upper << HALF;
            masks.joiner |= second.joiner << HALF;
            masks.lead |= second.lead << HALF;
            masks.high |= second.high << HALF;
            masks.at |= second.at << HALF;
            masks.colon |= second.colon << HALF;
            masks.dot |= second.dot << HALF;
            masks.blank |= second.blank << HALF;
            masks.newline |= second.newline << HALF;
            masks.print |= second.print << HALF;
            masks
        };
        blocks(text, base, masks, each);
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn half(block: &Bytes, at: usize, low: &[__m256i; PRINT], high: &[__m256i; PRINT]) -> Masks {
        let bytes = load(block, at);
        let digit = in_range(bytes, b'0', b'9');
        let letter = in_range(_mm256_or_si256(bytes, _mm256_set1_epi8(0x20)), b'a', b'z');
        // `-` and `.`, then `+` and `_`.
        let joiner = _mm256_or_si256(in_range(bytes, b'-', b'.'), equal(bytes, b'+'));
        let nibbles = _mm256_set1_epi8(15);
        let mut fit = _mm256_set1_epi8(-1);
        for i in 0..PRINT {
            let bytes = if i == 0 { bytes } else { load(block, at + i) };
            let low = _mm256_shuffle_epi8(low[i], _mm256_and_si256(bytes, nibbles));
            let high = _mm256_shuffle_epi8(high[i], _mm256_and_si256(_mm256_srli_epi16(bytes, 4), nibbles));
            fit = _mm256_and_si256(fit, _mm256_and_si256(low, high));
        }
        let beyond = bits(bytes);
        Masks {
            word: bits(_mm256_or_si256(digit, letter)),
            digit: bits(digit),
            upper: bits(in_range(bytes, b'A', b'Z')),
            joiner: bits(_mm256_or_si256(joiner, equal(bytes, b'_'))),
            lead: if beyond == 0 { 0 } else { bits(in_range(bytes, 0xC2, 0xFF)) },
            high: beyond,
            at: bits(equal(bytes, b'@')),
            colon: bits(_mm256_or_si256(equal(bytes, COLONS[0]), equal(bytes, COLONS[1]))),
            dot: bits(equal(bytes, b'.')),
            blank: bits(equal(bytes, b' ')),
            newline: bits(equal(bytes, b'\n')),
            print: bits(_mm256_cmpeq_epi8(fit, _mm256_setzero_si256())) ^ u64::from(u32::MAX),
        }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn load(block: &Bytes, at: usize) -> __m256i {
        let bytes = &block[at..at + HALF];
        // SAFETY: reads the 32 bytes of `bytes`; no alignment is needed.
        unsafe { _mm256_loadu_si256(bytes.as_ptr().cast()) }
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn broadcast(table: &[u8; 16]) -> __m256i {
        // SAFETY: reads the 16 bytes of `table`; no alignment is needed.
        _mm256_broadcastsi128_si256(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn in_range(bytes: __m256i, first: u8, last: u8) -> __m256i {
        let offset = _mm256_sub_epi8(bytes, _mm256_set1_epi8(first as i8));
        _mm256_cmpeq_epi8(_mm256_min_epu8(offset, _mm256_set1_epi8((last - first) as i8)), offset)
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn equal(bytes: __m256i, byte: u8) -> __m256i {
        _mm256_cmpeq_epi8(bytes, _mm256_set1_epi8(byte as i8))
    }

    #[inline]
    #[target_feature(enable = "avx2")]
    fn bits(mask: __m256i) -> u64 {
        u64::from(_mm256_movemask_epi8(mask) as u32)
    }
}

#[cfg(target_arch = "x86_64")]
#[allow(unsafe_code)]
mod avx512 {
    use std::arch::x86_64::{
        __m512i, _mm_loadu_si128, _mm512_and_si512, _mm512_broadcast_i32x4, _mm512_cmpeq_epi8_mask,
        _mm512_cmple_epu8_mask, _mm512_loadu_si512, _mm512_movepi8_mask, _mm512_or_si512, _mm512_set1_epi8,
        _mm512_shuffle_epi8, _mm512_srli_epi16, _mm512_sub_epi8, _mm512_test_epi8_mask,
    };

    use super::{BLOCK, Bytes, COLONS, Masks, PRINT, Prints, blocks};

    #[target_feature(enable = "avx512f,avx512bw,bmi1,bmi2,lzcnt,popcnt")]
    pub(super) fn run(text: &[u8], base: usize, prints: &Prints, each: impl FnMut(usize, Masks)) {
        let low = prints.low.map(|table| broadcast(&table));
        let high = prints.high.map(|table| broadcast(&table));
        blocks(text, base, |block| masks(block, &low, &high), each);
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn masks(block: &Bytes, low: &[__m512i; PRINT], high: &[__m512i; PRINT]) -> Masks {
        let bytes = load(block, 0);
        let digit = in_range(bytes, b'0', b'9');
        let letter = in_range(_mm512_or_si512(bytes, _mm512_set1_epi8(0x20)), b'a', b'z');
        let nibbles = _mm512_set1_epi8(15);
        let mut fit = _mm512_set1_epi8(-1);
        for i in 0..PRINT {
            let bytes = if i == 0 { bytes } else { load(block, i) };
            let low = _mm512_shuffle_epi8(low[i], _mm512_and_si512(bytes, nibbles));
            let high = _mm512_shuffle_epi8(high[i], _mm512_and_si512(_mm512_srli_epi16(bytes, 4), nibbles));
            fit = _mm512_and_si512(fit, _mm512_and_si512(low, high));
        }
        let high = _mm512_movepi8_mask(bytes);
        Masks {
            word: digit | letter,
            digit,
            upper: in_range(bytes, b'A', b'Z'),
            joiner: in_range(bytes, b'-', b'.') | equal(bytes, b'+') | equal(bytes, b'_'),
            lead: if high == 0 { 0 } else { in_range(bytes, 0xC2, 0xFF) },
            high,
            at: equal(bytes, b'@'),
            colon: equal(bytes, COLONS[0]) | equal(bytes, COLONS[1]),
            dot: equal(bytes, b'.'),
            blank: equal(bytes, b' '),
            newline: equal(bytes, b'\n'),
            print: _mm512_test_epi8_mask(fit, fit),
        }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    fn load(block: &Bytes, at: usize) -> __m512i {
        let bytes = &block[at..at + BLOCK];
        // SAFETY: reads the 64 bytes of `bytes`; no alignment is needed.
        unsafe { _mm512_loadu_si512(bytes.as_ptr().cast()) }
    }

    #[inline]
    #[target_feature(enable = "avx512f")]
    fn broadcast(table: &[u8; 16]) -> __m512i {
        // SAFETY: reads the 16 bytes of `table`; no alignment is needed.
        _mm512_broadcast_i32x4(unsafe { _mm_loadu_si128(table.as_ptr().cast()) })
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn in_range(bytes: __m512i, first: u8, last: u8) -> u64 {
        let offset = _mm512_sub_epi8(bytes, _mm512_set1_epi8(first as i8));
        _mm512_cmple_epu8_mask(offset, _mm512_set1_epi8((last - first) as i8))
    }

    #[inline]
    #[target_feature(enable = "avx512f,avx512bw")]
    fn equal(bytes: __m512i, byte: u8) -> u64 {
        _mm512_cmpeq_epi8_mask(bytes, _mm512_set1_epi8(byte as i8))
    }
}

#[cfg(all(target_arch = "aarch64", target_endian = "little"))]
#[allow(unsafe_code)]
mod neon {
    use std::arch::aarch64::{
        uint8x16_t, vandq_u8, vceqq_u8, vcleq_u8, vdupq_n_u8, vgetq_lane_u64, vld1q_u8, vorrq_u8, vpaddq_u8,
        vqtbl1q_u8, vreinterpretq_u64_u8, vshrq_n_u8, vsubq_u8, vtstq_u8,
    };

    use super::{BLOCK, Bytes, COLONS, Masks, PRINT, Prints, blocks};

    const LANE: usize = 16;
    const LANES: usize = BLOCK / LANE;

    #[target_feature(enable = "neon")]
    pub(super) fn run(text: &[u8], base: usize, prints: &Prints, each: impl FnMut(usize, Masks)) {
        let low = prints.low.map(|table| load(&table));
        let high = prints.high.map(|table| load(&table));
        blocks(text, base, |block| masks(block, &low, &high), each);
    }

    #[inline]
    #[target_feature(enable = "neon")]
    fn masks(block: &Bytes, low: &[uint8x16_t; PRINT], high: &[uint8x16_t; PRINT]) -> Masks {
        let lanes: [uint8x16_t; LANES] = std::array::from_fn(|i| lane(block, i * LANE));
        let digit = bits(lanes.map(|bytes| in_range(bytes, b'0', b'9')));
        let letter = bits(lanes.map(|bytes| in_range(vorrq_u8(bytes, vdupq_n_u8(0x20)), b'a', b'z')));
        // `-` and `.`, then `+` and `_`.
        let joiner = bits(lanes.map(|bytes| {
            vorrq_u8(in_range(bytes, b'-', b'.'), vorrq_u8(equal(bytes, b'+'), equal(bytes, b'_')))
        }));
        let fits = |at: usize| {
            let mut fit = vdupq_n_u8(u8::MAX);
            for i in 0..PRINT {
                let bytes = lane(block, at + i);
                let low = vqtbl1q_u8(low[i], vandq_u8(bytes, vdupq_n_u8(15)));
                let high = vqtbl1q_u8(high[i], vshrq_n_u8::<4>(bytes));
                fit = vandq_u8(fit, vandq_u8(low, high));
            }
            vtstq_u8(fit, fit)
        };
        Masks {
            word: digit | letter,
            digit,
            upper: bits(lanes.map(|bytes| in_range(bytes, b'A', b'Z'))),
            joiner,
            lead: bits(lanes.map(|bytes| in_range(bytes, 0xC2, 0xFF))),
            high: bits(lanes.map(|bytes| in_range(bytes, 0x80, 0xFF))),
            at: bits(lanes.map(|bytes| equal(bytes, b'@'))),
            colon: bits(lanes.map(|bytes| vorrq_u8(equal(bytes, COLONS[0]), equal(bytes, COLONS[1])))),
            dot: bits(lanes.map(|bytes| equal(bytes, b'.'))),
            blank: bits(lanes.map(|bytes| equal(bytes, b' '))),
            newline: bits(lanes.map(|bytes| equal(bytes, b'\n'))),
            print: bits(std::array::from_fn(|i| fits(i * LANE))),
        }
    }

    #[inline]
    #[target_feature(enable = "neon")]
    fn lane(block: &Bytes, at: usize) -> uint8x16_t {
        load(block[at..].first_chunk().expect("bytes lie ahead of each block"))
    }

    #[inline]
    #[target_feature(enable = "neon")]
    fn load(bytes: &[u8; LANE]) -> uint8x16_t {
        // SAFETY: reads the 16 bytes of `bytes`; no alignment is needed.
        unsafe { vld1q_u8(bytes.as_ptr()) }
    }

    #[inline]
    #[target_feature(enable = "neon")]
    fn in_range(bytes: uint8x16_t, first: u8, last: u8) -> uint8x16_t {
        vcleq_u8(vsubq_u8(bytes, vdupq_n_u8(first)), vdupq_n_u8(last - first))
    }

    #[inline]
    #[target_feature(enable = "neon")]
    fn equal(bytes: uint8x16_t, byte: u8) -> uint8x16_t {
        vceqq_u8(bytes, vdupq_n_u8(byte))
    }

    /// The lanes' bytes, all ones or all zeros, as bits: each byte keeps one of its own, and three sums of neighbours
    /// bring eight of them together.
    #[inline]
    #[target_feature(enable = "neon")]
    fn bits([a, b, c, d]: [uint8x16_t; LANES]) -> u64 {
        let own = load(&[1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128]);
        let first = vpaddq_u8(vandq_u8(a, own), vandq_u8(b, own));
        let second = vpaddq_u8(vandq_u8(c, own), vandq_u8(d, own));
        let both = vpaddq_u8(first, second);
        vgetq_lane_u64::<0>(vreinterpretq_u64_u8(vpaddq_u8(both, both)))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn masks(engine: Engine, text: &[u8], base: usize, prints: &Prints) -> Vec<(usize, Masks)> {
        let mut all = Vec::new();
        engine.run(text, base, prints, |at, masks| all.push((at, masks)));
        all
    }

    proptest! {
        #[test]
        fn engines_agree_with_plain_code(
            text in proptest::collection::vec(any::<u8>(), 0..300),
            base in 0usize..80,
            tables in proptest::collection::vec(any::<u8>(), 2 * PRINT * 16),
        ) {
            let table = |i: usize| -> [u8; 16] { tables[i * 16..][..16].try_into().expect("16 bytes") };
            let prints = Prints { low: [0, 1, 2, 3].map(table), high: [4, 5, 6, 7].map(table) };
            let expected = masks(Engine::Portable, &text, base, &prints);
            for engine in Engine::available() {
                prop_assert_eq!(&masks(engine, &text, base, &prints), &expected, "{}", engine.name());
            }
        }
    }

    #[test]
    fn a_print_needs_all_its_bytes() {
        let mut prints = Prints::default();
        for (i, byte) in b"eyJh".iter().enumerate() {
            prints.low[i][usize::from(byte & 15)] = 1;
            prints.high[i][usize::from(byte >> 4)] = 1;
        }
        for engine in Engine::available() {
            let found = masks(engine, b"x eyJhb eyJ", 0, &prints);
            assert_eq!(found[0].1.print, 1 << 2, "{}", engine.name());
        }
    }
}
