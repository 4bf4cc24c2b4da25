//! stdout is data, stderr is for people. Both may be closed while we write: a reader that has seen enough (`| head`)
//! is no error, and the work behind the output goes on.

use std::ffi::OsString;
use std::io::{self, IsTerminal, Write};
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

use crate::visible::visible_lines;

/// stdout, shared by all threads.
#[derive(Default)]
pub(crate) struct Output {
    closed: AtomicBool,
}

impl Output {
    /// Writes the bytes as one piece that no other thread's writing interrupts.
    pub(crate) fn write(&self, bytes: &[u8]) -> io::Result<()> {
        if self.closed.load(Relaxed) {
            return Ok(());
        }
        let mut stdout = io::stdout().lock();
        match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {
                self.closed.store(true, Relaxed);
                Ok(())
            }
            done => done,
        }
    }
}

/// Tells people something. Whoever closed stderr does not want to hear it.
pub(crate) fn note(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// Tells of an error. Its text may quote a path, so nothing in it reaches the terminal as a command.
pub(crate) fn report(error: &anyhow::Error) {
    note(&visible_lines(&format!("domesday: {}", message(error))));
}

/// The error and its causes; a cause that a message quotes already is not said again.
fn message(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if !text.contains(&cause) {
            text = if text.is_empty() { cause } else { text + ": " + &cause };
        }
    }
    text
}

/// When colours are used.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, clap::ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless NO_COLOR is set or TERM is dumb.
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// What the arguments of the program say before they are parsed: help and mistakes come in colours, too.
    pub(crate) fn of(arguments: impl Iterator<Item = OsString>) -> clap::ColorChoice {
        let mut arguments = arguments.take_while(|argument| argument != "--");
        let mut said = None;
        while let Some(argument) = arguments.next() {
            let argument = argument.to_string_lossy();
            said = match argument.strip_prefix("--color") {
                Some("") => arguments.next().map(|value| value.to_string_lossy().into_owned()),
                Some(value) => value.strip_prefix('=').map(str::to_owned).or(said),
                None => said,
            };
        }
        match said.as_deref() {
            Some("always") => clap::ColorChoice::Always,
            Some("never") => clap::ColorChoice::Never,
            _ => clap::ColorChoice::Auto,
        }
    }
}

/// Whether the environment wants no colours: a dumb terminal would show their codes.
fn unwanted(no_color: Option<OsString>, term: Option<OsString>) -> bool {
    no_color.is_some_and(|value| !value.is_empty()) || term.is_some_and(|value| value == "dumb")
}

/// Colours for one stream.
#[derive(Clone, Copy)]
pub(crate) struct Paint {
    on: bool,
}

impl Paint {
    pub(crate) fn stdout(color: Color) -> Self {
        Self::new(color, io::stdout().is_terminal())
    }

    pub(crate) fn stderr(color: Color) -> Self {
        Self::new(color, io::stderr().is_terminal())
    }

    fn new(color: Color, terminal: bool) -> Self {
        let unwanted = unwanted(std::env::var_os("NO_COLOR"), std::env::var_os("TERM"));
        Self { on: color == Color::Always || color == Color::Auto && terminal && !unwanted }
    }

    /// Whether there are colours at all.
    pub(crate) const fn is_on(self) -> bool {
        self.on
    }

    fn with(self, code: &str, text: &str) -> String {
        if self.on { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    pub(crate) fn bold(self, text: &str) -> String {
        self.with("1", text)
    }

    pub(crate) fn dim(self, text: &str) -> String {
        self.with("2", text)
    }

    pub(crate) fn yellow(self, text: &str) -> String {
        self.with("33", text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn help_is_coloured_as_the_arguments_say() {
        let said = |arguments: &[&str]| Color::of(arguments.iter().map(OsString::from));
        assert_eq!(said(&["scan", "--color", "never"]), clap::ColorChoice::Never);
        assert_eq!(said(&["--color=always", "scan"]), clap::ColorChoice::Always);
        for arguments in [&["scan"][..], &["--colors=never"], &["--", "--color=never"], &["--color"]] {
            assert_eq!(said(arguments), clap::ColorChoice::Auto, "{arguments:?}");
        }
    }

    #[test]
    fn the_environment_may_want_no_colours() {
        let unwanted = |no_color: Option<&str>, term: Option<&str>| {
            super::unwanted(no_color.map(OsString::from), term.map(OsString::from))
        };
        assert!(unwanted(Some("1"), Some("xterm")) && unwanted(None, Some("dumb")));
        assert!(!unwanted(None, None) && !unwanted(Some(""), Some("xterm-256color")));
    }

    #[test]
    fn colours_are_off_unless_asked_for() {
        assert_eq!(Paint::new(Color::Auto, false).bold("x"), "x");
        assert_eq!(Paint::new(Color::Never, true).dim("x"), "x");
        assert_eq!(Paint::new(Color::Always, false).yellow("x"), "\x1b[33mx\x1b[0m");
    }
}
