//! Finds and scores personal data in text: detectors, matcher, checksums, context.
