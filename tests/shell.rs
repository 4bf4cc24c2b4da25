//! What shells and `man` read: completions and manual pages, tried with the real programs.

mod support;

use std::fs;
use std::process::Command;

use support::{Sandbox, feed, finish};

/// What bash offers behind `words`, the last of which is being typed.
fn offered(sandbox: &Sandbox, words: &[&str]) -> Vec<String> {
    let script = r#"
        source ./domesday.bash
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        function=$(complete -p domesday | sed 's/.*-F \([^ ]*\) .*/\1/')
        "$function" domesday "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf '%s\n' "${COMPREPLY[@]}"
    "#;
    let mut bash = Command::new("bash");
    bash.args(["--norc", "-c", script, "bash"]).args(words);
    let ran = finish(sandbox.prepare(bash)).expect(0);
    assert_eq!(ran.stderr, "");
    ran.text().lines().map(str::to_owned).collect()
}

#[test]
fn bash_completes_commands_flags_and_values() {
    let sandbox = Sandbox::new();
    let script = sandbox.run(["completions", "bash"]).expect(0).stdout;
    fs::write(sandbox.path("domesday.bash"), script).expect("writable");
    assert_eq!(offered(&sandbox, &["domesday", "sc"]), ["scan"]);
    assert_eq!(offered(&sandbox, &["domesday", "scan", "--min"]), ["--min-confidence"]);
    assert_eq!(offered(&sandbox, &["domesday", "scan", "--format", ""]), ["table", "jsonl", "sarif", "none"]);
    assert_eq!(offered(&sandbox, &["domesday", "inventory", "su"]), ["summary"]);
}

#[test]
fn other_shells_have_scripts_of_their_own() {
    let sandbox = Sandbox::new();
    for (shell, part) in [
        ("zsh", "#compdef domesday"),
        ("fish", "complete -c domesday"),
        ("powershell", "Register-ArgumentCompleter"),
        ("elvish", "set edit:completion:arg-completer[domesday]"),
    ] {
        let script = sandbox.run(["completions", shell]).expect(0).text();
        assert!(script.contains(part) && script.contains("min-confidence"), "{shell}");
    }
    sandbox.run(["completions", "tcsh"]).expect(3);
}

/// A page as `man` shows it, after nothing was wrong with it.
fn rendered(sandbox: &Sandbox, page: &[u8]) -> String {
    let mandoc = |args: &[&str]| {
        let mut mandoc = Command::new("mandoc");
        mandoc.args(args);
        feed(sandbox.prepare(mandoc), page)
    };
    let lint = mandoc(&["-T", "lint", "-W", "error"]);
    assert_eq!((lint.code, lint.text().as_str()), (Some(0), ""), "mandoc finds errors");
    plain(&mandoc(&["-T", "ascii"]).expect(0).text())
}

/// Overstruck characters as one.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '\u{8}' => _ = plain.pop(),
            c => plain.push(c),
        }
    }
    plain
}

#[test]
fn every_command_has_a_page_with_its_sections() {
    let sandbox = Sandbox::new();
    sandbox.run(["man", "pages/man1"]).expect(0);
    let page = |name: &str| fs::read(sandbox.path("pages/man1").join(name)).expect("it was written");
    let pages = fs::read_dir(sandbox.path("pages/man1")).expect("there");
    let mut names: Vec<_> =
        pages.map(|file| file.expect("there").file_name().into_string().expect("ASCII")).collect();
    names.sort();
    for name in &names {
        let text = rendered(&sandbox, &page(name));
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"] {
            assert!(text.lines().any(|line| line == section), "{section} of {name}: {text}");
        }
    }
    for name in ["domesday.1", "domesday-scan.1", "domesday-detectors-test.1", "domesday-man.1"] {
        assert!(names.iter().any(|known| known == name), "{name} in {names:?}");
    }
    let scan = rendered(&sandbox, &page("domesday-scan.1"));
    for part in [
        "EXAMPLES",
        "EXIT CODES",
        "--min-confidence",
        "domesday scan export/ --inventory inv --format jsonl | head",
    ] {
        assert!(scan.contains(part), "{part} in {scan}");
    }
    let version = sandbox.run(["--version"]).expect(0).text();
    assert!(scan.lines().last().is_some_and(|footer| footer.contains(version.trim())), "{scan}");
    let dated =
        sandbox.command().arg("man").env("SOURCE_DATE_EPOCH", "1700000000").output().expect("it starts");
    let first = page("domesday.1");
    let (title, rest) = first.split_at(first.iter().position(|&b| b == b'\n').expect("lines"));
    assert!(dated.stdout.starts_with(b".TH DOMESDAY 1 \"2023-11-14\" ") && dated.stdout.ends_with(rest));
    let title = String::from_utf8_lossy(title);
    assert!(title.starts_with(".TH DOMESDAY 1 \"20") && !title.contains("2023-11-14"), "{title}");
}
