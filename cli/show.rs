//! `domesday show`: from a finding or a place back to what stands there.
//!
//! The object is classified anew, so that every value around the place is masked too, whatever its confidence.

use std::ffi::OsString;
use std::fmt::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use anyhow::{Context, anyhow, bail};
use clap::Args;
use domesday_classifiers::Classifier;
use domesday_connectors::{Files, Source};
use domesday_formats::SourceEncoding;
use domesday_inventory::FindingRow;
use domesday_model::{FindingId, PlaceUnit, Span};
use domesday_scanner::{FetchError, Fetched, MOST_FETCHED, fetch};

use crate::choice::DetectorChoice;
use crate::config::InventoryArg;
use crate::encoding::EncodingArg;
use crate::exit::Exit;
use crate::output::{Output, Paint};
use crate::surroundings::{Near, Surroundings, decode};
use crate::units;
use crate::visible::visible;

const EXAMPLES: &str = "\
Examples:
  domesday show 9f0c2d1e-8a77-8b1c-9e55-0123456789ab --inventory inv
  domesday show 'share/hr/people.csv@120..141' --reveal
  domesday show 'hr/people.csv@120..141' --inventory inv --reveal --bytes | xxd";

/// What `domesday show --help` begins with.
pub(crate) const ABOUT: &str = "\
Show what stands at a place: what is known of it, and the line around it.

The value is masked unless --reveal. So is every other value in the line that a detector accepts, whatever its \
confidence, and every digit. Words that no detector recognises where they stand, a bare name for instance, are shown.";

/// Bytes beyond what is shown, so that a value is seen whole before it is cut off. UTF-16 has two a character.
const MARGIN: u64 = 512;

/// Arguments of `domesday show`.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct ShowArgs {
    /// Id of a finding, or PATH@START..END with a path on disk or below a source of the inventory
    #[arg(value_name = "FINDING_ID|PLACE")]
    place: OsString,
    #[command(flatten)]
    inventory: InventoryArg,
    #[command(flatten)]
    choice: DetectorChoice,
    #[command(flatten)]
    encoding: EncodingArg,
    /// Show the value itself
    #[arg(long)]
    reveal: bool,
    /// With --reveal: nothing but the value's exact bytes
    #[arg(long, requires = "reveal")]
    bytes: bool,
    /// Characters to show on either side
    #[arg(long, value_name = "N", default_value = "60", value_parser = clap::value_parser!(u64).range(0..=4096))]
    context: u64,
}

/// An object and the range that is asked for.
pub(crate) struct Place {
    pub(crate) source: Files,
    /// Country of the source.
    pub(crate) country: Option<String>,
    pub(crate) path: Vec<u8>,
    pub(crate) span: Span,
    /// What the span counts.
    pub(crate) unit: PlaceUnit,
    pub(crate) finding: Option<FindingRow>,
}

/// What stands at a place, read again.
pub(crate) struct Reading {
    fetched: Fetched,
    pub(crate) near: Near,
    /// The encoding that the object was read in, where it had to be told.
    pub(crate) encoding: Option<SourceEncoding>,
}

pub(crate) fn run(args: &ShowArgs, output: &Output, paint: Paint) -> anyhow::Result<Exit> {
    let place = match args.place.to_str().and_then(FindingId::parse) {
        Some(id) => of_finding(&args.inventory.require()?, id)?,
        None => of_place(args)?,
    };
    if args.bytes {
        output.write(&fetch_at(&place, 0)?.value)?;
        return Ok(Exit::Done);
    }
    let classifier = Classifier::new(&args.choice.load()?)?.at_home_in(place.country.as_deref());
    let reading = read(&classifier, &place, args.encoding.encoding, args.context)?;
    let text = describe(&place, &reading.near)
        + "\n"
        + &draw(&place, &classifier, &reading, (args.reveal, args.context), paint);
    output.write(text.as_bytes())?;
    Ok(Exit::Done)
}

/// The bytes at a place and around it, unless the object changed since the finding was made.
fn fetch_at(place: &Place, around: u64) -> anyhow::Result<Fetched> {
    let shown = visible(&place.path);
    let fetched = match place.unit {
        PlaceUnit::Path => of_path(place),
        _ => fetch(&place.source, &place.path, place.span, around),
    };
    let version = place.finding.as_ref().map_or(0, |finding| finding.object_version);
    let has_changed = match &fetched {
        Ok(fetched) => version != 0 && fetched.meta.version != version,
        Err(error) => place.finding.is_some() && matches!(error, FetchError::BehindEnd { .. }),
    };
    if has_changed {
        bail!("{shown} has changed since it was scanned: scan it again");
    }
    fetched.with_context(|| format!("{shown} cannot be shown"))
}

/// The same of a place in the path itself.
fn of_path(place: &Place) -> Result<Fetched, FetchError> {
    let (path, Span { start, end }) = (&place.path, place.span);
    let meta = place.source.open(path)?.meta;
    let size = path.len() as u64;
    if end > size {
        return Err(FetchError::BehindEnd { size });
    }
    let (before, rest) = path.split_at(start as usize);
    let (value, after) = rest.split_at((end - start) as usize);
    Ok(Fetched { meta, before: before.to_vec(), value: value.to_vec(), after: after.to_vec() })
}

/// Reads the place and `context` characters around it, and classifies the object anew.
pub(crate) fn read(
    classifier: &Classifier,
    place: &Place,
    told: Option<SourceEncoding>,
    context: u64,
) -> anyhow::Result<Reading> {
    let around = 2 * context + MARGIN;
    let fetched = fetch_at(place, around)?;
    let read = |encoding| {
        Near::of(classifier, (&place.source, &place.path), (place.unit, place.span, around), encoding)
            .with_context(|| format!("{} cannot be read", visible(&place.path)))
    };
    let (mut near, mut encoding) = (read(told)?, told);
    // A scan that was told the encoding read the object otherwise.
    let scanned = place.finding.as_ref().and_then(|finding| finding.encoding.as_deref());
    let differs = |name: &&str| place.unit != PlaceUnit::Path && near.encoding != Some(*name);
    if let (None, Some(name)) = (told, scanned.filter(differs)) {
        encoding = SourceEncoding::named(name);
        near = read(encoding)?;
    }
    Ok(Reading { fetched, near, encoding })
}

pub(crate) fn of_finding(inventory: &Path, id: FindingId) -> anyhow::Result<Place> {
    let finding = domesday_inventory::finding(inventory, id)?;
    let finding = finding.ok_or_else(|| {
        anyhow!("no finding of the current state has the id {id}: it may have ended with a later scan")
    })?;
    if finding.member.is_some() || finding.first_unit == PlaceUnit::Text {
        bail!("the finding lies inside of a container, which cannot be opened again yet");
    }
    let source = Files::new(Path::new(&finding.source_root), Some(&finding.source_name), &[])
        .context("the source is not there")?;
    let (path, span, unit) = (finding.path.clone(), finding.first_span, finding.first_unit);
    let country = finding.source_country.clone();
    Ok(Place { source, country, path, span, unit, finding: Some(finding) })
}

fn of_place(args: &ShowArgs) -> anyhow::Result<Place> {
    let (path, span) = parse_place(args.place.as_bytes()).ok_or_else(|| {
        anyhow!(
            "expected the id of a finding, or PATH@START..END with the start before the end, at most \
                 {MOST_FETCHED} bytes apart"
        )
    })?;
    let on_disk = PathBuf::from(OsString::from_vec(path.to_vec()));
    if on_disk.exists() {
        let real = on_disk.canonicalize().with_context(|| format!("{on_disk:?} cannot be opened"))?;
        let name = real.file_name().map(|name| name.as_bytes().to_vec()).unwrap_or_default();
        if real.is_dir() {
            bail!("{on_disk:?} is a directory: a place lies in a file");
        }
        let source = Files::new(&real, None, &[])?;
        let (country, path) = (None, name);
        return Ok(Place { source, country, path, span, unit: PlaceUnit::Bytes, finding: None });
    }
    let absent =
        || anyhow!("{on_disk:?} does not exist, and is no path of an object in a source of the inventory");
    let Some(inventory) = args.inventory.find()? else { return Err(absent()) };
    for known in domesday_inventory::summary(&inventory)?.sources {
        let Ok(source) = Files::new(Path::new(&known.root), Some(&known.name), &[]) else { continue };
        if source.open(path).is_ok() {
            let (country, path) = (known.country, path.to_vec());
            return Ok(Place { source, country, path, span, unit: PlaceUnit::Bytes, finding: None });
        }
    }
    Err(absent())
}

/// `PATH@START..END`; the path may itself hold an `@`.
fn parse_place(text: &[u8]) -> Option<(&[u8], Span)> {
    let at = text.iter().rposition(|&byte| byte == b'@')?;
    let (start, end) = std::str::from_utf8(&text[at + 1..]).ok()?.split_once("..")?;
    let span = Span { start: start.parse().ok()?, end: end.parse().ok()? };
    let fits = at > 0 && span.start < span.end && span.end - span.start <= MOST_FETCHED;
    fits.then_some((&text[..at], span))
}

/// What is known of the place, a line each. Writing to a string cannot fail.
pub(crate) fn describe(place: &Place, near: &Near) -> String {
    let mut text = String::new();
    let mut line = |name: &str, value: &str| {
        if !value.is_empty() {
            let _ = writeln!(text, "{name:<12}  {}", visible(value.as_bytes()));
        }
    };
    line("source", place.source.name());
    line("path", &visible(&place.path));
    if let Some(review) = place.finding.as_ref().and_then(|finding| finding.review.as_ref()) {
        let why = if review.reason.is_empty() { String::new() } else { format!(": {}", review.reason) };
        line(
            "review",
            &format!("{} by {}, {}{why}", review.verdict.name(), review.by, units::time(review.at)),
        );
    }
    // A verdict says so itself.
    let by_rule = |why: &&str| !why.starts_with("review: ");
    let suppressed = place.finding.as_ref().and_then(|finding| finding.suppressed_by.as_deref());
    line("suppressed", suppressed.filter(by_rule).unwrap_or(""));
    let of_path = if place.unit == PlaceUnit::Path { " of the path" } else { "" };
    let span = format!("{}..{}{of_path}", place.span.start, place.span.end);
    let Some(hit) = near.at(place.span) else {
        line("bytes", &span);
        if let Some(finding) = &place.finding {
            line("detector", &format!("{}  {}", finding.detector, finding.label));
            line("note", "the detectors of this command do not find it again");
        } else {
            line("detector", "none accepts what stands there");
        }
        return text;
    };
    line("column", hit.column_path.as_deref().unwrap_or(""));
    line("record", &hit.record.map_or_else(String::new, |record| record.to_string()));
    line("bytes", &span);
    line("detector", &format!("{}  {}", hit.detector, hit.label));
    line("confidence", &hit.confidence.to_string());
    line("evidence", &hit.evidence.join(", "));
    line("alternatives", &hit.alternatives.join(", "));
    if let Some(finding) = &place.finding
        && finding.occurrences > 1
    {
        line("occurrences", &format!("{}, this is the first", finding.occurrences));
    }
    text
}

/// The line around the place, every value in it masked, and a mark below.
pub(crate) fn draw(
    place: &Place,
    classifier: &Classifier,
    reading: &Reading,
    (reveal, context): (bool, u64),
    paint: Paint,
) -> String {
    let Reading { fetched, near, .. } = reading;
    let encoding = near.encoding(fetched, reading.encoding);
    let (span, context) = (place.span, context as usize);
    let around = Surroundings { classifier, near, encoding, fetched, span, context };
    let value = match (reveal, near.at(place.span), &place.finding) {
        (true, ..) => visible(decode(&fetched.value, encoding).as_bytes()),
        (false, Some(hit), _) => hit.mask.clone(),
        (false, None, Some(finding)) => visible(finding.masked_sample.as_bytes()),
        (false, None, None) => "•••".to_owned(),
    };
    let (before, after) = (around.before(), around.after());
    let indent = before.chars().count();
    let mark = "^".repeat(value.chars().count());
    format!("  {before}{}{after}\n  {:indent$}{mark}\n", paint.bold(&value), "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_from_their_end() {
        let place = |text: &str| {
            parse_place(text.as_bytes()).map(|(path, span)| (path.to_vec(), span.start, span.end))
        };
        assert_eq!(place("a@b.txt@3..9"), Some((b"a@b.txt".to_vec(), 3, 9)));
        for bad in ["a.txt", "a.txt@3", "a.txt@9..3", "@3..9", "a.txt@3..3", "a.txt@0..9999999", "a@-1..3"] {
            assert_eq!(place(bad), None, "{bad}");
        }
    }
}
