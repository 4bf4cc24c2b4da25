//! Subject tokens: how one person is found again without keeping a value. `token = BLAKE3-keyed(key, kind ‖ 0x00 ‖
//! normalised value)[..16]`; without the key nobody can try values against an inventory.

use std::fmt;
use std::hash::Hasher as _;

use crate::{Confidence, DetectorId, NumberHasher};

/// Version of the normalisation that tokens are made from. Raised when a value would get another token.
pub const TOKEN_SCHEME: u16 = 4;

/// What a token identifies. A closed list, so that one person's number is one token whichever detector saw it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
#[repr(u8)]
pub enum TokenKind {
    /// Case-folded address; stored with and without its sub-address.
    Email,
    /// E.164 digits.
    Phone,
    /// Folded parts of a name in alphabetical order.
    Name,
    /// Digits of a payment card.
    PaymentCard,
    /// IBAN or national account number without separators.
    BankAccount,
    /// Any number that a state gives to a person or to her papers.
    NationalId,
    /// Hardware or advertising id.
    Device,
    /// Network address.
    Ip,
    /// Password, key or token.
    Credential,
    /// ISO date.
    Date,
    /// Key of a row in a table that holds people.
    Key,
}

impl TokenKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::Email,
        Self::Phone,
        Self::Name,
        Self::PaymentCard,
        Self::BankAccount,
        Self::NationalId,
        Self::Device,
        Self::Ip,
        Self::Credential,
        Self::Date,
        Self::Key,
    ];

    /// The name in the inventory and in detector files.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Name => "name",
            Self::PaymentCard => "payment_card",
            Self::BankAccount => "bank_account",
            Self::NationalId => "national_id",
            Self::Device => "device",
            Self::Ip => "ip",
            Self::Credential => "credential",
            Self::Date => "date",
            Self::Key => "key",
        }
    }

    /// The kind of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }

    /// Whether distinct values of this kind count people well enough for `subject_estimate`.
    pub const fn counts_subjects(self) -> bool {
        matches!(
            self,
            Self::Email | Self::Phone | Self::NationalId | Self::PaymentCard | Self::BankAccount | Self::Key
        )
    }
}

/// The secret of an organisation. Lookups need the key that the scan used.
#[derive(Clone, PartialEq, Eq)]
pub struct Key([u8; 32]);

/// Tells keys apart without telling anything of them.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct KeyId([u8; 8]);

/// 16 bytes that stand for a value.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Token(pub [u8; 16]);

/// A token with what the subject index says of it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SubjectToken {
    /// The keyed hash.
    pub token: Token,
    /// What it identifies.
    pub kind: TokenKind,
    /// The detector under which the value was normalised.
    pub detector: DetectorId,
    /// That detector's confidence in the value.
    pub confidence: Confidence,
}

impl Key {
    /// Takes 32 random bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes, to be written to the key file.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// A key that is no secret, for tokens that nobody keeps.
    pub fn for_counting() -> Self {
        Self(blake3::derive_key("domesday 2026 counting without a key v1", b""))
    }

    /// The public name of this key.
    pub fn id(&self) -> KeyId {
        let digest = blake3::derive_key("domesday 2026 key id v1", &self.0);
        KeyId(digest[..8].try_into().expect("a digest has 32 bytes"))
    }

    /// The token of `normalised` under this key.
    pub fn token(&self, kind: TokenKind, normalised: &[u8]) -> Token {
        let kind = kind.name().as_bytes();
        let length = kind.len() + 1 + normalised.len();
        let mut message = [0; 256];
        // Nearly all are short, and hashed in one go.
        let hash = if let Some(message) = message.get_mut(..length) {
            message[..kind.len()].copy_from_slice(kind);
            message[kind.len() + 1..].copy_from_slice(normalised);
            blake3::keyed_hash(&self.0, message)
        } else {
            let mut hasher = blake3::Hasher::new_keyed(&self.0);
            hasher.update(kind).update(&[0]).update(normalised).finalize()
        };
        Token(hash.as_bytes()[..16].try_into().expect("a hash has 32 bytes"))
    }
}

/// What distinct values are counted by where there is no key. Could be reversed by trying values, so it only ever feeds
/// a count and is never stored.
pub fn count_hash(kind: TokenKind, normalised: &[u8]) -> u64 {
    let mut hasher = NumberHasher::default();
    hasher.write_u64(normalised.len() as u64 | (kind as u64) << 32);
    hasher.write(normalised);
    hasher.finish()
}

impl Token {
    /// Reads 32 hexadecimal digits, as DuckDB's `hex(token)` writes them.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.bytes().map(|byte| char::from(byte).to_digit(16).map(|digit| digit as u8));
        let digits = digits.collect::<Option<Vec<u8>>>().filter(|digits| digits.len() == 32)?;
        let mut bytes = [0; 16];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair[0] * 16 + pair[1];
        }
        Some(Self(bytes))
    }

    /// Eight bytes for a sketch of distinct values.
    pub fn sketch_hash(&self) -> u64 {
        u64::from_le_bytes(self.0[..8].try_into().expect("a token has 16 bytes"))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Key({})", self.id())
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_depend_on_key_kind_and_value() {
        let (a, b) = (Key::from_bytes([1; 32]), Key::from_bytes([2; 32]));
        let token = a.token(TokenKind::Email, b"jane@corp.de");
        assert_eq!(token, a.token(TokenKind::Email, b"jane@corp.de"));
        assert_ne!(token, b.token(TokenKind::Email, b"jane@corp.de"));
        assert_ne!(token, a.token(TokenKind::Name, b"jane@corp.de"));
        assert_ne!(a.id(), b.id());
    }

    #[test]
    fn tokens_are_read_as_they_are_written() {
        let token = Key::from_bytes([1; 32]).token(TokenKind::Email, b"jane@corp.de");
        assert_eq!(Token::parse(&token.to_string()), Some(token));
        assert_eq!(Token::parse(&token.to_string().to_uppercase()), Some(token));
        for bad in ["", "00", &"g".repeat(32), &"0".repeat(31), &"0".repeat(33), &"é".repeat(16)] {
            assert_eq!(Token::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn long_values_are_hashed_like_short_ones() {
        let key = Key::from_bytes([7; 32]);
        for length in [0, 1, 250, 251, 252, 300] {
            let value = vec![b'x'; length];
            let message = [b"key\0", &value[..]].concat();
            assert_eq!(
                key.token(TokenKind::Key, &value).0,
                blake3::keyed_hash(&key.0, &message).as_bytes()[..16]
            );
        }
    }

    #[test]
    fn debug_of_a_key_does_not_show_it() {
        assert!(!format!("{:?}", Key::from_bytes([0xab; 32])).contains("abab"));
    }

    #[test]
    fn kinds_have_distinct_names() {
        for kind in TokenKind::ALL {
            assert_eq!(TokenKind::parse(kind.name()), Some(kind));
        }
    }
}
