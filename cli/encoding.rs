//! `--encoding`: what no file says of itself.

use clap::Args;
use domesday_formats::SourceEncoding;

const HELP: &str = "\
Read texts in this encoding, for instance ibm1047 for files of a mainframe, ibm850 for those of DOS, or shift_jis, instead of finding it out.
A byte order mark is believed first. Where ASCII means something else in the encoding, as in EBCDIC, texts that are ASCII
are read as such, so that a share may hold both.";

/// The encoding of texts.
#[derive(Args)]
pub(crate) struct EncodingArg {
    /// Read texts in this encoding instead of finding it out, for instance ibm1047 (EBCDIC)
    #[arg(long = "encoding", value_name = "NAME", value_parser = parse, long_help = HELP)]
    pub(crate) encoding: Option<SourceEncoding>,
}

fn parse(name: &str) -> Result<SourceEncoding, String> {
    SourceEncoding::named(name)
        .ok_or_else(|| format!("no encoding has this name; known are {}", SourceEncoding::names().join(", ")))
}
