//! stdout is data, stderr is for people. Both may be closed while we write: a reader that has seen enough (`| head`)
//! is no error, and the work behind the output goes on.

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
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    Always,
    Never,
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
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
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
    fn colours_are_off_unless_asked_for() {
        assert_eq!(Paint::new(Color::Auto, false).bold("x"), "x");
        assert_eq!(Paint::new(Color::Never, true).dim("x"), "x");
        assert_eq!(Paint::new(Color::Always, false).yellow("x"), "\x1b[33mx\x1b[0m");
    }
}
