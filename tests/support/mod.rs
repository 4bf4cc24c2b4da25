//! Runs the built program in a folder of its own, and looks into inventories with the real DuckDB.
#![allow(dead_code, reason = "each test file uses a part")]

use std::ffi::OsStr;
use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;

/// What a run left.
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Ran {
    fn of(output: Output) -> Self {
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        Self { code: output.status.code(), stdout: output.stdout, stderr }
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.stdout.clone()).expect("stdout is UTF-8")
    }

    /// The lines of `--format jsonl`.
    pub(crate) fn lines(&self) -> Vec<Value> {
        let text = self.text();
        text.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
    }

    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "stderr:\n{}", self.stderr);
        self
    }
}

/// A folder for one test, with a home of its own.
pub(crate) struct Sandbox {
    dir: tempfile::TempDir,
}

impl Sandbox {
    pub(crate) fn new() -> Self {
        let sandbox = Self { dir: tempfile::tempdir().expect("a temporary folder") };
        for folder in ["home", "share", "tmp", "elsewhere"] {
            fs::create_dir(sandbox.path(folder)).expect("it is new");
        }
        sandbox
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file of the share.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path("share").join(name);
        fs::create_dir_all(path.parent().expect("it has one")).expect("writable");
        fs::write(path, content).expect("writable");
    }

    /// The program, with nothing of the caller's environment that it looks at.
    pub(crate) fn command(&self) -> Command {
        self.prepare(Command::new(env!("CARGO_BIN_EXE_domesday")))
    }

    /// Another program in the same surroundings.
    pub(crate) fn prepare(&self, mut command: Command) -> Command {
        for variable in ["XDG_CONFIG_HOME", "DOMESDAY_INVENTORY", "DOMESDAY_KEY_FILE", "NO_COLOR"] {
            command.env_remove(variable);
        }
        command.env("HOME", self.path("home")).env("TMPDIR", self.path("tmp"));
        command.current_dir(self.dir.path()).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, args: impl IntoIterator<Item = impl AsRef<OsStr>>) -> Ran {
        Ran::of(self.command().args(args).output().expect("the program starts"))
    }

    /// Scans `share` into `inv`.
    pub(crate) fn scan(&self, args: &[&str]) -> Ran {
        self.run(["scan", "share", "--inventory", "inv"].iter().chain(args))
    }

    /// As an ordinary user, whoever runs the tests: root may read everything.
    pub(crate) fn run_as_ordinary_user(&self, args: &[&str]) -> Ran {
        let program = self.path("domesday");
        fs::copy(env!("CARGO_BIN_EXE_domesday"), &program).expect("a place that anyone can reach");
        let is_root = fs::metadata(self.path("share")).map(|m| m.uid()).ok() == Some(0);
        if !is_root {
            let mut command = Command::new(program);
            command.args(args);
            return finish(self.prepare(command));
        }
        for folder in ["", "home", "tmp", "share"] {
            let mode = if folder.is_empty() { 0o777 } else { 0o755 };
            fs::set_permissions(self.path(folder), fs::Permissions::from_mode(mode)).expect("ours");
        }
        let mut command = Command::new("setpriv");
        command.args(["--reuid=65534", "--regid=65534", "--clear-groups", "--"]).arg(program).args(args);
        finish(self.prepare(command))
    }

    pub(crate) fn make_key(&self) {
        self.run(["key", "init"]).expect(0);
    }

    /// Rows of a query over the views of `inv`, asked from another folder.
    pub(crate) fn query(&self, sql: &str) -> Vec<Vec<Value>> {
        self.query_in("inv", sql)
    }

    pub(crate) fn query_in(&self, inventory: &str, sql: &str) -> Vec<Vec<Value>> {
        let script = "import duckdb, json, sys\n\
            db = duckdb.connect()\n\
            db.execute(open(sys.argv[1]).read())\n\
            print(json.dumps(db.execute(sys.argv[2]).fetchall(), default=str))";
        let views = self.path(inventory).join("views.sql");
        let answer = self.python(script, &[views.as_os_str(), OsStr::new(sql)]);
        serde_json::from_str(&answer).expect("the script prints JSON")
    }

    /// A query with one row and one column.
    pub(crate) fn number(&self, sql: &str) -> i64 {
        self.query(sql)[0][0].as_i64().expect("a number")
    }

    /// What a Python script prints.
    pub(crate) fn python(&self, script: &str, args: &[&OsStr]) -> String {
        let python = std::env::var_os("DOMESDAY_TEST_PYTHON").unwrap_or_else(|| "python3".into());
        let mut command = Command::new(python);
        command.current_dir(self.path("elsewhere")).arg("-c").arg(script).args(args);
        let output = command.output().expect("python3, or what DOMESDAY_TEST_PYTHON names, starts");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "these tests need what test.sh installs (DuckDB, jsonschema): {stderr}"
        );
        String::from_utf8(output.stdout).expect("the script prints UTF-8")
    }
}

/// The share that is kept with the tests.
pub(crate) fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures")
}

/// Feeds a program's standard input.
pub(crate) fn feed(mut command: Command, input: &[u8]) -> Ran {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    child.stdin.take().expect("piped").write_all(input).expect("it reads");
    Ran::of(child.wait_with_output().expect("it ends"))
}

/// Runs a command to its end.
pub(crate) fn finish(mut command: Command) -> Ran {
    Ran::of(command.output().expect("the program starts"))
}
