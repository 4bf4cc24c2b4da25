//! The rules of a scan: `[[suppress]]` and `[[deny]]` of `domesday.toml`, `--suppress`, `--allow` and `--deny`.
//!
//! Values stand in no file but as tokens, which say nothing without the key. A list of them is only good for the key that it
//! was made with, so each line names it: a list of another key would never match, and nobody would notice.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use domesday_model::{Catalog, Glob, Key, KeyId, Pattern, Rule, Rules, Token, TokenKind, Values, chooses};

use crate::choice::DetectorChoice;
use crate::config::{self, FILE, RuleForm};

/// The flags that make rules.
#[derive(Args)]
pub(crate) struct RuleArgs {
    /// Mark findings as accepted: DETECTOR@PATHS, DETECTOR or @PATHS, for instance email_address@tests/**
    #[arg(long, value_name = "RULE", value_parser = suppression, long_help = SUPPRESS_HELP)]
    suppress: Vec<Rule>,
    /// Mark values as accepted: the allow list FILE holds their tokens
    #[arg(long, value_name = "FILE", long_help = ALLOW_HELP)]
    allow: Vec<PathBuf>,
    /// Report values at any confidence, and suppress them by no rule and no verdict: the deny list FILE holds their tokens
    #[arg(long, value_name = "FILE", long_help = DENY_HELP)]
    deny: Vec<PathBuf>,
}

const SUPPRESS_HELP: &str = "\
Mark findings as accepted: DETECTOR@PATHS, DETECTOR or @PATHS, for instance email_address@tests/**; may be given several times.
They stay in the inventory with the reason in `suppressed_by`, but are in no sum or table, and --fail-on passes them by.
A detector is an id or the first part of ids. In paths, which are relative to the source, * and ? stand for characters of one name, ** for
any; a pattern without / is one of file names in any folder, and one that ends with / is all below that folder.
Rules that stay, each with its reason, belong in ./domesday.toml, where they may also name values, by token or by a pattern that is a
regular expression of the whole value:
  [[suppress]]
  detector = \"email_address\"
  path = \"tests/**\"
  reason = \"made-up people\"
  [[suppress]]
  pattern = '.*@(press|info)\\.example\\.com'
  reason = \"addresses that we publish\"";

const ALLOW_HELP: &str = "\
Mark values as accepted: the allow list FILE holds their tokens, one a line, as `domesday key token` writes them. No raw value stands in it.
Values of a list are in no sum or table, and --fail-on passes them by. A finding that has no others is marked in `suppressed_by`; in one
that has, `suppressed_occurrences` counts them.
In ./domesday.toml, with a reason, and where wanted for some detectors or paths only:
  [[suppress]]
  tokens_from = \"published.tokens\"
  reason = \"addresses that we publish\"";

const DENY_HELP: &str = "\
Report values at any confidence: the deny list FILE holds their tokens, as an allow list does. Their evidence has `deny_list`. No rule and no
verdict of a person suppresses a finding with one of them. A value that no detector accepts where it stands is not found: a text that is to be
found wherever it stands is a detector of your own (`domesday detectors new`).
In ./domesday.toml, also by pattern:
  [[deny]]
  tokens_from = \"protected-persons.tokens\"
  [[deny]]
  detector = \"email_address\"
  pattern = '.*@board\\.example\\.com'";

fn suppression(text: &str) -> Result<Rule, String> {
    let (detector, path) = text.split_once('@').unwrap_or((text, ""));
    if detector.is_empty() && path.is_empty() {
        return Err("expected DETECTOR@PATHS, DETECTOR or @PATHS; @** suppresses everything".to_owned());
    }
    Ok(Rule {
        detector: (!detector.is_empty()).then(|| detector.to_owned()),
        path: (!path.is_empty()).then(|| Glob::new(path)),
        values: None,
        reason: format!("--suppress {text}"),
    })
}

impl RuleArgs {
    /// The rules of the file, then those of the flags. A detector that does not take part is a mistake in a flag; the file is for
    /// all scans, so there it is one that there is none of.
    pub(crate) fn load(
        &self,
        catalog: &Catalog,
        choice: &DetectorChoice,
        key: Option<&Key>,
    ) -> anyhow::Result<Rules> {
        let is_known = |choice: &String| catalog.detectors.iter().any(|info| chooses(choice, &info.id));
        if let Some(unknown) = self.suppress.iter().filter_map(|r| r.detector.as_ref()).find(|d| !is_known(d))
        {
            bail!(
                "--suppress: no detector or group \"{unknown}\" takes part; `domesday detectors list` shows all, and @PATHS is a \
                 pattern of paths"
            );
        }
        let settings = config::settings()?;
        let named_in_file =
            { settings.suppress.iter() }.chain(&settings.deny).filter_map(|r| r.detector.as_ref());
        let left_out: Vec<_> = named_in_file.filter(|detector| !is_known(detector)).collect();
        if !left_out.is_empty() {
            let all = choice.all()?;
            let is_there = |choice: &str| all.iter().any(|detector| chooses(choice, &detector.info.id));
            if let Some(unknown) = left_out.iter().find(|detector| !is_there(detector)) {
                bail!(
                    "{FILE} has a rule for \"{unknown}\", and there is no such detector or group; `domesday detectors list` \
                     shows all"
                );
            }
        }
        let key = key.map(Key::id);
        let named = |name: &str, form: RuleForm| {
            build(form, key, name == "suppress").with_context(|| format!("[[{name}]] in {FILE}"))
        };
        let listed = |flag: &str, file: &PathBuf| {
            let form = RuleForm {
                tokens_from: Some(file.clone()),
                reason: Some(format!("--{flag} {}", file.display())),
                ..RuleForm::default()
            };
            build(form, key, true).with_context(|| format!("--{flag}"))
        };
        let mut rules = Rules::default();
        for form in settings.suppress {
            rules.suppressions.push(named("suppress", form)?);
        }
        rules.suppressions.extend(self.suppress.iter().cloned());
        for file in &self.allow {
            rules.suppressions.push(listed("allow", file)?);
        }
        for form in settings.deny {
            rules.denials.push(named("deny", form)?);
        }
        for file in &self.deny {
            rules.denials.push(listed("deny", file)?);
        }
        if u16::try_from(rules.suppressions.len()).is_err() {
            bail!("there are more than {} rules: values that have one reason make one list", u16::MAX);
        }
        Ok(rules)
    }
}

fn build(form: RuleForm, key: Option<KeyId>, needs_reason: bool) -> anyhow::Result<Rule> {
    let RuleForm { detector, path, tokens, tokens_from, pattern, reason } = form;
    let names_values = !tokens.is_empty() || tokens_from.is_some() || pattern.is_some();
    if detector.is_none() && path.is_none() && !names_values {
        bail!(
            "it names neither a detector nor a path nor values, so it would hold for everything; path = \"**\" means that"
        );
    }
    let reason = reason.unwrap_or_default();
    if needs_reason && reason.trim().is_empty() {
        bail!("the reason is empty: say why this is accepted, for those who read the inventory");
    }
    let mut values = Values::default();
    for text in &tokens {
        values.tokens.insert(token(text, key).context("tokens")?);
    }
    if let Some(file) = tokens_from {
        values.tokens.extend(tokens_of(&file, key)?);
    }
    if let Some(text) = pattern {
        values.pattern = Some(Pattern::new(&text).map_err(|problem| anyhow!("pattern: {problem}"))?);
    }
    let path = path.map(|path| Glob::new(&path));
    Ok(Rule { detector, path, values: names_values.then_some(values), reason })
}

/// The tokens of a list: one a line, up to a blank; lines that begin with # are remarks.
fn tokens_of(file: &Path, key: Option<KeyId>) -> anyhow::Result<HashSet<Token>> {
    let shown = file.display();
    let text = fs::read_to_string(file).with_context(|| format!("{shown} cannot be read"))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut tokens = HashSet::new();
    for (line, number) in text.lines().zip(1..) {
        let Some(word) = line.split_whitespace().next().filter(|word| !word.starts_with('#')) else {
            continue;
        };
        tokens.insert(token(word, key).with_context(|| format!("{shown}, line {number}"))?);
    }
    Ok(tokens)
}

/// What is no token may be a value that somebody put there, so no message quotes it.
fn token(text: &str, key: Option<KeyId>) -> anyhow::Result<Token> {
    let Some(key) = key else {
        bail!(
            "values are told by tokens, and there is no key to make them with: `domesday key init` makes one"
        );
    };
    let (named, rest) = text.split_once(':').map_or((None, text), |(named, rest)| (Some(named), rest));
    let (kind, digits) = rest.split_once(':').map_or((None, rest), |(kind, digits)| (Some(kind), digits));
    let token = Token::parse(digits).filter(|_| kind.is_none_or(|kind| TokenKind::parse(kind).is_some()));
    let token = token.ok_or_else(|| {
        anyhow!("expected a token as `domesday key token` writes it, KEY:KIND:TOKEN, or its 32 hexadecimal digits alone")
    })?;
    if let Some(named) = named.filter(|named| *named != key.to_string()) {
        let is_id = named.len() == 16 && named.bytes().all(|byte| byte.is_ascii_hexdigit());
        let named = if is_id { named } else { "another" };
        bail!(
            "the token was made with the key {named}, and this is {key}: make the list anew with `domesday key token`"
        );
    }
    Ok(token)
}

/// What decides which values a rule is about, for the digest of what is told. Sets have no order of their own.
pub(crate) fn digested(rules: &Rules) -> String {
    let mut text = String::new();
    for (rules, name) in [(&rules.suppressions, "suppress"), (&rules.denials, "deny")] {
        for Rule { detector, path, values, reason } in rules {
            let mut tokens: Vec<Token> = values.iter().flat_map(|values| &values.tokens).copied().collect();
            tokens.sort_unstable();
            let pattern = values.as_ref().and_then(|values| values.pattern.as_ref()).map(Pattern::text);
            let path = path.as_ref().map(Glob::pattern);
            text.push_str(&format!(" {name} {:?}", (detector, path, tokens, pattern, reason)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> Key {
        Key::from_bytes([3; 32])
    }

    fn problem(form: RuleForm) -> String {
        format!("{:#}", build(form, Some(key().id()), true).expect_err("it is wrong"))
    }

    #[test]
    fn tokens_name_their_key_or_not() {
        let token_of = key().token(TokenKind::Email, b"ann@corp.de");
        for text in [token_of.to_string(), format!("{}:email:{token_of}", key().id())] {
            assert_eq!(token(&text, Some(key().id())).expect(&text), token_of);
        }
        let other = format!("{}:email:{token_of}", Key::from_bytes([4; 32]).id());
        let error = token(&other, Some(key().id())).expect_err("another key").to_string();
        assert!(error.contains("make the list anew"), "{error}");
        assert!(token(&token_of.to_string(), None).expect_err("no key").to_string().contains("key init"));
    }

    #[test]
    fn mistakes_in_rules_are_told_and_values_are_not() {
        let reason = Some("published".to_owned());
        let with = |form: RuleForm| RuleForm { reason: reason.clone(), ..form };
        assert!(problem(with(RuleForm::default())).contains("neither a detector nor a path nor values"));
        let detector = Some("iban".to_owned());
        assert!(problem(RuleForm { detector, ..RuleForm::default() }).contains("the reason is empty"));
        let pattern = Some("a(".to_owned());
        assert!(problem(with(RuleForm { pattern, ..RuleForm::default() })).contains("pattern: "));
        let dir = tempfile::tempdir().expect("a temporary folder");
        let file = dir.path().join("list");
        fs::write(&file, "# ours\n\nann@corp.de\n").expect("writable");
        let error = problem(with(RuleForm { tokens_from: Some(file), ..RuleForm::default() }));
        assert!(error.contains("line 3: expected a token") && !error.contains("ann@"), "{error}");
    }
}
