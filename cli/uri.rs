//! Paths as URI references (RFC 3986). A path is bytes, so its percent-encoding is exact where it is not UTF-8, too.

use std::fmt::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// A path relative to a folder of the base URI, `/` between its parts.
pub(crate) fn relative(path: &[u8]) -> String {
    // An empty reference would mean the document that holds it.
    if path.is_empty() { "./".to_owned() } else { encoded(path) }
}

/// An absolute folder, to which paths are relative.
pub(crate) fn folder(path: &Path) -> String {
    let path = encoded(path.as_os_str().as_bytes());
    format!("file://{}/", path.trim_end_matches('/'))
}

/// All but what is unreserved and `/` is encoded; `:` as well, which could end a scheme.
fn encoded(path: &[u8]) -> String {
    let mut uri = String::with_capacity(path.len());
    for &byte in path {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                uri.push(char::from(byte));
            }
            // Writing to a string cannot fail.
            _ => _ = write!(uri, "%{byte:02X}"),
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_a_reference() {
        assert_eq!(relative("hr/Mitarbeiter Löhne.csv".as_bytes()), "hr/Mitarbeiter%20L%C3%B6hne.csv");
        assert_eq!(relative(b"a:b?c#d%\xff"), "a%3Ab%3Fc%23d%25%FF");
        assert_eq!(relative(b""), "./");
        assert_eq!(folder(Path::new("/srv/my share")), "file:///srv/my%20share/");
        assert_eq!(folder(Path::new("/")), "file:///");
    }
}
