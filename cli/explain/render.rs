//! A decision in words, and as lines of JSON.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use domesday_classifiers::{
    Attempt, Beside, Change, Classifier, ColumnContext, Detector, Find, FoundBy, Heard, Joined, NEAR,
    Sequence, Verdict,
};
use domesday_model::{ColumnPoints, ColumnVerdict, Confidence, DetectorId};
use serde_json::{Map, Value, json};

use super::words::{Instead, Words};
use crate::describe;
use crate::output::Paint;
use crate::units::counted;
use crate::visible::visible;

/// Detectors of one place that are told of in full.
const MOST_IN_FULL: usize = 3;
/// Characters of a line of ids.
const WIDTH: usize = 100;

/// What was tried, and what came of it.
pub(super) struct Case<'a> {
    pub(super) classifier: &'a Classifier,
    /// In order of place.
    pub(super) attempts: &'a [Attempt],
    pub(super) found: Vec<Won>,
    pub(super) threshold: Confidence,
}

/// What the classifier finds, where, how sure it is, and why.
pub(super) struct Won {
    pub(super) detector: DetectorId,
    pub(super) place: Range<usize>,
    pub(super) confidence: Confidence,
    pub(super) evidence: Vec<String>,
}

impl Won {
    fn is_of(&self, attempt: &Attempt) -> bool {
        self.detector == attempt.detector && self.place == attempt.place
    }
}

/// What became of an attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Outcome {
    Reported,
    /// Kept as a token, but not reported.
    Below,
    /// Another detector is surer of the place.
    Loses(DetectorId),
    /// A word is needed.
    NeedsWord,
    /// Its checksum fails.
    Checksum,
    /// A rule fails.
    Rule,
    /// Its value is known to be no real one.
    Ignored,
    /// It is a part of something longer.
    Joined,
}

impl Outcome {
    const fn name(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Below => "below_threshold",
            Self::Loses(_) => "loses",
            Self::NeedsWord => "needs_word",
            Self::Checksum => "checksum_fails",
            Self::Rule => "rule_fails",
            Self::Ignored => "ignored_value",
            Self::Joined => "part_of_longer",
        }
    }

    /// As the head of a list of detectors.
    const fn group(self) -> &'static str {
        match self {
            Self::Reported => "reported",
            Self::Below => "too unsure",
            Self::Loses(_) => "less sure",
            Self::NeedsWord => "lack a word",
            Self::Checksum => "check digit",
            Self::Rule => "rules",
            Self::Ignored => "no real one",
            Self::Joined => "part of more",
        }
    }
}

/// Attempts that overlap.
pub(super) struct Together<'a> {
    /// Where the one stands that matters most.
    pub(super) lead: Range<usize>,
    /// The one that matters most first.
    attempts: Vec<(&'a Attempt, Outcome)>,
}

impl<'a> Case<'a> {
    fn outcome(&self, attempt: &Attempt) -> Outcome {
        if attempt.joined.is_some() {
            return Outcome::Joined;
        }
        if attempt.checksum == Some(false) {
            return Outcome::Checksum;
        }
        if attempt.rules.contains(&false) {
            return Outcome::Rule;
        }
        if attempt.is_ignored {
            return Outcome::Ignored;
        }
        if let Some(own) = self.found.iter().find(|won| won.is_of(attempt)) {
            return self.outcome_of(own);
        }
        if attempt.lacks_word {
            return Outcome::NeedsWord;
        }
        let overlaps =
            |place: &Range<usize>| place.start < attempt.place.end && attempt.place.start < place.end;
        let winner = self.found.iter().find(|won| overlaps(&won.place));
        winner.map_or(Outcome::Below, |won| Outcome::Loses(won.detector))
    }

    fn outcome_of(&self, won: &Won) -> Outcome {
        if won.confidence >= self.threshold { Outcome::Reported } else { Outcome::Below }
    }

    /// What detectors found without looking at the value as such: they judge its words together, or its column.
    pub(super) fn unexplained(&self) -> impl Iterator<Item = &Won> {
        self.found.iter().filter(|won| !self.attempts.iter().any(|attempt| won.is_of(attempt)))
    }

    /// The attempts by place. Where only parts of something longer were looked at, they are left out unless there is nothing
    /// else.
    pub(super) fn places(&self) -> Vec<Together<'a>> {
        let mut places: Vec<(usize, Vec<(&Attempt, Outcome)>)> = Vec::new();
        for attempt in self.attempts {
            let with = (attempt, self.outcome(attempt));
            match places.last_mut().filter(|(end, _)| attempt.place.start < *end) {
                Some((end, attempts)) => {
                    *end = attempt.place.end.max(*end);
                    attempts.push(with);
                }
                None => places.push((attempt.place.end, vec![with])),
            }
        }
        let alone = |attempts: &[(&Attempt, Outcome)]| attempts.iter().any(|(_, o)| *o != Outcome::Joined);
        if places.iter().any(|(_, attempts)| alone(attempts)) {
            places.retain(|(_, attempts)| alone(attempts));
        }
        let sorted = places.into_iter().map(|(_, mut attempts)| {
            attempts.sort_by_key(|(attempt, outcome)| {
                let spoken_for = attempt.context.is_some() || attempt.header.is_some();
                let rank = match outcome {
                    Outcome::Reported => 0,
                    Outcome::Below | Outcome::Loses(_) => 1,
                    // Of what fails, people ask for the one that the text names.
                    _ if spoken_for => 2,
                    _ => 3,
                };
                (rank, Reverse(attempt.confidence()), attempt.place.start, attempt.detector)
            });
            Together { lead: attempts[0].0.place.clone(), attempts }
        });
        sorted.collect()
    }

    /// A place in words: the ones that matter in full, all others by what became of them.
    pub(super) fn place(&self, place: &Together<'_>, paint: Paint) -> String {
        let in_full = match place.attempts.len() {
            few if few <= MOST_IN_FULL => few,
            _ => 1,
        };
        let mut text = String::new();
        for (attempt, outcome) in &place.attempts[..in_full] {
            text.push_str(&self.attempt(attempt, *outcome, paint));
        }
        let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
        let mut order = Vec::new();
        for (attempt, outcome) in &place.attempts[in_full..] {
            let group = outcome.group();
            if !order.contains(&group) {
                order.push(group);
            }
            let id = &self.detector(attempt).info.id;
            let shown = match outcome {
                Outcome::Reported | Outcome::Below | Outcome::Loses(_) => {
                    format!("{id} ({})", attempt.confidence())
                }
                _ => id.clone(),
            };
            let ids = groups.entry(group).or_default();
            if !ids.contains(&shown) {
                ids.push(shown);
            }
        }
        if !order.is_empty() {
            let _ = writeln!(text, "others that looked at it; --detectors ID explains one");
        }
        for group in order {
            push_wrapped(&mut text, group, &groups[group]);
        }
        text
    }

    /// Every step of one decision. Writing to a string cannot fail.
    fn attempt(&self, attempt: &Attempt, outcome: Outcome, paint: Paint) -> String {
        let detector = self.detector(attempt);
        let points = &attempt.points;
        let mut text =
            format!("{}  {}\n", paint.bold(&detector.info.id), visible(detector.info.label.as_bytes()));
        let mut step = |name: &str, worth: &str, what: &str| {
            let _ = writeln!(text, "  {name:<12} {worth:>6}  {}", visible(what.as_bytes()));
        };
        let signed = |points: i32| if points == 0 { String::new() } else { format!("{points:+}") };
        let (by, what) = match &attempt.found_by {
            FoundBy::Shape(pattern) => ("shape", pattern.clone()),
            FoundBy::AtSign => ("anchor", "around an @".to_owned()),
            FoundBy::List(list) => ("list", format!("a word of {list}")),
            FoundBy::Label => ("label", "a value behind a label".to_owned()),
        };
        step(by, &format!("{:+}", points.base), &what);
        if let Some(joined) = attempt.joined {
            step("stands", "failed", &described(joined));
        }
        for (rule, holds) in detector.rules.iter().zip(&attempt.rules) {
            step("rule", if *holds { "holds" } else { "failed" }, &describe::rule(rule));
        }
        if points.structure != 0 && !attempt.rules.contains(&false) {
            step("structure", &signed(points.structure), "no rule fails");
        }
        match (&detector.checksum, attempt.checksum) {
            (Some(checksum), Some(true)) => {
                step("check digit", &format!("{:+}", points.checksum), &describe::checksum(checksum));
            }
            (Some(_), None) => step("check digit", "", "the value has none, as it may"),
            (Some(checksum), Some(false)) => step("check digit", "failed", &describe::checksum(checksum)),
            (None, _) => (),
        }
        if attempt.is_ignored {
            step("test value", "failed", "a value that is never reported");
        }
        match &attempt.context {
            Some(heard) => step("context", &signed(points.context), &near(heard)),
            None if attempt.person => {
                step("person", &signed(points.context), "a name or an e-mail address right beside it");
            }
            None if attempt.called => {
                let told = "it stands behind a sign, in a signature, a list or a record of one who is named";
                step("place", &signed(points.context), told);
            }
            None if attempt.domestic => {
                let told = "a telephone number as it is dialled in the country of the source";
                step("country", &signed(points.context), told);
            }
            None if attempt.lacks_word => step("context", "failed", "no word near it, and it needs one"),
            None => step("context", "", "no word near it"),
        }
        if let Some(heard) = &attempt.header {
            step("header", &signed(points.header), &near(heard));
        }
        if let Some(heard) = &attempt.against {
            step("against", &signed(-points.against), &near(heard));
        }
        if let Some(heard) = &attempt.outweighed {
            step("against", "", &format!("{}, outweighed by what speaks for it", near(heard)));
        }
        if let Some(limit) = points.limit {
            step("example", "", &format!("a published one, worth {limit} at most"));
        }
        let threshold = format!("reported from {} on", self.threshold.thousandths());
        let worth = attempt.confidence();
        let sum = worth.thousandths().to_string();
        let decided = self.found.iter().find(|won| won.is_of(attempt));
        match decided.map(|won| won.confidence).filter(|confidence| *confidence != worth) {
            Some(confidence) => {
                step("sum", &sum, "by itself");
                step(
                    "column",
                    &confidence.thousandths().to_string(),
                    &format!("what its column makes of it; {threshold}"),
                );
            }
            None if attempt.is_accepted() => step("sum", &sum, &format!("of 1000; {threshold}")),
            None => step("sum", &sum, &format!("of 1000, if nothing had failed; {threshold}")),
        }
        step("verdict", "", &self.verdict_on(attempt, outcome));
        for (change, confidence) in attempt.changes(detector) {
            if self.matters(outcome, change) {
                step(
                    "would be",
                    &confidence.thousandths().to_string(),
                    &self.changed(attempt, detector, change, confidence),
                );
            }
        }
        text
    }

    /// What was read word by word, or what would have been: its words, what they are worth together and what would change it.
    pub(super) fn sequence(
        &self,
        detector: DetectorId,
        confidence: Confidence,
        words: &Words,
        changes: &[Instead],
        paint: Paint,
    ) -> String {
        let info = self.classifier.catalog().detector(detector);
        let mut text = format!("{}  {}\n", paint.bold(&info.id), visible(info.label.as_bytes()));
        let mut step = |name: &str, worth: &str, what: &str| {
            let _ = writeln!(text, "  {name:<12} {worth:>6}  {}", visible(what.as_bytes()));
        };
        for word in words.told() {
            let is = if word.is.is_empty() { "in no list".to_owned() } else { word.is.join(", ") };
            let shown = word.shown.as_ref().map(|shown| format!("{shown:?}: "));
            step(word.side, "", &(shown.unwrap_or_default() + &is));
        }
        let is_numbered =
            words.told().first().is_some_and(|word| word.side == "before" && word.is == ["number"]);
        let verdict_of = |confidence| match confidence {
            Confidence::ZERO if is_numbered => "no value: a number stands right before it",
            Confidence::ZERO => "no value: its words do not follow each other as those of one do",
            _ if confidence >= self.threshold => "reported",
            _ => "not reported: too unsure",
        };
        let worth = |confidence: Confidence| confidence.thousandths().to_string();
        let threshold = self.threshold.thousandths();
        step(
            "sum",
            &worth(confidence),
            &format!("of 1000, of its words together; reported from {threshold} on"),
        );
        step("verdict", "", verdict_of(confidence));
        for Instead { what, confidence } in changes {
            let verdict = if *confidence >= self.threshold { "reported" } else { "not reported" };
            step("would be", &worth(*confidence), &format!("{what}: {verdict}"));
        }
        text
    }

    fn verdict_on(&self, attempt: &Attempt, outcome: Outcome) -> String {
        match outcome {
            Outcome::Reported => "reported".to_owned(),
            Outcome::Below => "not reported: too unsure; only a token is kept".to_owned(),
            Outcome::Loses(id) => {
                let winner = &self.classifier.catalog().detector(id).id;
                let surer = self.found.iter().find(|won| won.detector == id).map(|won| won.confidence);
                match surer.filter(|surer| *surer == attempt.confidence()) {
                    Some(_) => {
                        format!("an alternative: {winner} is as sure, and explains more or comes first")
                    }
                    None => format!("an alternative: {winner} is surer"),
                }
            }
            Outcome::NeedsWord => "not reported: the value alone proves nothing".to_owned(),
            Outcome::Checksum => "no such value: the check digit is wrong".to_owned(),
            Outcome::Rule => "no such value: a rule fails".to_owned(),
            Outcome::Ignored => "not reported: it is known to be no real value".to_owned(),
            Outcome::Joined => "no value of its own".to_owned(),
        }
    }

    /// Whether a change says something about this verdict: what would raise what is not reported, and lower what is.
    fn matters(&self, outcome: Outcome, change: Change) -> bool {
        let raises = match change {
            Change::WithContext | Change::WithHeader | Change::WithoutAgainst | Change::NoExample => true,
            Change::WithoutContext | Change::WithoutHeader | Change::WithAgainst => false,
        };
        match outcome {
            Outcome::Reported => !raises,
            Outcome::Below | Outcome::NeedsWord | Outcome::Loses(_) => raises,
            Outcome::Checksum | Outcome::Rule | Outcome::Ignored | Outcome::Joined => false,
        }
    }

    fn changed(
        &self,
        attempt: &Attempt,
        detector: &Detector,
        change: Change,
        confidence: Confidence,
    ) -> String {
        let word =
            |heard: &Option<Heard>| heard.as_ref().map_or_else(String::new, |h| format!("{:?}", h.word));
        let such = |words: &[String]| {
            telling(detector, words).map_or_else(String::new, |word| format!(" such as {word:?}"))
        };
        let what = match change {
            Change::WithContext => {
                format!("with a context word{} within {NEAR} bytes", such(&detector.context))
            }
            Change::WithHeader => {
                let words = if detector.context.is_empty() { &detector.header } else { &detector.context };
                format!("in a column with a header{}", such(words))
            }
            Change::WithoutAgainst => format!("without {}", word(&attempt.against)),
            Change::NoExample => "if it were no published example".to_owned(),
            Change::WithoutContext if attempt.context.is_none() => "without what it stands beside".to_owned(),
            Change::WithoutContext => format!("without {}", word(&attempt.context)),
            Change::WithoutHeader => format!("without the header {}", word(&attempt.header)),
            Change::WithAgainst => format!("with a word against it{} near it", such(&detector.against)),
        };
        let added = i32::from(confidence.thousandths()) - i32::from(attempt.confidence().thousandths());
        let verdict = if confidence >= self.threshold { "reported" } else { "not reported" };
        format!("{what} ({added:+}): {verdict}")
    }

    fn detector(&self, attempt: &Attempt) -> &Detector {
        self.classifier.detector(attempt.detector)
    }

    /// What a header says, and what the lines are as its column.
    pub(super) fn column(
        &self,
        header: &str,
        column: &ColumnContext,
        verdict: Option<&Verdict>,
        paint: Paint,
    ) -> String {
        let mut text = match verdict {
            Some(verdict) => self.verdict(header, &told(verdict), paint),
            None => format!(
                "column {}\n  no verdict: no detector is sure of these values\n",
                paint.bold(&visible(header.as_bytes()))
            ),
        };
        let said = self.classifier.header_says(column);
        for (head, wanted) in [("speaks for", true), ("against", false)] {
            let ids = said.iter().filter(|said| said.speaks_for == wanted);
            let ids: Vec<_> = ids
                .map(|said| {
                    format!("{} ({})", self.classifier.catalog().detector(said.detector).id, said.word)
                })
                .collect();
            if !ids.is_empty() {
                push_wrapped(&mut text, head, &ids);
            }
        }
        text + "\n"
    }

    /// The verdict on a column, and what each part of its evidence is worth.
    pub(super) fn verdict(&self, path: &str, verdict: &ColumnVerdict, paint: Paint) -> String {
        let ColumnVerdict { detector, confidence, matches, values, evidence, points } = verdict;
        let catalog = self.classifier.catalog();
        let info = catalog.detector(*detector);
        let evidence: Vec<_> = evidence.iter().map(|&fact| catalog.fact_name(fact)).collect();
        let mut text = format!("column {}\n", paint.bold(&visible(path.as_bytes())));
        let _ = writeln!(text, "  {:<12} {}  {}", "verdict", paint.bold(&info.id), info.label);
        let _ = writeln!(text, "  {:<12} {matches} of {values}", "matches");
        let _ = writeln!(text, "  {:<12} {}", "evidence", visible(evidence.join(", ").as_bytes()));
        for (name, worth, what) in steps(points).into_iter().filter(|step| step.1 != 0) {
            let _ = writeln!(text, "  {name:<12} {worth:>+6}  {what}");
        }
        let _ = writeln!(text, "  {:<12} {:>6}  of 1000", "sum", confidence.thousandths());
        text
    }

    /// The line of a column.
    pub(super) fn column_line(
        &self,
        path: &str,
        column: Option<&ColumnContext>,
        verdict: Option<&ColumnVerdict>,
    ) -> Map<String, Value> {
        let catalog = self.classifier.catalog();
        let facts = |verdict: &ColumnVerdict| -> Vec<_> {
            verdict.evidence.iter().map(|&fact| catalog.fact_name(fact)).collect()
        };
        let points = |verdict: &ColumnVerdict| -> Map<String, Value> {
            steps(&verdict.points)
                .map(|(name, worth, _)| (name.replace(' ', "_"), worth.into()))
                .into_iter()
                .collect()
        };
        let said = column.map(|column| self.classifier.header_says(column)).unwrap_or_default();
        let said = |wanted: bool| -> Vec<_> {
            let of = said.iter().filter(|said| said.speaks_for == wanted);
            of.map(|said| json!({ "detector": catalog.detector(said.detector).id, "word": said.word }))
                .collect()
        };
        let line = json!({
            "column": path,
            "detector": verdict.map(|verdict| &catalog.detector(verdict.detector).id),
            "outcome": if verdict.is_some() { "column_verdict" } else { "no_verdict" },
            "confidence": verdict.map(|verdict| verdict.confidence.as_f64()),
            "matches": verdict.map(|verdict| verdict.matches),
            "values": verdict.map(|verdict| verdict.values),
            "evidence": verdict.map(facts),
            "points": verdict.map(points),
            "header_speaks_for": said(true),
            "header_speaks_against": said(false),
        });
        object(line)
    }

    /// A line for each find whose steps are not replayed, with its words.
    fn lines_of_unexplained(&self, words: impl Fn(&Won) -> Words) -> Vec<Map<String, Value>> {
        let line = |won: &Won| {
            let detector = self.classifier.detector(won.detector);
            let found_by = match (&detector.find, &detector.beside) {
                (Find::Sequence(Sequence::Person(_)), _) => json!({ "sequence": "person" }),
                (Find::Sequence(Sequence::Address(_)), _) => json!({ "sequence": "address" }),
                (_, Some(Beside::Attribute(_))) if won.evidence == ["word_list"] => {
                    json!({ "sequence": "attribute" })
                }
                (_, Some(Beside::Ascribed(_))) if won.evidence == ["word_list"] => {
                    json!({ "sequence": "ascribed" })
                }
                (_, Some(Beside::Age(_))) => json!({ "sequence": "age" }),
                _ => json!({ "column": true }),
            };
            object(json!({
                "detector": detector.info.id,
                "byte_start": won.place.start,
                "byte_end": won.place.end,
                "outcome": self.outcome_of(won).name(),
                "confidence": won.confidence.as_f64(),
                "threshold": self.threshold.as_f64(),
                "found_by": found_by,
                "evidence": won.evidence,
                "words": words(won).json(),
            }))
        };
        self.unexplained().map(line).collect()
    }

    /// Lines of JSON: those of columns, of finds whose steps are not replayed, and of each attempt in order of place. Each begins
    /// with `first`. `words` are those of a find.
    pub(super) fn lines(
        &self,
        first: &Map<String, Value>,
        columns: Vec<Map<String, Value>>,
        words: impl Fn(&Won) -> Words,
    ) -> String {
        let attempts = self.attempts.iter().map(|attempt| object(self.json(attempt)));
        let mut text = String::new();
        for own in columns.into_iter().chain(self.lines_of_unexplained(words)).chain(attempts) {
            let mut line = first.clone();
            line.extend(own);
            let _ = writeln!(text, "{}", Value::Object(line));
        }
        text
    }

    fn json(&self, attempt: &Attempt) -> Value {
        let detector = self.detector(attempt);
        let outcome = self.outcome(attempt);
        let points = &attempt.points;
        let heard = |heard: &Option<Heard>| {
            heard.as_ref().map(|heard| json!({ "word": heard.word, "distance": heard.distance }))
        };
        let rules = detector.rules.iter().zip(&attempt.rules);
        let rules: Vec<_> =
            rules.map(|(rule, holds)| json!({ "rule": describe::rule(rule), "holds": holds })).collect();
        let checksum = detector
            .checksum
            .as_ref()
            .map(|checksum| json!({ "checksum": describe::checksum(checksum), "holds": attempt.checksum }));
        let changes: Vec<_> = { attempt.changes(detector).into_iter() }
            .map(|(change, confidence)| {
                json!({
                    "change": self.changed(attempt, detector, change, confidence),
                    "confidence": confidence.as_f64(),
                    "reported": confidence >= self.threshold,
                })
            })
            .collect();
        let decided = self.found.iter().find(|won| won.is_of(attempt));
        let confidence = decided.map_or(attempt.confidence(), |won| won.confidence);
        let loses_to = match outcome {
            Outcome::Loses(id) => Some(&self.classifier.catalog().detector(id).id),
            _ => None,
        };
        json!({
            "detector": detector.info.id,
            "byte_start": attempt.place.start,
            "byte_end": attempt.place.end,
            "outcome": outcome.name(),
            "loses_to": loses_to,
            "confidence": confidence.as_f64(),
            "threshold": self.threshold.as_f64(),
            "found_by": match &attempt.found_by {
                FoundBy::Shape(pattern) => json!({ "shape": pattern }),
                FoundBy::AtSign => json!({ "anchor": "@" }),
                FoundBy::List(list) => json!({ "list": list }),
                FoundBy::Label => {
                    json!({ "label": attempt.context.as_ref().map(|heard| &heard.word) })
                }
            },
            "part_of_longer": attempt.joined.map(described),
            "rules": rules,
            "checksum": checksum,
            "is_example": attempt.is_example,
            "context": heard(&attempt.context),
            "person": attempt.person,
            "place": attempt.called,
            "source_country": attempt.domestic,
            "header": heard(&attempt.header),
            "against": heard(&attempt.against),
            "outweighed": heard(&attempt.outweighed),
            "points": {
                "base": points.base, "structure": points.structure, "checksum": points.checksum,
                "context": points.context, "header": points.header, "against": -points.against,
                "limit": points.limit,
            },
            "changes": changes,
        })
    }
}

/// The parts of a column's confidence.
fn steps(points: &ColumnPoints) -> [(&'static str, i32, &'static str); 7] {
    [
        ("own", points.values, "what the values are worth by themselves"),
        ("header", points.header, "the header names them"),
        ("share", points.share, "nearly all values match"),
        ("check digit", points.checksum, "it holds too often for chance"),
        ("list", points.list, "enough of the values are listed words"),
        ("people", points.people, "other columns say that the table holds people"),
        ("against", -points.against, "the header speaks against it"),
    ]
}

/// A verdict as the inventory is told of it.
pub(super) fn told(verdict: &Verdict) -> ColumnVerdict {
    let Verdict { detector, confidence, matches, values, evidence, points } = verdict.clone();
    ColumnVerdict { detector, confidence, matches, values, evidence, points }
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(object) => object,
        _ => Map::new(),
    }
}

/// A word to show as an example: the longest that stands in the name of the detector, which people know.
fn telling<'a>(detector: &Detector, words: &'a [String]) -> Option<&'a String> {
    let label = detector.info.label.to_lowercase();
    let id = detector.info.id.rsplit('.').next();
    let own = |word: &&String| id == Some(word.as_str()) || label.contains(word.as_str());
    words.iter().filter(own).max_by_key(|word| word.len()).or(words.first())
}

fn described(joined: Joined) -> String {
    match joined {
        Joined::WordBefore => "a letter or digit stands right before it".to_owned(),
        Joined::WordBehind => "a letter or digit stands right behind it".to_owned(),
        Joined::Before(joiner) => format!("{:?} ties it to what stands before it", char::from(joiner)),
        Joined::Behind(joiner) => format!("{:?} ties it to what stands behind it", char::from(joiner)),
        Joined::Row => {
            "groups of digits like its own stand beside it: it is a part of a longer row".to_owned()
        }
    }
}

fn near(heard: &Heard) -> String {
    match heard.distance {
        None => format!("{:?} in the header", heard.word),
        Some(distance) if distance > NEAR => {
            format!("{:?}, {distance} bytes away: beyond {NEAR}, so it counts by half", heard.word)
        }
        Some(distance) => format!("{:?}, {} away", heard.word, counted(distance as u64, "byte", "bytes")),
    }
}

/// Ids behind a name, on as many lines as they take.
fn push_wrapped(text: &mut String, name: &str, ids: &[String]) {
    let mut line = format!("  {name:<12}");
    for (i, id) in ids.iter().enumerate() {
        let comma = if i + 1 < ids.len() { "," } else { "" };
        if line.len() + 1 + id.len() + comma.len() > WIDTH && line.len() > 14 {
            let _ = writeln!(text, "{}", line.trim_end());
            line = format!("  {:<12}", "");
        }
        let _ = write!(line, " {id}{comma}");
    }
    let _ = writeln!(text, "{line}");
}
