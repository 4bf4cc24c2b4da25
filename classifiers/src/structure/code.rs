//! Codes over the bytes of a value as they are written. Check digits ([`crate::Checksum`]) look at values in upper case;
//! these tell cases apart.

use serde::Deserialize;

/// How a value writes the CRC-32 at its end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Crc32Form {
    /// Six digits 0-9, A-Z, a-z, the highest first.
    Base62,
    /// Four bytes in lower-case hexadecimal, the lowest first, behind a separator that does not count.
    HexLowestFirst,
}

/// The digits of base58, in the order of their values.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Base58Alphabet {
    /// That of Bitcoin and nearly all others.
    Bitcoin,
    /// That of the XRP Ledger.
    Ripple,
}

impl Crc32Form {
    /// Characters of the code, and of the separator before it.
    const fn lengths(self) -> (usize, usize) {
        match self {
            Self::Base62 => (6, 0),
            Self::HexLowestFirst => (8, 1),
        }
    }

    /// The code of some bytes, as it is written.
    fn code(self, counted: &[u8]) -> Vec<u8> {
        let crc = crc32(counted);
        match self {
            Self::Base62 => {
                const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
                let digit = |place: u32| DIGITS[(u64::from(crc) / 62u64.pow(place) % 62) as usize];
                (0..6).rev().map(digit).collect()
            }
            Self::HexLowestFirst => {
                const DIGITS: &[u8; 16] = b"0123456789abcdef";
                let digits = |byte: u8| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]];
                crc.to_le_bytes().into_iter().flat_map(digits).collect()
            }
        }
    }

    /// Writes the code over the last characters of `raw`.
    pub(crate) fn write(self, raw: &mut [u8], from: usize) {
        let (written, separator) = self.lengths();
        let Some(end) = raw.len().checked_sub(written) else { return };
        if let Some(counted) = end.checked_sub(separator).and_then(|to| raw.get(from..to)) {
            let code = self.code(counted);
            raw[end..].copy_from_slice(&code);
        }
    }
}

/// Whether the last characters of `raw` write the CRC-32 of those from `from` on before them.
pub(super) fn ends_in_crc32(raw: &[u8], from: usize, form: Crc32Form) -> bool {
    let (written, separator) = form.lengths();
    let Some(end) = raw.len().checked_sub(written) else { return false };
    let counted = end.checked_sub(separator).and_then(|to| raw.get(from..to));
    counted.is_some_and(|counted| form.code(counted) == raw[end..])
}

/// ISO 3309, as in zip and PNG.
fn crc32(bytes: &[u8]) -> u32 {
    let bit = |crc: u32| crc >> 1 ^ if crc & 1 == 1 { 0xEDB8_8320 } else { 0 };
    !bytes.iter().fold(u32::MAX, |crc, &byte| (0..8).fold(crc ^ u32::from(byte), |crc, _| bit(crc)))
}

/// Longer values are not decoded. An extended private key (BIP 32) has 82 bytes.
pub(super) const MOST_BYTES: usize = 96;
const CHECK_BYTES: usize = 4;

/// Whether `raw` writes in base58 one of `versions`, more bytes, `len` together, and four bytes of their SHA-256's
/// SHA-256.
pub(super) fn is_base58_check(raw: &[u8], alphabet: Base58Alphabet, versions: &[u8], len: usize) -> bool {
    let mut bytes = [0; MOST_BYTES];
    let Some(bytes) = bytes.get_mut(..len + CHECK_BYTES) else { return false };
    if !decode_base58(raw, alphabet, bytes) || !bytes.first().is_some_and(|first| versions.contains(first)) {
        return false;
    }
    let (payload, check) = bytes.split_at(len);
    sha256(&sha256(payload))[..CHECK_BYTES] == *check
}

impl Base58Alphabet {
    const fn digits(self) -> &'static [u8; 58] {
        match self {
            Self::Bitcoin => b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
            Self::Ripple => b"rpshnaf39wBUDNEGHJKLM4PQRST7VWXYZ2bcdeCg65jkm8oFqi1tuvAxyz",
        }
    }

    /// Replaces the four bytes at the end of what `raw` writes by the check of the `len` bytes before them, where `raw`
    /// writes so many.
    pub(crate) fn write_check(self, raw: &mut Vec<u8>, len: usize) {
        let mut bytes = vec![0; len + CHECK_BYTES];
        if !decode_base58(raw, self, &mut bytes) {
            return;
        }
        let check = sha256(&sha256(&bytes[..len]));
        bytes[len..].copy_from_slice(&check[..CHECK_BYTES]);
        let digits = self.digits();
        let mut written: Vec<u8> = Vec::new();
        for &byte in &bytes {
            let mut carry = usize::from(byte);
            for digit in &mut written {
                carry += usize::from(*digit) << 8;
                *digit = (carry % digits.len()) as u8;
                carry /= digits.len();
            }
            while carry > 0 {
                written.push((carry % digits.len()) as u8);
                carry /= digits.len();
            }
        }
        let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
        written.extend(std::iter::repeat_n(0, zeros));
        *raw = written.iter().rev().map(|&digit| digits[usize::from(digit)]).collect();
    }
}

/// Fills `out`, which must be exactly as long as what `raw` writes; zeros in front are digits of their own.
fn decode_base58(raw: &[u8], alphabet: Base58Alphabet, out: &mut [u8]) -> bool {
    let digits = alphabet.digits();
    // A digit writes 0.73 bytes, or a zero; and most of what looks like base58 is hexadecimal.
    let may_be_as_long = out.len() <= raw.len() && raw.len() <= out.len() * 7 / 5 + 1;
    if !may_be_as_long || raw.contains(&b'0') {
        return false;
    }
    for character in raw {
        let Some(digit) = digits.iter().position(|digit| digit == character) else { return false };
        let mut carry = digit;
        for byte in out.iter_mut().rev() {
            carry += usize::from(*byte) * digits.len();
            *byte = (carry & 0xFF) as u8;
            carry >>= 8;
        }
        if carry != 0 {
            return false;
        }
    }
    let zeros = |bytes: &[u8], zero: u8| bytes.iter().take_while(|byte| **byte == zero).count();
    zeros(raw, digits[0]) == zeros(out, 0)
}

/// FIPS 180-4.
fn sha256(message: &[u8]) -> [u8; 32] {
    let mut padded = message.to_vec();
    padded.push(0x80);
    padded.resize((padded.len() + 8).next_multiple_of(64) - 8, 0);
    padded.extend_from_slice(&(message.len() as u64 * 8).to_be_bytes());
    let mut state = INITIAL;
    for block in padded.chunks_exact(64) {
        let mut words = [0u32; 64];
        for (word, bytes) in words.iter_mut().zip(block.chunks_exact(4)) {
            *word = u32::from_be_bytes(bytes.try_into().expect("four bytes"));
        }
        for i in 16..64 {
            let (early, late) = (words[i - 15], words[i - 2]);
            let early = early.rotate_right(7) ^ early.rotate_right(18) ^ early >> 3;
            let late = late.rotate_right(17) ^ late.rotate_right(19) ^ late >> 10;
            words[i] = words[i - 16].wrapping_add(early).wrapping_add(words[i - 7]).wrapping_add(late);
        }
        let [mut a, mut b, mut c, mut d, mut e, mut f, mut g, mut h] = state;
        for (word, constant) in words.iter().zip(CONSTANTS) {
            let mixed = e.rotate_right(6) ^ e.rotate_right(11) ^ e.rotate_right(25);
            let chosen = e & f ^ !e & g;
            let first = [mixed, chosen, constant, *word].into_iter().fold(h, u32::wrapping_add);
            let mixed = a.rotate_right(2) ^ a.rotate_right(13) ^ a.rotate_right(22);
            let second = mixed.wrapping_add(a & b ^ a & c ^ b & c);
            (h, g, f, e, d, c, b, a) = (g, f, e, d.wrapping_add(first), c, b, a, first.wrapping_add(second));
        }
        for (word, added) in state.iter_mut().zip([a, b, c, d, e, f, g, h]) {
            *word = word.wrapping_add(added);
        }
    }
    let mut digest = [0; 32];
    for (bytes, word) in digest.chunks_exact_mut(4).zip(state) {
        bytes.copy_from_slice(&word.to_be_bytes());
    }
    digest
}

const INITIAL: [u32; 8] =
    [0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19];

const CONSTANTS: [u32; 64] = [
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc32_is_that_of_the_standard() {
        // The check value of CRC-32 in ITU-T V.42's catalogue of codes.
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }

    #[test]
    fn the_end_writes_the_crc32() {
        // 0xCBF43926 is 3421780262.
        assert!(ends_in_crc32(b"tok_1234567893jZRME", 4, Crc32Form::Base62));
        assert!(!ends_in_crc32(b"tok_1234567893jZRMF", 4, Crc32Form::Base62));
        assert!(!ends_in_crc32(b"tok_1234567893JZRME", 4, Crc32Form::Base62), "cases differ");
        assert!(ends_in_crc32(b"123456789_2639f4cb", 0, Crc32Form::HexLowestFirst));
        assert!(!ends_in_crc32(b"123456789_cbf43926", 0, Crc32Form::HexLowestFirst));
        // The code of nothing is zero; what is too short has none.
        assert!(ends_in_crc32(b"tok_000000", 4, Crc32Form::Base62));
        assert!(!ends_in_crc32(b"tok_00000", 4, Crc32Form::Base62));
        assert!(!ends_in_crc32(b"00000000", 0, Crc32Form::HexLowestFirst));
    }

    #[test]
    fn sha256_is_that_of_the_standard() {
        let hex = |message: &[u8]| sha256(message).map(|byte| format!("{byte:02x}")).concat();
        // NIST, "Cryptographic Standards and Guidelines: Examples with Intermediate Values", SHA-256.
        assert_eq!(hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        assert_eq!(
            hex(b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        );
        assert_eq!(hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn base58_check_holds_for_published_values() {
        let holds = |raw: &str, alphabet, versions: &[u8], len| {
            is_base58_check(raw.as_bytes(), alphabet, versions, len)
        };
        // The address of the first block of Bitcoin.
        let first = "1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa";
        assert!(holds(first, Base58Alphabet::Bitcoin, &[0, 5], 21));
        assert!(!holds(first, Base58Alphabet::Bitcoin, &[5], 21), "another version");
        assert!(
            !holds(first, Base58Alphabet::Bitcoin, &[0], 20)
                && !holds(first, Base58Alphabet::Bitcoin, &[0], 22)
        );
        assert!(!holds("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNb", Base58Alphabet::Bitcoin, &[0], 21));
        assert!(
            !holds("11A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa", Base58Alphabet::Bitcoin, &[0], 21),
            "one zero more"
        );
        assert!(!holds("1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfN0", Base58Alphabet::Bitcoin, &[0], 21));
        assert!(
            !holds("", Base58Alphabet::Bitcoin, &[0], 21) && !holds("1", Base58Alphabet::Bitcoin, &[0], 0)
        );
        // XRP Ledger, "Addresses": ACCOUNT_ZERO and ACCOUNT_ONE.
        for account in ["rrrrrrrrrrrrrrrrrrrrrhoLvTp", "rrrrrrrrrrrrrrrrrrrrBZbvji"] {
            assert!(holds(account, Base58Alphabet::Ripple, &[0], 21), "{account}");
            assert!(!holds(account, Base58Alphabet::Bitcoin, &[0], 21), "{account}");
        }
        // BIP 32, "Test vector 1".
        let extended = "xprv9s21ZrQH143K3QTDL4LXw2F7HEK3wJUD2nW2nRk4stbPy6cq3jPPqjiChkVvvNKmPGJxWUtg6LnF5kejMRNNU3TGt\
                        RBeJgk33yuGBxrMPHi";
        assert!(holds(extended, Base58Alphabet::Bitcoin, &[4], 78));
        assert!(!holds(&extended.replace("Hi", "Hj"), Base58Alphabet::Bitcoin, &[4], 78));
        assert!(!holds(extended, Base58Alphabet::Bitcoin, &[4], usize::MAX - CHECK_BYTES));
    }
}
