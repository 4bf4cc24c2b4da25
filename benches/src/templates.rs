//! What the lines of each kind of file look like. The letters are explained in `text`.

use crate::text::Text;

const ACCESS: &[&str] = &["%4 - - [%D] \"GET %l HTTP/1.1\" %r %k \"-\" \"%A\"\n"];

const APPLICATION: &[&str] = &[
    "%dT%t.%nZ INFO  worker-%n %o.%a: %S job=%u took %n ms\n",
    "%dT%t.%nZ INFO  http %r GET %l %n ms trace=%x\n",
    "%dT%t.%nZ DEBUG %o.%a key=%x hits=%n misses=%n ratio=0.%n\n",
    "%dT%t.%nZ INFO  gc pause %n us, heap %k bytes, %n objects\n",
    "%dT%t.%nZ WARN  %o.%a: %S (attempt %n)\n",
    "%dT%t.%nZ INFO  %o.%a: %S, version %v\n",
];
const APPLICATION_PERSONAL: &[&str] = &[
    "%dT%t.%nZ INFO  login user=%e ip=%4 session=%x\n",
    "%dT%t.%nZ WARN  delivery to %e failed: %S\n",
    "%dT%t.%nZ DEBUG Authorization: Bearer %j\n",
    "%dT%t.%nZ INFO  dhcp lease %4 to %m\n",
    "%dT%t.%nZ INFO  callback requested, phone %p\n",
    "%dT%t.%nZ INFO  peer %6 connected\n",
];

const RUST: &[&str] = &[
    "use crate::%1::{%O, %O%O};\nuse std::collections::HashMap; // %w %w\n\n",
    "        match %1.%a(&%2)? {\n            Some(%O { %3, .. }) if %3 > %n => self.%o.insert(%3, b\"%w\".to_vec()),\n            \
     Some(other) => return Err(format!(\"%w %w {other:?} at {}\", %n).into()),\n            None => continue, // %S\n        };\n\n",
    "/// %S.\npub fn %a_%1(%2: &%O, limit: usize) -> Result<%O, Error> {\n    let mut %3 = %O::with_capacity(%n);\n    \
     for i in 0..limit {\n        if %2.%1[i] > %n {\n            return Err(Error::%O { at: i, code: 0x%x });\n        \
     }\n        %3.%a(%2.%1[i] as u32);\n    }\n    Ok(%3)\n}\n\n",
    "#[derive(Debug, Clone, PartialEq)]\npub struct %O%O {\n    /// %S.\n    pub %1: u64,\n    %2: Vec<u8>,\n    \
     %3: Option<Box<%O>>,\n}\n\n",
    "impl %O {\n    const LIMIT: usize = %N;\n\n    pub(crate) fn %a(&mut self) -> bool {\n        let %1 = \
     self.%2.iter().filter(|%3| %3.%o < Self::LIMIT).count();\n        self.%o.push(%1 * %n + 1);\n        %1 != 0\n    }\n}\n\n",
    "    #[test]\n    fn %a_%1_of_%2() {\n        let %3 = %O::%a(\"%w %w %w\", %n);\n        assert_eq!(%3.%o(), %n);\n        \
     assert!(%3.%a().is_err());\n    }\n\n",
];
const PYTHON: &[&str] = &[
    "%1_%2 = {\n    \"%o\": %n,\n    \"%o\": (%n, 0.%n),\n    \"%o\": \"%h\",\n    \"%o\": re.compile(r\"^[a-z_]{2,%n}$\"),\n}\n\n",
    "async def %a_all(%1s):\n    # %S, see #%n.\n    async with %O.%a(\"%w-%w\") as %2:\n        async for %1 in %2:\n            \
     log.debug(\"%w %w: %_s of %_d\", %1.%3, len(%1s))\n            yield %1 if %1.%3 else None\n\n\n",
    "def %a_%1(%2, %3=None, *, timeout=%n):\n    \"\"\"%S.\"\"\"\n    if %3 is None:\n        %3 = %O(%2.%1, version=\"%v\")\n    \
     for %o, value in enumerate(%2):\n        if value >= %n:\n            raise ValueError(f\"%w {value} %w %w\")\n        \
     %3.%a(value * %n)\n    return %3\n\n\n",
    "class %O%O(%O):\n    \"\"\"%S.\n\n    %S.\n    \"\"\"\n\n    __slots__ = (\"%1\", \"_%2\")\n\n    def __init__(self, %1, %2):\n        \
     self.%1 = %1\n        self._%2 = dict(%2 or {})\n\n    @property\n    def %3(self):\n        return self._%2.get(\"%3\", %n)\n\n\n",
    "@pytest.mark.parametrize(\"%1, expected\", [(%n, %n), (%n, %n), (0x%x, %N)])\ndef test_%a_%1(%1, expected):\n    \
     assert %o.%a(%1) == expected\n\n\n",
];
const JAVASCRIPT: &[&str] = &[
    "import { %a%O, %o } from \"./%1/%2.js\";\n\n",
    "describe(\"%1 %2\", () => {\n  it(\"%w %w %w\", () => {\n    const %1 = new %O({ %2: %n, %3: [%n, %n, %n] });\n    \
     expect(%1.%a()).toEqual({ %2: \"%w-%w\", at: %N });\n  });\n});\n\n",
    "  // %S\n  const { %1, %2 = 0.%n } = props;\n  useEffect(() => {\n    const timer = setTimeout(() => %a%O(%1), %k);\n    \
     return () => clearTimeout(timer);\n  }, [%1, %2]);\n\n",
    "/**\n * %S.\n * @param {%O} %1 %w %w\n * @returns {Promise<%O>}\n */\nexport async function %a%O(%1, { %2 = %n, %3 } = {}) {\n  \
     const %o = await %3.%a(%1.%2);\n  if (!%o || %o.length > %2) {\n    throw new Error(`%w %w ${%1.%2}`);\n  }\n  \
     return %o.map((item) => ({ ...item, %2: item.%2 + %n }));\n}\n\n",
    "const %1Styles = {\n  width: \"%npx\",\n  color: \"#%n\",\n  margin: \"0 %npx\",\n  id: \"%u\",\n};\n\n",
];
const C: &[&str] = &[
    "static const struct %1_ops %2_ops = {\n\t.%a\t= %1_%a,\n\t.%a\t= %2_%a,\n\t.owner\t= THIS_MODULE,\n\t.flags\t= 0x%n,\n};\n\n",
    "/**\n * %1_%a - %w %w %w\n * @%2: %S\n * @flags: %w %w\n *\n * %S.\n * Return: 0, or -%n.\n */\nvoid %1_%a(struct %1 *%2, unsigned \
     long flags)\n{\n\tif (!%2 || %2->%3 > %n)\n\t\treturn;\n\tmemcpy(&%2->%3, flags + %n, sizeof(*%2)); /* %w %w */\n\t\
     spin_unlock_irqrestore(&%2->lock, flags);\n}\n\n",
    "/* %S. */\nstatic int %1_%a(struct %2 *%3, size_t len)\n{\n\tunsigned int i;\n\n\tfor (i = 0; i < len; i++) {\n\t\t\
     if (%3->%1[i] & 0x%x)\n\t\t\tgoto out;\n\t\t%3->%o += %1_%o(&%3->%1[i], %n);\n\t}\n\treturn 0;\nout:\n\t\
     pr_err(\"%w %w: %_d\\n\", i);\n\treturn -EINVAL;\n}\n\n",
    "#define %O_%O_MAX %n\n#define %O_FLAG 0x%x\n\nstruct %1_%2 {\n\tu32 %1;\n\tu64 %2;\n\tstruct list_head %3;\n};\n\n",
];
const LICENCE: &[&str] = &[
    "// Copyright 2019 The authors. %S.\n// %S.\n\n",
    "// %S.\n// Maintained by %g %f <%e>\n\n",
    "// %S.\n// %S.\n// %S.\n\n",
    "// %S. See %w/%w for more.\n\n",
];

const EVENT: &[&str] = &[
    "{\"id\":\"%u\",\"ts\":\"%dT%tZ\",\"type\":\"%o.%a\",\"service\":\"%w-%o\",\"duration_ms\":%n,\"ok\":true,\"tags\":[\"%o\",\"%o\"],\
     \"detail\":{\"%1\":%n,\"%2\":\"%x\",\"message\":\"%S\"}}\n",
    "{\"id\":\"%u\",\"ts\":\"%dT%tZ\",\"type\":\"page.view\",\"path\":\"%l\",\"session\":\"%x\",\"client_ip\":\"%4\",\
     \"agent\":\"%A\"}\n",
    "{\"id\":\"%u\",\"ts\":\"%dT%tZ\",\"type\":\"order.created\",\"order\":{\"number\":%N,\"total\":%$,\"items\":[{\"sku\":\"PX-%n\",\"qty\":%n}]},\
     \"customer\":{\"first_name\":\"%g\",\"last_name\":\"%f\",\"email\":\"%e\",\"phone\":\"%p\"}}\n",
];

const CUSTOMERS: (&str, &str) = (
    "id,first_name,last_name,email,phone,date_of_birth,city,created_at,notes\n",
    "%q,%g,%f,%e,%p,%b,%w,%d %t,\"%S, %w\"\n",
);
const PAYMENTS: (&str, &str) =
    ("payment_id,order_id,card_number,iban,amount,currency,paid_at\n", "%q,%N,%c,%i,%$,EUR,%dT%tZ\n");
const PAYROLL: (&str, &str) =
    ("employee,first_name,last_name,ssn,dni,salary,since\n", "%q,%g,%f,%s,%y,%$,%d\n");
const MEASUREMENTS: (&str, &str) =
    ("sample_id,sensor,taken_at,temperature,pressure,flow,flags\n", "%q,%o-%n,%d %t,%n.%n,%$,%n.%n,%x\n");

const MAIL: &[&str] = &[
    "From %e Mon Mar  3 %t 2025\nFrom: %g %f <%e>\nTo: %w-team@brenkhagen-pumpen.de\nSubject: %S\nDate: Mon, 03 Mar 2025 %t +0000\n\
     Message-ID: <%x.%n@mx1.brenkhagen-pumpen.de>\nReceived: from mail.%o.internal ([%4]) by mx1 with ESMTPS id %x\n\
     Content-Type: text/plain; charset=utf-8\n\nHello,\n\n",
];
const PROSE: &[&str] = &["%S. %S. %S.\n", "%S, %w %w %w %n %w.\n%S.\n", "> %S.\n> %S.\n"];
const SIGNATURE: &[&str] = &["\nRegards,\n%g %f\n\n", "\n-- \n%g %f\nPhone %p\n\n", "\n%g\n\n"];

const SQL_ROWS: &[&str] = &[
    "INSERT INTO customer (id, name, email, phone, born, created) VALUES (%q, '%g %f', '%e', '%p', '%b', '%d %t');\n",
    "INSERT INTO orders (id, customer_id, total, status, placed) VALUES (%N, %q, %$, '%w', '%d %t');\n",
    "INSERT INTO payment (id, iban, card, amount) VALUES (%q, '%i', '%c', %$);\n",
    "INSERT INTO item (order_id, sku, quantity, price) VALUES (%N, 'PX-%n', %n, %$);\n",
];
const SQL_HEAD: &[&str] = &[
    "-- Dump of %w_%o, server %v\nSET NAMES utf8mb4;\nDROP TABLE IF EXISTS customer;\nCREATE TABLE customer (\n  id BIGINT NOT NULL,\n  \
     name VARCHAR(120),\n  email VARCHAR(254),\n  phone VARCHAR(32),\n  born DATE,\n  created DATETIME,\n  PRIMARY KEY (id)\n);\n\n",
];

/// One form that the files of a kind have.
pub(crate) struct Form {
    /// What their names end in.
    pub(crate) suffix: &'static str,
    /// Fills the text with lines until it has so many bytes or a little more.
    pub(crate) write: fn(&mut Text, usize),
}

/// A web server's log, and an application's, of which one line in 24 tells of a person.
pub(crate) const LOG: &[Form] = &[
    Form { suffix: "log", write: |text, bytes| repeat(text, bytes, |text| any(text, ACCESS)) },
    Form { suffix: "log", write: application },
];
/// Source code.
pub(crate) const CODE: &[Form] = &[
    Form { suffix: "rs", write: |text, bytes| code(text, bytes, RUST) },
    Form { suffix: "py", write: |text, bytes| code(text, bytes, PYTHON) },
    Form { suffix: "js", write: |text, bytes| code(text, bytes, JAVASCRIPT) },
    Form { suffix: "c", write: |text, bytes| code(text, bytes, C) },
];
/// Events as JSON, one in three with a customer.
pub(crate) const NDJSON: &[Form] =
    &[Form { suffix: "ndjson", write: |text, bytes| repeat(text, bytes, |text| any(text, EVENT)) }];
/// Four tables, one of them without personal data.
pub(crate) const CSV: &[Form] = &[
    Form { suffix: "csv", write: |text, bytes| table(text, bytes, CUSTOMERS) },
    Form { suffix: "csv", write: |text, bytes| table(text, bytes, PAYMENTS) },
    Form { suffix: "csv", write: |text, bytes| table(text, bytes, PAYROLL) },
    Form { suffix: "csv", write: |text, bytes| table(text, bytes, MEASUREMENTS) },
];
/// Mailboxes, messages of 3 to 12 paragraphs.
pub(crate) const MBOX: &[Form] = &[Form { suffix: "mbox", write: mailbox }];
/// Dumps of a shop's database.
pub(crate) const SQL: &[Form] = &[Form { suffix: "sql", write: dump }];

fn repeat(text: &mut Text, bytes: usize, mut line: impl FnMut(&mut Text)) {
    while text.out.len() < bytes {
        line(text);
    }
}

fn any(text: &mut Text, templates: &[&'static str]) {
    let template = text.random.pick(templates);
    text.fill(template);
}

fn application(text: &mut Text, bytes: usize) {
    repeat(text, bytes, |text| {
        let personal = text.random.below(24) == 0;
        any(text, if personal { APPLICATION_PERSONAL } else { APPLICATION });
    });
}

fn code(text: &mut Text, bytes: usize, language: &[&'static str]) {
    any(text, LICENCE);
    repeat(text, bytes, |text| any(text, language));
}

fn table(text: &mut Text, bytes: usize, (header, row): (&str, &str)) {
    text.fill(header);
    repeat(text, bytes, |text| text.fill(row));
}

fn mailbox(text: &mut Text, bytes: usize) {
    repeat(text, bytes, |text| {
        any(text, MAIL);
        for _ in 0..text.random.between(3, 13) {
            any(text, PROSE);
        }
        any(text, SIGNATURE);
    });
}

fn dump(text: &mut Text, bytes: usize) {
    any(text, SQL_HEAD);
    repeat(text, bytes, |text| any(text, SQL_ROWS));
}
