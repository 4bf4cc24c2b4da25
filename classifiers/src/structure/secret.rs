//! Passwords as people and programs choose them, behind the word that names one. They have no form of their own, so what
//! counts is what they are not: a word of a sentence, the name of a variable, a path, a date, a placeholder.

/// Fewest and most bytes of a secret.
const SHORTEST: usize = 6;
const LONGEST: usize = 80;
/// Fewest bytes where a word of a sentence may stand as well.
const SHORTEST_IN_SENTENCE: usize = 8;
/// Programs that take a password with nothing between it and the option.
const TAKING_P: [&[u8]; 3] = [b"mysql", b"mariadb", b"sshpass"];
/// Most bytes of a word with a number behind it that someone types.
const LONGEST_WORD: usize = 16;

/// Whether a secret ends the text: behind a sign letters and digits, or letters and a mark in their midst; behind a verb
/// letters and digits, and more of them.
pub(super) fn ends_in_secret(raw: &[u8]) -> bool {
    let quoted = raw.strip_suffix(b"\"").or_else(|| raw.strip_suffix(b"'"));
    let text = quoted.unwrap_or(raw);
    let before: &[u8] = if quoted.is_some() { b"\"'" } else { b" \t\n:=" };
    let start = text.iter().rposition(|b| before.contains(b)).map_or(0, |at| at + 1);
    // 密码：
    let colon = "：".as_bytes();
    let start = start.max(memchr::memmem::rfind(text, colon).map_or(0, |at| at + colon.len()));
    let (word, secret) = text.split_at(start);
    // mysql -pS3cr3tPw9!
    let option = secret.strip_prefix(b"-p").filter(|_| TAKING_P.iter().any(|name| raw.starts_with(name)));
    let secret = option.unwrap_or(secret);
    if is_common(secret) {
        return true;
    }
    if !(SHORTEST..=LONGEST).contains(&secret.len()) || names_something(secret) {
        return false;
    }
    let has = |is: fn(&u8) -> bool| secret.iter().any(is);
    let both = has(|b| b.is_ascii_alphabetic() || !b.is_ascii()) && has(u8::is_ascii_digit);
    let mixed = has(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
    // A mark at the end may be one of the sentence.
    let has_mark = secret.iter().rev().skip_while(|byte| is_mark(byte)).any(is_mark);
    let sign = word.trim_ascii_end();
    let is_listed = quoted.is_some() && sign[..sign.len().saturating_sub(1)].trim_ascii_end().ends_with(b",");
    // `"password", "address2"`: names, one behind the other.
    if is_listed && is_word_or_number(secret) && secret.iter().filter(|b| b.is_ascii_digit()).count() < 3 {
        return false;
    }
    let is_assigned = quoted.is_some()
        || option.is_some()
        || (matches!(sign.last(), Some(b':' | b'=')) || word.ends_with("：".as_bytes()));
    if is_assigned { both || has_mark && mixed } else { both && secret.len() >= SHORTEST_IN_SENTENCE }
}

/// Whether it is a word that many people take for a password, also at the end of a sentence.
fn is_common(secret: &[u8]) -> bool {
    /// Words that no setting has for a value, in order.
    const COMMON: [&str; 86] = [
        "angels",
        "arsenal",
        "asdfgh",
        "azerty",
        "babygirl",
        "banana",
        "barcelona",
        "baseball",
        "basketball",
        "batman",
        "bonjour",
        "butterfly",
        "buttercup",
        "charlie",
        "cheese",
        "chelsea",
        "chocolat",
        "chocolate",
        "computer",
        "cookie",
        "daniel",
        "dolphin",
        "dragon",
        "dragonfly",
        "flower",
        "football",
        "freedom",
        "geheim",
        "ginger",
        "hallo123",
        "hannah",
        "hockey",
        "iloveyou",
        "jessica",
        "jordan",
        "letmein",
        "liverpool",
        "loulou",
        "lovely",
        "loveme",
        "maggie",
        "marina",
        "michael",
        "michelle",
        "minecraft",
        "mittwoch",
        "monkey",
        "mustang",
        "nicole",
        "ninja123",
        "orange",
        "passion",
        "peanut",
        "pepper",
        "pokemon",
        "princess",
        "purple",
        "qwerty",
        "qwertz",
        "qwertyuiop",
        "rainbow",
        "ranger",
        "samsung",
        "sandra",
        "schalke",
        "schatz",
        "scooter",
        "shadow",
        "snoopy",
        "soccer",
        "sommer",
        "spiderman",
        "starwars",
        "startrek",
        "summer",
        "sunflower",
        "sunshine",
        "superman",
        "sweety",
        "thunder",
        "tigger",
        "trustno1",
        "tweety",
        "winter",
        "yankees",
        "zaq12wsx",
    ];
    let trimmed = secret.iter().rev().take_while(|byte| b".,!?".contains(byte)).count();
    let word = &secret[..secret.len() - trimmed];
    COMMON.iter().any(|common| common.as_bytes().eq_ignore_ascii_case(word))
}

/// Marks of passwords, unlike those of names, paths, dates and numbers.
const fn is_mark(byte: &u8) -> bool {
    matches!(byte, b'!' | b'#' | b'$' | b'%' | b'&' | b'*' | b'?' | b'@' | b'^' | b'~')
}

/// Whether it is a path, an address, a date, a variable, or has the word of a placeholder.
fn names_something(secret: &[u8]) -> bool {
    const JOINERS: &[u8] = b"._-/+";
    let has_mark = secret.iter().any(is_mark);
    let starts = |with: &[&str]| with.iter().any(|with| secret.starts_with(with.as_bytes()));
    // `$HOME`, `$1`, and no `$8b2q!nPEf`
    let marked =
        matches!(secret, [b'$', b'0'..=b'9', rest @ ..] if rest.len() > 5 && rest.iter().any(is_mark));
    !marked && starts(&["%", "$", "*", "&", "@", "-", "/", "./", "../", "~/"])
        || secret.last().is_some_and(|last| b".,;-_/+".contains(last))
        || is_address(secret)
        || has_placeholder(secret)
        || !has_mark
            && (secret.iter().filter(|&&b| b == b'/').count() > 1
                || has_word(secret)
                // `config.db1`, `user-2`, `my_var_3`: words that a sign joins.
                || secret.iter().any(|b| JOINERS.contains(b))
                    && secret.split(|b| JOINERS.contains(b)).all(is_word_or_number)
                // A number in base 16.
                || secret.len() <= "0x123456".len() && secret.iter().all(|b| b"0123456789abcdefx".contains(b))
                // `LONGCONSTANT20`
                || secret.len() > LONGEST_WORD && is_word_or_number(secret))
}

/// `Word12`, `WORD`, `word`, `12`, or nothing.
fn is_word_or_number(part: &[u8]) -> bool {
    let letters = part.iter().take_while(|b| b.is_ascii_alphabetic()).count();
    let (word, rest) = part.split_at(letters);
    let same_case =
        word.iter().skip(1).all(u8::is_ascii_lowercase) || word.iter().all(u8::is_ascii_uppercase);
    same_case && rest.iter().all(u8::is_ascii_digit)
}

/// `anna@firma.de`, `root@host1.example.org`.
fn is_address(secret: &[u8]) -> bool {
    let Some(at) = secret.iter().rposition(|&b| b == b'@') else { return false };
    memchr::memchr(b'.', &secret[at..]).is_some()
}

fn contains(secret: &[u8], words: &[&str]) -> bool {
    let mut lower = [0; LONGEST];
    let lower = &mut lower[..secret.len()];
    lower.copy_from_slice(secret);
    lower.make_ascii_lowercase();
    words.iter().any(|word| memchr::memmem::find(lower, word.as_bytes()).is_some())
}

/// Names of variables and of what is done with passwords. Passwords that have them (`Passwort1!`) have a mark as well.
fn has_word(secret: &[u8]) -> bool {
    contains(
        secret,
        &[
            "pass", "pwd", "secret", "token", "key", "user", "login", "auth", "cred", "hash", "encod",
            "encrypt", "char", "string", "byte", "sha1", "sha2", "sha5", "md5", "base64", "utf8", "utf16",
            "utf-", "iso8", "iso-", "bcrypt", "scrypt", "blake", "pbkdf", "argon", "ascii", "hex", "null",
            "none", "true", "false", "http", "test", "arg", "param", "value", "var", "min", "max", "field",
            "config", "conf", "rfc", "cve", "version", "win", "x509", "pkcs", "ipv", "oauth", "aes", "rsa",
            "bit",
        ],
    )
}

fn has_placeholder(secret: &[u8]) -> bool {
    contains(
        secret,
        &[
            "example",
            "xxxx",
            "placeholder",
            "changeme",
            "change_me",
            "your",
            "12345678",
            "abcdefgh",
            "foobar",
            "dummy",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_choose_is_a_secret() {
        for text in [
            "Passwort: Sommer2024!",
            "hasło=Kotek2023!",
            "mot de passe : Tr3sor24x",
            "password: KJHG#fdsa",
            "password\": \"s3cr3tDB\"",
            "the password was Hunter2!zq",
            "The password is swordfish77",
            "Password: $8b2q!nPEf",
            "密码：dyc7N3w?wqf8",
            "password: sunshine",
            "the password is Butterfly.",
            "Passwort: Frühling99",
            "password', 'Sommer2024'",
            "mysql -u root -pS3cr3tPw9",
            "machine h login anna\n\tpassword\tKx82mdLq9",
        ] {
            assert!(ends_in_secret(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_has_another_meaning_is_none() {
        for text in [
            "password: required",
            "password is SHA256-hashed",
            "Passwort Win10",
            "pw=config.db1.name",
            "pw: /run/secrets/db1",
            "pwd=$HOME1a",
            "pw: anna1@firma.de",
            "password was 2024-01-03",
            "pw: changeme123",
            "pw: password2",
            "password is user123",
            "pw: abc1",
            "MDP: SOMELONGCONSTANT20",
            "Passwort Wichtig!",
            "password', 'address2'",
            "mysql -u root -p$PW1abc",
            "pw: -pS3cr3tPw9",
        ] {
            assert!(!ends_in_secret(text.as_bytes()), "{text}");
        }
    }
}
