//! Going through groups of findings on a terminal: a line is asked for each, and every answer is kept before the next one.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Write;
use std::io::{self, BufRead};
use std::path::Path;

use domesday_classifiers::Classifier;
use domesday_inventory::{Inventory, Reviewable, Reviews, reviews};
use domesday_model::{FindingId, Review, Timestamp, Verdict};

use super::ReviewArgs;
use super::groups::{Common, EXAMPLES, Group};
use crate::choice::DetectorChoice;
use crate::output::{Output, Paint, note, report};
use crate::show;
use crate::units;
use crate::visible::visible;

const QUESTION: &str = "[c]onfirm [r]eject [a]ccept  [s]how [o]ne by one  [n]ext [u]ndo [q]uit [?] > ";
const HELP: &str = "\
  c  confirm: they are what the detector says, and count as before
  r  reject: they are not; they count in no sum any more
  a  accept: they are, and may be there; they count in no sum any more
  s  show what stands at the first place, masked
  o  ask for each finding of the group by itself
  n  leave it for later
  u  take back the last answer
  q  end; every answer so far is kept
";

/// Characters around a value that is shown.
const AROUND: u64 = 60;

struct Session<'a> {
    args: &'a ReviewArgs,
    dir: &'a Path,
    output: &'a Output,
    paint: Paint,
    by: String,
    waiting: VecDeque<Group>,
    /// Groups so far.
    seen: usize,
    /// The last answer: its group, and what was said of its findings before.
    last: Option<(Group, Vec<Review>)>,
    /// What the last reason was: often the next one too.
    reason: String,
    said: BTreeMap<Verdict, u64>,
    /// Compiled when something is to be shown.
    classifier: Option<Classifier>,
}

enum Answer {
    Judge(Verdict),
    Show,
    Split,
    Next,
    Undo,
    Quit,
    Help,
}

impl Answer {
    fn of(line: &str) -> Self {
        match line.trim().to_lowercase().as_str() {
            "c" | "confirm" => Self::Judge(Verdict::Confirmed),
            "r" | "reject" => Self::Judge(Verdict::Rejected),
            "a" | "accept" => Self::Judge(Verdict::Accepted),
            "s" | "show" => Self::Show,
            "o" | "one by one" => Self::Split,
            "n" | "next" => Self::Next,
            "u" | "undo" => Self::Undo,
            "q" | "quit" => Self::Quit,
            _ => Self::Help,
        }
    }
}

/// Asks for each group.
pub(super) fn run(
    args: &ReviewArgs,
    dir: &Path,
    groups: Vec<Group>,
    output: &Output,
    paint: Paint,
) -> anyhow::Result<()> {
    let by = args.judge()?;
    let mut session = Session {
        args,
        dir,
        output,
        paint,
        by,
        waiting: groups.into(),
        seen: 0,
        last: None,
        reason: String::new(),
        said: BTreeMap::new(),
        classifier: None,
    };
    while let Some(group) = session.waiting.pop_front() {
        session.seen += 1;
        if !session.ask(group)? {
            break;
        }
    }
    session.finish()
}

impl Session<'_> {
    /// Asks for one group until it is done; false when the session is to end.
    fn ask(&mut self, group: Group) -> anyhow::Result<bool> {
        self.output.write(self.describe(&group).as_bytes())?;
        loop {
            let Some(line) = self.line(QUESTION)? else { return Ok(self.leave(group)) };
            match Answer::of(&line) {
                Answer::Judge(verdict) => {
                    let Some(reason) = self.reason_of(verdict)? else { continue };
                    if self.judge(&group, verdict, reason) {
                        return Ok(true);
                    }
                }
                Answer::Show => self.show(&group)?,
                Answer::Split if group.findings.len() > 1 => {
                    self.split(&group)?;
                    self.seen -= 1;
                    return Ok(true);
                }
                Answer::Split => note("  it is one finding"),
                Answer::Next => return Ok(true),
                Answer::Undo => {
                    if let Some((before, earlier)) = self.last.take() {
                        self.take_back(&before, earlier)?;
                        self.waiting.push_front(group);
                        self.waiting.push_front(before);
                        self.seen = self.seen.saturating_sub(2);
                        return Ok(true);
                    }
                    note("  there is nothing to take back");
                }
                Answer::Quit => return Ok(self.leave(group)),
                Answer::Help => self.output.write(HELP.as_bytes())?,
            }
        }
    }

    fn leave(&mut self, group: Group) -> bool {
        self.waiting.push_front(group);
        false
    }

    /// A line of the terminal; `None` at its end.
    fn line(&self, question: &str) -> anyhow::Result<Option<String>> {
        self.output.write(question.as_bytes())?;
        let mut line = String::new();
        let read = io::stdin().lock().read_line(&mut line)?;
        if read == 0 {
            self.output.write(b"\n")?;
        }
        Ok((read > 0).then_some(line))
    }

    /// Why; `None` when nothing was said and something must be.
    fn reason_of(&mut self, verdict: Verdict) -> anyhow::Result<Option<String>> {
        if !verdict.hides() {
            return Ok(Some(String::new()));
        }
        let question = match self.reason.as_str() {
            "" => "  why? > ".to_owned(),
            last => format!("  why? [{}] > ", visible(last.as_bytes())),
        };
        let line = self.line(&question)?.unwrap_or_default();
        if !line.trim().is_empty() {
            line.trim().clone_into(&mut self.reason);
        }
        if self.reason.is_empty() {
            note("  a verdict that takes findings out of all sums has a reason; nothing was kept");
            return Ok(None);
        }
        Ok(Some(self.reason.clone()))
    }

    /// Keeps a verdict; false, and people know why, when that fails: they can try again.
    fn judge(&mut self, group: &Group, verdict: Verdict, reason: String) -> bool {
        let (by, at) = (&self.by, Timestamp::now());
        let review = |&finding_id: &FindingId| {
            let (reason, by) = (reason.clone(), by.clone());
            Review { finding_id, verdict, reason, by, at }
        };
        let given: Vec<_> = group.findings.iter().map(review).collect();
        let earlier = self.earlier(&group.findings);
        let kept = earlier.and_then(|earlier| {
            Inventory::open_for_reviews(self.dir)?.add_reviews(&given)?;
            Ok(earlier)
        });
        match kept {
            Ok(earlier) => {
                *self.said.entry(verdict).or_default() += given.len() as u64;
                self.last = Some((group.clone(), earlier));
                true
            }
            Err(error) => {
                report(&error);
                false
            }
        }
    }

    fn earlier(&self, findings: &[FindingId]) -> anyhow::Result<Vec<Review>> {
        let known: Reviews = reviews(self.dir)?;
        Ok(findings.iter().filter_map(|&id| known.get(id).cloned()).collect())
    }

    /// Says again what was said before of the findings of a group, or that nothing was.
    fn take_back(&mut self, group: &Group, earlier: Vec<Review>) -> anyhow::Result<()> {
        let at = Timestamp::now();
        let mut again: Vec<Review> = earlier.into_iter().map(|review| Review { at, ..review }).collect();
        for &finding_id in &group.findings {
            if !again.iter().any(|review| review.finding_id == finding_id) {
                let (reason, by) = (String::new(), self.by.clone());
                again.push(Review { finding_id, verdict: Verdict::Withdrawn, reason, by, at });
            }
        }
        let inventory = Inventory::open_for_reviews(self.dir)?;
        let known = inventory.reviews()?;
        for review in group.findings.iter().filter_map(|&id| known.get(id)) {
            if let Some(count) = self.said.get_mut(&review.verdict) {
                *count = count.saturating_sub(1);
            }
        }
        inventory.add_reviews(&again)?;
        Ok(())
    }

    /// Makes a group of each finding of a group, and looks at them next.
    fn split(&mut self, group: &Group) -> anyhow::Result<()> {
        let args = self.args;
        let is_of = |finding: &Reviewable| args.wants(finding) && Common::of(finding) == group.common;
        let mut each = Vec::new();
        domesday_inventory::worklist(self.dir, |finding| {
            if is_of(&finding) {
                each.push(finding);
            }
        })?;
        each.sort_by(|a, b| (&a.path, &a.member).cmp(&(&b.path, &b.member)));
        for finding in each.into_iter().rev() {
            self.waiting.push_front(Group::one(finding));
        }
        Ok(())
    }

    /// What stands at the first place of the finding with the most values.
    fn show(&mut self, group: &Group) -> anyhow::Result<()> {
        let Some(first) = group.examples.first() else { return Ok(()) };
        if self.classifier.is_none() {
            self.classifier = Some(Classifier::new(&DetectorChoice::default().load()?)?);
        }
        let Some(classifier) = &self.classifier else { return Ok(()) };
        let shown = show::of_finding(self.dir, first.finding_id).and_then(|place| {
            let classifier = &classifier.at_home_in(place.country.as_deref());
            let reading = show::read(classifier, &place, None, AROUND)?;
            Ok(show::draw(&place, classifier, &reading, (false, AROUND), self.paint))
        });
        match shown {
            Ok(text) => self.output.write(text.as_bytes())?,
            // It may lie in a source that is not there now; the verdict can do without.
            Err(error) => report(&error),
        }
        Ok(())
    }

    /// A group for people. Writing to a string cannot fail.
    fn describe(&self, group: &Group) -> String {
        let (paint, all) = (self.paint, self.seen + self.waiting.len());
        let count = group.findings.len() as u64;
        let mut text = format!(
            "\n{}  {}  {}  ({} of {all})\n",
            paint.bold(&visible(group.label.as_bytes())),
            visible(group.common.detector.as_bytes()),
            group.sensitivity.name(),
            self.seen
        );
        let mut line = |name: &str, value: &str| {
            if !value.is_empty() {
                let _ = writeln!(text, "  {name:<12} {value}");
            }
        };
        line("category", &visible(group.category.as_bytes()));
        line(
            "where",
            &format!(
                "{}, {} in {}, readable by {}",
                group.common.place.shown(),
                units::counted(count, "finding", "findings"),
                visible(group.common.source.as_bytes()),
                group.exposure.name()
            ),
        );
        line("values", &units::count(group.occurrences));
        let (least, most) = group.confidence;
        let range = format!("{least:.2} to {most:.2}");
        line("confidence", if least < most { &range } else { &range[..4] });
        line("evidence", &visible(group.evidence.join(", ").as_bytes()));
        line("alternatives", &visible(group.alternatives.join(", ").as_bytes()));
        for finding in &group.examples {
            let member =
                finding.member.as_ref().map_or_else(String::new, |m| format!(" » {}", visible(m.as_bytes())));
            let said =
                finding.review.as_ref().map_or_else(String::new, |r| format!("  {}", r.verdict.name()));
            let _ = writeln!(
                text,
                "    {}{member}  {}  {:.2}  {}{said}",
                visible(finding.path.as_bytes()),
                units::counted(finding.occurrences, "value", "values"),
                finding.confidence,
                paint.bold(&visible(finding.masked_sample.as_bytes())),
            );
        }
        if count > EXAMPLES as u64 {
            let _ = writeln!(text, "    … and {} more", units::count(count - EXAMPLES as u64));
        }
        text
    }

    fn finish(&self) -> anyhow::Result<()> {
        let said = self.said.iter().filter(|&(_, &count)| count > 0);
        let said = said.map(|(verdict, &count)| format!("{} {}", units::count(count), verdict.name()));
        let said = said.collect::<Vec<_>>().join(", ");
        let left = units::counted(self.waiting.len() as u64, "group is", "groups are");
        let said = if said.is_empty() { "nothing was judged".to_owned() } else { said };
        self.output.write(format!("\nFindings: {said}; {left} left.\n").as_bytes())?;
        Ok(())
    }
}
