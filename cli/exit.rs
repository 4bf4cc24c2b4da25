//! Exit codes, as INVENTORY's contract names them.

use std::process::ExitCode;

/// How the command ended.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Exit {
    /// All was done.
    Done,
    /// A scan finished, but something could not be read.
    NotAllRead,
    /// The condition of `--fail-on` holds, or a check failed.
    Failed,
    /// A signal ended the scan after a clean partial commit.
    Interrupted,
    /// The command did not finish, or was asked wrongly.
    Error,
}

impl Exit {
    /// The one of two endings that the user must hear of.
    pub(crate) fn or(self, other: Self) -> Self {
        self.max(other)
    }

    /// What it means, for those who read the code elsewhere.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Failed => "the --fail-on condition holds",
            Self::NotAllRead => "finished, but something could not be read",
            Self::Error => "did not finish, or was asked wrongly",
            Self::Interrupted => "interrupted, after a clean partial commit",
        }
    }

    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Failed => 1,
            Self::NotAllRead => 2,
            Self::Error => 3,
            Self::Interrupted => 130,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn three_beats_one_beats_two() {
        assert_eq!(Exit::NotAllRead.or(Exit::Failed).code(), 1);
        assert_eq!(Exit::Error.or(Exit::Failed).code(), 3);
        assert_eq!(Exit::Done.or(Exit::NotAllRead).code(), 2);
        assert_eq!(Exit::Interrupted.or(Exit::Failed).code(), 130);
    }
}
