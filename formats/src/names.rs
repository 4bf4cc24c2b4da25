//! Short names of formats, as the inventory shows them.

/// The extension of a file name in lower case; empty where there is none. A name that only begins with a dot has
/// none.
pub(crate) fn extension(name: &str) -> String {
    match name.rsplit_once('.') {
        Some((stem, extension)) if !stem.is_empty() && extension.len() <= 16 => {
            extension.to_ascii_lowercase()
        }
        _ => String::new(),
    }
}

/// The format of a text that is read as lines, from its extension and its beginning.
pub(crate) fn of_text(extension: &str, text: &[u8]) -> &'static str {
    match extension {
        "json" | "json5" | "jsonc" | "jsonld" | "geojson" | "topojson" | "ipynb" | "map" | "har"
        | "webmanifest" | "avsc" => "json",
        "xml" | "xsd" | "xsl" | "xslt" | "svg" | "rss" | "atom" | "kml" | "gpx" | "plist" | "wsdl"
        | "resx" | "csproj" | "vcxproj" | "props" | "targets" | "nuspec" | "xaml" | "rdf" | "owl"
        | "opml" | "xlf" | "xliff" | "tmx" | "xib" | "storyboard" => "xml",
        "html" | "htm" | "xhtml" => "html",
        "log" => "log",
        "md" | "markdown" => "markdown",
        "sql" => "sql",
        "yaml" | "yml" => "yaml",
        "eml" => "mail",
        "mbox" => "mbox",
        "vcf" => "vcard",
        "ics" => "calendar",
        "rtf" => "rtf",
        "tex" => "latex",
        "ini" | "cfg" | "conf" | "config" | "toml" | "properties" | "env" => "config",
        _ if is_source(extension) => "source",
        _ => of_beginning(text),
    }
}

/// Whether an extension says that a text is something else than a table, whatever its lines look like.
pub(crate) fn is_no_table(extension: &str) -> bool {
    is_source(extension) || of_text(extension, b"") != "text"
}

pub(crate) fn is_source(extension: &str) -> bool {
    const SOURCE: &[&str] = &[
        "asm", "awk", "bash", "bat", "c", "cc", "clj", "cmake", "cmd", "coffee", "cpp", "cs", "css", "cxx",
        "dart", "diff", "el", "erl", "ex", "exs", "f90", "fs", "go", "gradle", "groovy", "h", "hh", "hpp",
        "hs", "hxx", "java", "jl", "js", "jsx", "kt", "kts", "less", "lisp", "lua", "m", "mjs", "ml", "mli",
        "mm", "nim", "pas", "patch", "php", "pl", "pm", "proto", "ps1", "py", "pyi", "r", "rb", "rs", "s",
        "scala", "scss", "sh", "swift", "tcl", "tf", "ts", "tsx", "v", "vb", "vbs", "vhd", "vue", "zig",
        "zsh",
    ];
    SOURCE.binary_search(&extension).is_ok()
}

fn of_beginning(text: &[u8]) -> &'static str {
    let text = text.trim_ascii_start();
    let begins =
        |start: &str| text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()));
    if begins("<?xml") {
        "xml"
    } else if begins("<!doctype html") || begins("<html") {
        "html"
    } else if begins("{\\rtf") {
        "rtf"
    } else if is_json(text) {
        "json"
    } else if begins("#!") {
        "source"
    } else {
        "text"
    }
}

fn is_json(text: &[u8]) -> bool {
    let Some((b'{' | b'[', rest)) = text.split_first() else { return false };
    matches!(rest.trim_ascii_start().first(), Some(b'"' | b'{' | b'}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extensions_are_found() {
        assert_eq!(extension("a/Export.CSV"), "csv");
        assert_eq!(extension(".bashrc"), "");
        assert_eq!(extension("Makefile"), "");
    }

    #[test]
    fn texts_have_names() {
        assert_eq!(of_text("rs", b""), "source");
        assert_eq!(of_text("vue", b""), "source");
        assert_eq!(of_text("asm", b""), "source");
        assert_eq!(of_text("txt", b"  <?XML version"), "xml");
        assert_eq!(of_text("", b"[\n {\"a\": 1}]"), "json");
        assert_eq!(of_text("", b"[section]"), "text");
        assert_eq!(of_text("dat", b"hello"), "text");
    }
}
