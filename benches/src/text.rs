//! Writes text from templates. A template is a line or more with `%` and a letter where something random goes; what
//! each letter stands for is the `match` in [`Text::field`]. No formatting machinery: the corpus is to be written
//! faster than a disk takes it.

use crate::random::Random;

const GIVEN: &[&str] = &[
    "James",
    "Mary",
    "Robert",
    "Patricia",
    "Michael",
    "Linda",
    "David",
    "Susan",
    "Thomas",
    "Karen",
    "Anna",
    "Lukas",
    "Sophie",
    "Felix",
    "Katharina",
    "Jan",
    "Agnieszka",
    "Piotr",
    "Carmen",
    "Javier",
    "Claire",
    "Antoine",
    "Giulia",
    "Marco",
    "Ingrid",
    "Olga",
    "Fatima",
    "Ahmed",
    "Priya",
    "Wei",
];
const FAMILY: &[&str] = &[
    "Smith",
    "Johnson",
    "Brown",
    "Miller",
    "Taylor",
    "Clark",
    "Schneider",
    "Fischer",
    "Weber",
    "Kowalska",
    "Nowak",
    "Garcia",
    "Martinez",
    "Dubois",
    "Moreau",
    "Rossi",
    "Bianchi",
    "Lindqvist",
    "Okafor",
    "Patel",
    "Chen",
    "Walsh",
];
const DOMAINS: &[&str] = &[
    "postkasten-nord.de",
    "correolibre-sur.es",
    "skrzynka-tatry.pl",
    "mailharbour-kent.co.uk",
    "inboxprairie.com",
    "boiteauxlettres-sud.fr",
    "brenkhagen-pumpen.de",
    "vandermolen-group.com",
];
const WORDS: &[&str] = &[
    "the",
    "of",
    "and",
    "to",
    "in",
    "is",
    "that",
    "for",
    "with",
    "as",
    "on",
    "was",
    "are",
    "this",
    "be",
    "by",
    "from",
    "or",
    "an",
    "not",
    "which",
    "we",
    "all",
    "when",
    "there",
    "can",
    "more",
    "if",
    "will",
    "would",
    "about",
    "than",
    "into",
    "only",
    "other",
    "time",
    "new",
    "some",
    "could",
    "these",
    "two",
    "first",
    "then",
    "order",
    "customer",
    "system",
    "report",
    "service",
    "project",
    "delivery",
    "please",
    "after",
    "before",
    "under",
    "between",
    "quality",
    "process",
    "department",
    "schedule",
    "pressure",
    "meeting",
    "because",
    "through",
    "without",
    "against",
    "during",
    "agreement",
    "maintenance",
    "inspection",
    "available",
    "required",
    "operation",
    "temperature",
    "information",
];
const VERBS: &[&str] = &[
    "get", "set", "read", "write", "open", "close", "parse", "build", "check", "find", "load", "store",
    "merge", "split", "flush", "resolve", "encode", "decode", "update", "remove", "insert", "render",
    "visit", "collect", "validate",
];
const NOUNS: &[&str] = &[
    "buffer", "node", "index", "entry", "table", "token", "stream", "record", "window", "cursor", "layout",
    "handle", "packet", "region", "config", "session", "queue", "worker", "parser", "schema", "column",
    "filter", "cache", "frame", "matrix", "vector", "offset", "length", "status", "result", "context",
    "request", "response", "segment", "bucket",
];
const PATHS: &[&str] = &[
    "/",
    "/index.html",
    "/api/v2/orders",
    "/api/v2/customers/search",
    "/static/app.9f3c2e1b.js",
    "/img/logo@2x.png",
    "/health",
    "/login",
    "/products/px-40?page=3&sort=price",
    "/feed.xml",
    "/api/v1/metrics",
];
const AGENTS: &[&str] = &[
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/124.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.4 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:125.0) Gecko/20100101 Firefox/125.0",
    "curl/8.7.1",
];
const STATUS: &[&str] = &["200", "200", "200", "200", "200", "304", "301", "404", "500"];
const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HEX: &[u8; 16] = b"0123456789abcdef";
const BASE64: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const DNI_LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// Text being written, and where its randomness comes from.
pub(crate) struct Text {
    pub(crate) out: Vec<u8>,
    pub(crate) random: Random,
    /// Rises with every template: the key of a record.
    serial: u64,
    /// The person that `%g`, `%f` and `%e` of one template share.
    person: (&'static str, &'static str),
    /// The nouns that `%1`, `%2` and `%3` of one template repeat.
    nouns: [&'static str; 3],
}

impl Text {
    /// Text that goes on in `out`.
    pub(crate) fn new(out: Vec<u8>, random: Random) -> Self {
        Self { out, random, serial: 0, person: ("", ""), nouns: [""; 3] }
    }

    /// Appends `template`, every `%` and letter replaced.
    pub(crate) fn fill(&mut self, template: &str) {
        self.serial += 1;
        self.person = (self.random.pick(GIVEN), self.random.pick(FAMILY));
        self.nouns = std::array::from_fn(|_| self.random.pick(NOUNS));
        let mut parts = template.split('%');
        self.push(parts.next().unwrap_or(""));
        for part in parts {
            let (letter, rest) = part.split_at(1);
            self.field(letter.as_bytes()[0]);
            self.push(rest);
        }
    }

    fn push(&mut self, text: &str) {
        self.out.extend_from_slice(text.as_bytes());
    }

    fn field(&mut self, letter: u8) {
        match letter {
            b'g' => self.push(self.person.0),
            b'f' => self.push(self.person.1),
            b'e' => self.email(),
            b'p' => self.phone(),
            b'c' => self.card(),
            b'i' => self.iban(),
            b's' => self.ssn(),
            b'y' => self.dni(),
            b'b' => self.date(1950, 2005),
            b'4' => self.ipv4(),
            b'6' => self.ipv6(),
            b'm' => self.mac(),
            b'j' => self.jwt(),
            b'd' => self.date(2019, 2026),
            b'D' => self.log_date(),
            b't' => self.time(),
            b'q' => self.serial(),
            b'u' => self.uuid(),
            b'h' => self.hex(40),
            b'x' => self.hex(16),
            b'n' => self.number(0, 1_000),
            b'k' => self.size(),
            b'N' => self.number(100_000, 999_999_999),
            b'$' => self.amount(),
            b'v' => self.version(),
            b'S' => self.sentence(),
            b'w' => self.choice(WORDS),
            b'a' => self.choice(VERBS),
            b'o' => self.choice(NOUNS),
            b'O' => self.capitalised(NOUNS),
            b'1'..=b'3' => self.push(self.nouns[usize::from(letter - b'1')]),
            b'l' => self.choice(PATHS),
            b'A' => self.choice(AGENTS),
            b'r' => self.choice(STATUS),
            b'_' => self.out.push(b'%'),
            _ => unreachable!("no template has the letter {}", char::from(letter)),
        }
    }

    fn choice(&mut self, choices: &[&'static str]) {
        let choice = self.random.pick(choices);
        self.push(choice);
    }

    fn capitalised(&mut self, choices: &[&'static str]) {
        let at = self.out.len();
        self.choice(choices);
        self.out[at].make_ascii_uppercase();
    }

    /// At least `width` digits.
    fn padded(&mut self, mut number: u64, width: usize) {
        let mut digits = [b'0'; 20];
        let mut at = digits.len();
        while number > 0 || digits.len() - at < width {
            at -= 1;
            digits[at] = b'0' + (number % 10) as u8;
            number /= 10;
        }
        self.out.extend_from_slice(&digits[at..]);
    }

    fn number(&mut self, low: u64, high: u64) {
        let number = self.random.between(low, high);
        self.padded(number, 1);
    }

    /// From 100 to a million, small ones more often.
    fn size(&mut self) {
        let digits = self.random.between(2, 6) as u32;
        self.number(10_u64.pow(digits), 10_u64.pow(digits + 1));
    }

    fn serial(&mut self) {
        self.padded(10_000 + self.serial, 1);
    }

    fn fixed(&mut self, width: usize) {
        let number = self.random.below(10_u64.pow(width as u32));
        self.padded(number, width);
    }

    fn amount(&mut self) {
        self.number(1, 5_000);
        self.out.push(b'.');
        self.fixed(2);
    }

    fn version(&mut self) {
        self.number(0, 9);
        for _ in 0..2 {
            self.out.push(b'.');
            self.number(0, 30);
        }
    }

    fn hex(&mut self, digits: usize) {
        let mut bits = 0;
        for i in 0..digits {
            if i % 16 == 0 {
                bits = self.random.next();
            }
            self.out.push(HEX[(bits & 15) as usize]);
            bits >>= 4;
        }
    }

    fn uuid(&mut self) {
        for (i, digits) in [8, 4, 3, 3, 12].into_iter().enumerate() {
            self.push(["", "-", "-4", "-a", "-"][i]);
            self.hex(digits);
        }
    }

    fn base64(&mut self, characters: usize) {
        for _ in 0..characters {
            let i = self.random.below(64) as usize;
            self.out.push(BASE64[i]);
        }
    }

    fn date(&mut self, from: u64, to: u64) {
        for (low, high, width, before) in [(from, to, 4, ""), (1, 13, 2, "-"), (1, 29, 2, "-")] {
            self.push(before);
            let part = self.random.between(low, high);
            self.padded(part, width);
        }
    }

    fn log_date(&mut self) {
        let day = self.random.between(1, 29);
        self.padded(day, 2);
        self.push("/");
        self.choice(MONTHS);
        self.push("/2025:");
        self.time();
        self.push(" +0000");
    }

    fn time(&mut self) {
        for (bound, before) in [(24, ""), (60, ":"), (60, ":")] {
            self.push(before);
            let part = self.random.below(bound);
            self.padded(part, 2);
        }
    }

    fn email(&mut self) {
        for part in [self.person.0, ".", self.person.1] {
            self.out.extend(part.bytes().map(|b| b.to_ascii_lowercase()));
        }
        self.number(1, 99);
        self.push("@");
        self.choice(DOMAINS);
    }

    /// From the ranges that regulators keep for fiction, and German and Polish ones that look like them.
    fn phone(&mut self) {
        match self.random.below(4) {
            0 => self.push("+44 20 7946 0"),
            1 => self.push("+1 212 555 0"),
            2 => self.push("+49 30 23125 "),
            _ => self.push("+48 500 000 "),
        }
        self.fixed(3);
    }

    fn card(&mut self) {
        let mut digits = [0u8; 16];
        digits[0] = self.random.pick(&[&4u8, &5]).to_owned();
        digits[1] = 1 + self.random.below(5) as u8;
        for digit in &mut digits[2..15] {
            *digit = self.random.below(10) as u8;
        }
        let doubled = |(i, &d): (usize, &u8)| {
            if i % 2 == 0 { u32::from(d) * 2 / 10 + u32::from(d) * 2 % 10 } else { d.into() }
        };
        let sum: u32 = digits[..15].iter().enumerate().map(doubled).sum();
        digits[15] = ((10 - sum % 10) % 10) as u8;
        let spaced = self.random.below(2) == 0;
        for (i, digit) in digits.into_iter().enumerate() {
            if spaced && i % 4 == 0 && i > 0 {
                self.out.push(b' ');
            }
            self.out.push(b'0' + digit);
        }
    }

    /// German: 18 digits, check digits by ISO/IEC 7064 MOD 97-10 (`DE00` behind them reads 131400).
    fn iban(&mut self) {
        let account = self.random.below(10_u64.pow(18));
        let rest = (u128::from(account) * 1_000_000 + 131_400) % 97;
        self.push("DE");
        self.padded(98 - rest as u64, 2);
        self.padded(account, 18);
    }

    fn ssn(&mut self) {
        for (low, high, width, before) in [(100, 666, 3, ""), (1, 100, 2, "-"), (1, 10_000, 4, "-")] {
            self.push(before);
            let part = self.random.between(low, high);
            self.padded(part, width);
        }
    }

    fn dni(&mut self) {
        let number = self.random.between(10_000_000, 80_000_000);
        self.padded(number, 8);
        self.out.push(DNI_LETTERS[(number % 23) as usize]);
    }

    fn ipv4(&mut self) {
        let first = *self.random.pick(&[&24u64, &62, &77, &84, &92, &109, &151, &188]);
        self.padded(first, 1);
        for _ in 0..3 {
            self.push(".");
            self.number(1, 255);
        }
    }

    fn ipv6(&mut self) {
        self.push("2a02:8108");
        for _ in 0..6 {
            self.push(":");
            let group = 0x1000 + self.random.below(0xF000);
            self.out.extend([12, 8, 4, 0].map(|shift| HEX[(group >> shift & 15) as usize]));
        }
    }

    fn mac(&mut self) {
        self.push("3c:52:82");
        for _ in 0..3 {
            self.push(":");
            self.hex(2);
        }
    }

    fn jwt(&mut self) {
        self.push("eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOi");
        self.base64(86);
        self.push(".");
        self.base64(43);
    }

    fn sentence(&mut self) {
        self.capitalised(WORDS);
        for _ in 0..self.random.between(4, 16) {
            self.push(" ");
            self.choice(WORDS);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str) -> String {
        let mut text = Text::new(Vec::new(), Random::new(1, 2));
        text.fill(template);
        String::from_utf8(text.out).expect("templates are text")
    }

    #[test]
    fn one_seed_gives_one_text() {
        let template = "%g %f %e %p %c %i %s %y %b %4 %6 %m %j %d %D %t %q %u %h %x %n %k %N %$ %v %S %w %a %o %O %1 %l %A %r %_";
        assert_eq!(filled(template), filled(template));
        assert_eq!(filled("100 %_"), "100 %");
        assert_eq!(filled("%1 %1").split(' ').collect::<std::collections::HashSet<_>>().len(), 1);
    }

    #[test]
    fn check_digits_hold() {
        let mut text = Text::new(Vec::new(), Random::new(3, 4));
        for _ in 0..200 {
            text.out.clear();
            text.iban();
            let iban = String::from_utf8(text.out.clone()).expect("ASCII");
            let rotated = format!("{}1314{}", &iban[4..], &iban[2..4]);
            assert_eq!(rotated.parse::<u128>().expect("digits") % 97, 1, "{iban}");
            text.out.clear();
            text.card();
            let digits: Vec<u32> = text.out.iter().filter_map(|&b| char::from(b).to_digit(10)).collect();
            let sum: u32 = digits
                .iter()
                .rev()
                .enumerate()
                .map(|(i, d)| if i % 2 == 1 { d * 2 / 10 + d * 2 % 10 } else { *d })
                .sum();
            assert_eq!((digits.len(), sum % 10), (16, 0));
        }
    }
}
