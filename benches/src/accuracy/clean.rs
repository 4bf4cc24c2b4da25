//! Text without personal data, of the kinds that most of a company's bytes are: source code, lock files, documentation,
//! measurements, settings and logs of machines.

use std::collections::BTreeMap;

use super::Set;
use super::corpus::Pages;
use crate::random::Random;

const WORDS: &[&str] = &[
    "buffer", "index", "node", "offset", "handle", "queue", "parser", "token", "cache", "frame", "socket",
    "thread", "table", "column", "record", "stream", "header", "footer", "length", "width", "height",
    "state", "event", "signal", "value", "result", "error", "config", "option", "filter", "sample", "matrix",
    "vector", "weight", "layer", "batch", "shard", "page", "block", "chunk", "segment", "cursor", "account",
    "order", "number", "group", "card", "address", "user", "name", "key", "serial", "version", "release",
    "driver", "license", "model", "unit", "policy", "region",
];
const CRATES: &[&str] = &[
    "left-pad",
    "bytes",
    "memchr",
    "itoa",
    "hashbrown",
    "rand_core",
    "lazy-static",
    "smallvec",
    "tokio-util",
    "chalk",
    "semver",
    "lodash.merge",
    "yargs-parser",
    "numpy",
    "requests",
    "urllib3",
    "cryptography",
    "pydantic-core",
];
/// Lines of each kind. %w word, %n small number, %N large number, %f fraction, %x and %X hexadecimal of 8 and 64 digits,
/// %b base64, %v version, %c crate, %t time.
const CODE: [&[&str]; 2] = [
    &[
        "fn %w_%w(%w: &mut [u8], %w: usize) -> Result<u%n, Error> {",
        "    let %w = self.%w.get(%n).copied().unwrap_or(0x%x);",
        "    if %w.len() != %n || %w[%n..%n].iter().any(|b| *b > %n) {",
        "        return Err(Error::new(%n, \"%w %w is not a %w\"));",
        "    assert_eq!(%w(&[%n, %n, %n, %n, %n]), %N);",
        "const %w: [u32; 4] = [0x%x, 0x%x, 0x%x, 0x%x];",
        "// The %w is at most %n bytes, see the %w of the %w.",
        "def %w_%w(self, %w=None, %w=%n):",
        "    self.%w = %w.%w(%w, timeout=%n, scale=%f)",
        "    return [%w for %w in range(%n) if %w[%w] >= %f]",
        "}",
    ],
    &[
        "export function %w%w(%w, %w = %n) {",
        "  const %w = new Map([[%n, \"%w\"], [%n, \"%w\"]]);",
        "  if (%w.%w === undefined || %w > %N) throw new Error(`%w ${%w} of %n`);",
        "static const uint32_t %w_%w[] = { 0x%xU, %NU, 0x%xU };",
        "  %w->%w = (%w << %n) | (%w & 0x%x);",
        "#define %w_%w_MAX %N",
        "/* %w %w: %n to %n, default %f */",
        "  expect(%w.%w(\"%w-%n\")).toBe(%N);",
        "SELECT %w.%w, COUNT(*) FROM %w WHERE %w_id = %n AND %w > %f GROUP BY 1 LIMIT %n;",
        "public %w get%w(int %w) { return this.%w[%w %% %n]; }",
        "}",
    ],
];
const LOCKS: [&[&str]; 2] = [
    &[
        "[[package]]\nname = \"%c\"\nversion = \"%v\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"%X\"\n",
        "\"%c@^%v\":\n  version \"%v\"\n  resolved \"https://registry.yarnpkg.com/%c/-/%c-%v.tgz#%x%x%x%x%x\"\n  integrity sha512-%b%b%b==\n",
    ],
    &[
        "    \"node_modules/%c\": {\n      \"version\": \"%v\",\n      \"resolved\": \"https://registry.npmjs.org/%c/-/%c-%v.tgz\",\n      \"integrity\": \"sha512-%b%b%b==\",\n      \"engines\": { \"node\": \">=%n\" }\n    },",
        "%c==%v \\\n    --hash=sha256:%X \\\n    --hash=sha256:%X",
        "github.com/%w/%c v%v h1:%b=\ngithub.com/%w/%c v%v/go.mod h1:%b=",
    ],
];
const DOCS: [&[&str]; 2] = [
    &[
        "## The %w of a %w\n",
        "Set `%w_%w` to %n where the %w has more than %N entries; the default is %n.",
        "A %w is cut at %n bytes (RFC %n, section %n.%n), so a %w never holds more than %n of them.\n",
        "* `--%w N`: the number of %w, from %n to %N\n* `--%w`: keep the %w",
        "Since version %v the %w is read once, which made the %w %f times faster on %n cores.",
    ],
    &[
        "### %w and %w\n",
        "Each %w starts with the magic number `0x%x`, then the %w in %n bytes, then the checksum %x.",
        "| %w | %n | %f | %N |\n| %w | %n | %f | %N |",
        "See issue #%n and pull request #%n; fixed in %v, released %t.",
        "If the %w fails with error %n, raise the limit to %N and start the %w again.\n",
    ],
];
const MEASUREMENTS: [&[&str]; 2] =
    [&["%t,%n,%f,%f,%f,%N", "%t,%n,%f,-%f,%f,%N"], &["%N,%f,%f,%f,%n,ok", "%N,%f,-%f,%f,%n,ok"]];
const LOGS: [&[&str]; 2] = [
    &[
        "%t INFO  %w.%w - %w %n done in %f ms (%N bytes)",
        "%t WARN  %w.%w - retry %n of %w-%x, offset %N",
        "{\"ts\":%N,\"level\":\"info\",\"msg\":\"%w %w\",\"trace\":\"%x%x%x%x\",\"ms\":%f}",
    ],
    &[
        "[%t] [%w:%n] %w=%N %w=%f %w=0x%x",
        "%w: %w %n: %N: %w failed (errno %n)",
        "level=debug component=%w span=%x%x seq=%N lag=%f msg=\"%w %w\"",
    ],
];
const SETTINGS: [&[&str]; 2] = [
    &["%w:\n  %w_%w: %n\n  %w: %f\n  image: %w/%w:%v\n  digest: sha256:%X", "%w.%w.%w=%n\n%w.%w.id=%N"],
    &[
        "[%w.%w]\n%w = %n\n%w = \"%w-%v\"\nid = \"%x\"\nlimit = %N",
        "<%w id=\"%n\" %w=\"%f\"><%w>%N</%w></%w>",
    ],
];

/// Writes `bytes` of each kind and tells how many they became.
pub(super) fn write(pages: &mut Pages<'_>, set: Set, seed: u64, bytes: usize) -> BTreeMap<&'static str, u64> {
    let own = usize::from(set == Set::Reporting);
    let kinds = [
        ("code", "src", CODE[own], ""),
        ("docs", "md", DOCS[own], ""),
        ("locks", "lock", LOCKS[own], ""),
        ("logs", "log", LOGS[own], ""),
        (
            "measurements",
            "csv",
            MEASUREMENTS[own],
            ["time,channel,x,y,z,counter\n", "counter,x,y,z,channel,state\n"][own],
        ),
        ("settings", "conf", SETTINGS[own], ""),
    ];
    let mut sizes = BTreeMap::new();
    for (number, (kind, extension, lines, head)) in kinds.into_iter().enumerate() {
        let random = &mut Random::new(seed, 0x434C_4541 + number as u64);
        let mut written = 0;
        for file in 0.. {
            if written >= bytes {
                break;
            }
            let mut text = head.to_owned();
            while text.len() < 48 * 1024 && written + text.len() < bytes {
                let line = random.pick(lines).to_owned();
                fill(&mut text, &line, random);
                text.push('\n');
            }
            written += text.len();
            pages.plain(format!("clean/{kind}/{file}.{extension}"));
            pages.text(&text);
        }
        sizes.insert(kind, written as u64);
    }
    sizes
}

fn fill(out: &mut String, line: &str, random: &mut Random) {
    let mut rest = line.chars();
    while let Some(c) = rest.next() {
        if c != '%' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('w') => out.push_str(random.pick(WORDS)),
            Some('c') => out.push_str(random.pick(CRATES)),
            Some('n') => {
                out.push_str(&random.below(10u64.pow(1 + random.clone().below(4) as u32)).to_string())
            }
            Some('N') => {
                let places = 6 + random.below(8) as u32;
                out.push_str(&random.between(10u64.pow(places), 10u64.pow(places + 1)).to_string());
            }
            Some('f') => {
                out.push_str(&format!("{}.{:0width$}", random.below(200), random.below(100_000), width = 5))
            }
            Some('x') => out.push_str(&format!("{:08x}", random.next() as u32)),
            Some('X') => (0..4).for_each(|_| out.push_str(&format!("{:016x}", random.next()))),
            Some('b') => {
                const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
                out.extend((0..28).map(|_| char::from(DIGITS[random.below(64) as usize])));
            }
            Some('v') => {
                out.push_str(&format!("{}.{}.{}", random.below(30), random.below(40), random.below(20)))
            }
            Some('t') => out.push_str(&format!(
                "2026-0{}-1{}T0{}:2{}:3{}Z",
                random.between(1, 10),
                random.below(10),
                random.below(10),
                random.below(10),
                random.below(10)
            )),
            Some(other) => out.push(other),
            None => {}
        }
    }
}
