//! The tables of the inventory: their columns, types and meaning in one place, from which the Parquet schema, the
//! writer's settings, the empty views and the reference documentation all come.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, Field, FieldRef, Fields, Schema, SchemaRef, TimeUnit};
use parquet::basic::{Compression, Encoding, ZstdLevel};
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::schema::types::ColumnPath;

/// Rows of a row group: DuckDB's own size, measured as best for lookups.
pub(crate) const ROW_GROUP_ROWS: usize = 122_880;
/// A row group also ends when its encoded size reaches this many bytes, which bounds the writer's memory.
const ROW_GROUP_BYTES: usize = 16 << 20;
/// Bytes of a data page: what a merge holds per column and file.
const PAGE_BYTES: usize = 64 << 10;

/// A table of the inventory.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Table {
    Sources,
    Scans,
    Objects,
    Columns,
    Findings,
    Subjects,
    Reviews,
    Trend,
}

/// The type of a column.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Uuid,
    Text,
    Texts,
    BigInt,
    UBigInt,
    Integer,
    Boolean,
    Double,
    Time,
    Blob,
    Token,
    Histogram,
    Place,
}

/// A column of a table.
pub(crate) struct Column {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    meaning: &'static str,
}

const fn col(name: &'static str, kind: Kind, meaning: &'static str) -> Column {
    Column { name, kind, meaning }
}

const SCAN_ID: Column = col("scan_id", Kind::Uuid, "Scan that the row comes from.");
const OBJECT_VERSION: Column = col(
    "object_version",
    Kind::UBigInt,
    "Version of the object that the row describes: changes whenever the object does. NULL where there is no object.",
);

const SOURCES: &[Column] = &[
    col("source_id", Kind::Uuid, "Hash of the source's name."),
    col("name", Kind::Text, "Name under which the source is known."),
    col("kind", Kind::Text, "`files`."),
    col("root", Kind::Text, "Location, without credentials."),
    col("system", Kind::Text, "Declared system that the source belongs to."),
    col("owner", Kind::Text, "Declared owner."),
    col("country", Kind::Text, "Declared country, ISO 3166 alpha-2."),
    col("last_scan_id", Kind::Uuid, "Scan that began last."),
    SCAN_ID,
    OBJECT_VERSION,
];

const SCANS: &[Column] = &[
    SCAN_ID,
    col("source_id", Kind::Uuid, "What was scanned."),
    col("started_at", Kind::Time, "When it began."),
    col("finished_at", Kind::Time, "When it ended; NULL while it runs."),
    col("status", Kind::Text, "`complete` or `interrupted`; a scan that still runs counts as interrupted."),
    col("domesday_version", Kind::Text, "Version of the program."),
    col("ruleset", Kind::Text, "Digest of the detectors, their lists and thresholds."),
    col("objects", Kind::BigInt, "Objects that this scan looked at, of any status but `gone`."),
    col("objects_scanned", Kind::BigInt, "Of them, read and classified."),
    col("objects_unsupported", Kind::BigInt, "Of them, in a format that is not understood yet."),
    col("objects_unreadable", Kind::BigInt, "Of them, not opened or not read."),
    col("objects_encrypted", Kind::BigInt, "Of them, protected by a password."),
    col("objects_corrupt", Kind::BigInt, "Of them, breaking their own format."),
    col("objects_limited", Kind::BigInt, "Of them, ended early by a limit."),
    col("objects_changed", Kind::BigInt, "Of them, changed while they were read."),
    col("objects_skipped", Kind::BigInt, "Of them, nothing to read or left out on purpose."),
    col("objects_gone", Kind::BigInt, "Objects of earlier scans that this one no longer found."),
    col("bytes_read", Kind::BigInt, "Bytes read from the source."),
    col(
        "findings",
        Kind::BigInt,
        "Findings of this scan, without those that a rule suppressed or a person had rejected or accepted.",
    ),
    col("occurrences", Kind::BigInt, "Occurrences in them."),
    OBJECT_VERSION,
];

const OBJECTS: &[Column] = &[
    col("object_id", Kind::Uuid, "Hash of source, raw path and member."),
    col("parent_id", Kind::Uuid, "Object that holds this one, for members."),
    col("source_id", Kind::Uuid, "Source that it belongs to."),
    col(
        "kind",
        Kind::Text,
        "`file`, `member`, `table`, `directory` (only those with a problem), `symlink`, `special`.",
    ),
    col(
        "path",
        Kind::Text,
        "Path relative to the source's root, with `/`; bytes that are not UTF-8 appear as U+FFFD.",
    ),
    col("path_bytes", Kind::Blob, "Raw path, only where it is not UTF-8."),
    col("member", Kind::Text, "Way inside of a container."),
    col("name", Kind::Text, "Last part of the member or the path."),
    col("extension", Kind::Text, "Lower-case extension of a file or member, without the dot."),
    col("format", Kind::Text, "Format that was recognised, for instance `csv`."),
    col(
        "encoding",
        Kind::Text,
        "Name of the encoding that most of the text is in: WHATWG's in lower case, or IANA's where it has none (`utf-32le`, `utf-7`, `hz-gb-2312`, `iso-2022-kr`, `johab`); else `ibm` and the number for code pages of EBCDIC and DOS (`ibm037`, `ibm850`), `x-mac-…` for those of the Macintosh.",
    ),
    col("size_bytes", Kind::BigInt, "Size."),
    col("modified_at", Kind::Time, "Last modification of the content."),
    col("fingerprint", Kind::Text, "`object_version` in 16 hexadecimal digits; NULL when it is unknown."),
    col("content_hash", Kind::Text, "Hash of the content; not computed yet."),
    col("owner", Kind::Text, "Owning user, or its number."),
    col("group_name", Kind::Text, "Owning group, or its number."),
    col("mode", Kind::Integer, "Permission bits (12)."),
    col("exposure", Kind::Text, "Who can read it: `private`, `group`, `everyone`, `unknown`."),
    col(
        "status",
        Kind::Text,
        "`scanned`, `unsupported`, `unreadable`, `encrypted`, `corrupt`, `limited`, `changed`, `skipped`, `gone`.",
    ),
    col("coverage", Kind::Text, "How much was classified: `full`, `partial`, `skimmed`, `none`."),
    col("reason", Kind::Text, "Why not all of it, from a closed list."),
    col("reason_place", Kind::BigInt, "Byte offset where the reason first shows."),
    col("text_bytes", Kind::BigInt, "Bytes of text that were classified."),
    col("record_count", Kind::BigInt, "Records or lines."),
    col("occurrences", Kind::BigInt, "Occurrences in its findings whose `suppressed_by` is NULL."),
    col(
        "sensitivity",
        Kind::Text,
        "Highest of its findings whose `suppressed_by` is NULL: `low`, `moderate`, `high`; NULL without such findings.",
    ),
    col(
        "subject_estimate",
        Kind::BigInt,
        "People it may concern: the largest distinct_estimate of its findings whose values count people (e-mail, phone, \
         national id, payment card, account, key). A scan without a key knows no kinds and takes the largest of all.",
    ),
    col("oldest_at", Kind::Time, "Oldest date."),
    col("newest_at", Kind::Time, "Newest date."),
    col("date_basis", Kind::Text, "Where the two dates come from: `file`, its modification."),
    col("first_seen_at", Kind::Time, "When a scan first saw it."),
    col("scanned_at", Kind::Time, "When it was last looked at."),
    col("gone_at", Kind::Time, "When a complete scan no longer found it."),
    SCAN_ID,
    OBJECT_VERSION,
];

const COLUMNS: &[Column] = &[
    col("object_id", Kind::Uuid, "Object with the column."),
    col(
        "column_path",
        Kind::Text,
        "Header or path, `table.column` in SQL dumps; `column_1` and so on where there is no header; `*` for keys that \
         act as data, and for what stands in no column: titles, remarks, other SQL. A header `@name` is `[\"@name\"]`. \
         No two of an object are alike: `#2` and so on stands behind a key or path that would be there again.",
    ),
    col("ordinal", Kind::BigInt, "Its place, from 0."),
    col(
        "data_type",
        Kind::Text,
        "Type of all its values: `empty`, `boolean`, `integer`, `decimal`, `date`, `text`.",
    ),
    col("records", Kind::BigInt, "Records in which it could stand."),
    col("non_null", Kind::BigInt, "Records with a value; a column of an array or a map counts its elements."),
    col(
        "distinct_sketch",
        Kind::Blob,
        "Sketch of its distinct values, as that of its finding with the detector of the verdict; NULL without one.",
    ),
    col(
        "distinct_estimate",
        Kind::BigInt,
        "Distinct values: exact where all of them lie in the first 1,000 records and 512 KiB of the object, else an estimate with a standard error of 2.3 %. NULL beyond the first 4,096 columns of an object, and where a value is too long to be seen whole.",
    ),
    col(
        "detector",
        Kind::Text,
        "Verdict on the whole column: what its values are, judged by header, values and the columns beside it.",
    ),
    col(
        "match_ratio",
        Kind::Double,
        "Share of its values that match the verdict; what stands for no value (`n/a`, `-`) does not count.",
    ),
    col("confidence", Kind::Double, "Confidence of the verdict, in thousandths."),
    col(
        "evidence",
        Kind::Texts,
        "Reasons of the verdict, sorted. `rounded`: a spreadsheet has rounded the numbers, so none of them is found. \
         `shortened`: some have lost the zeros that they began with, and those are not found.",
    ),
    SCAN_ID,
    OBJECT_VERSION,
];

const FINDINGS: &[Column] = &[
    col("finding_id", Kind::Uuid, "Hash of object, column and detector: the same in every scan."),
    col("object_id", Kind::Uuid, "Object it is in."),
    col("source_id", Kind::Uuid, "Source of the object."),
    col("path", Kind::Text, "Path of the object."),
    col("member", Kind::Text, "Way inside of a container."),
    col(
        "column_path",
        Kind::Text,
        "Column; NULL in text, `@name` for what stands in the name of the object. An object with more than 16,384 pairs of column and detector shares `*` for the rest.",
    ),
    col("detector", Kind::Text, "Detector, for instance `us.ssn`."),
    col("label", Kind::Text, "What people call it."),
    col("category", Kind::Text, "Category in the style of fideslang, for instance `user.contact.email`."),
    col("dpv", Kind::Text, "Term of the W3C Data Privacy Vocabulary."),
    col("gdpr_article9", Kind::Boolean, "Special category of GDPR Article 9(1)."),
    col("gdpr_article10", Kind::Boolean, "Criminal convictions and offences, GDPR Article 10."),
    col("ccpa_category", Kind::Text, "Letter of §1798.140(v)(1) of the CCPA."),
    col("ccpa_sensitive", Kind::Boolean, "Sensitive personal information, §1798.140(ae) of the CCPA."),
    col("sensitivity", Kind::Text, "Impact of one value: `low`, `moderate`, `high`."),
    col("country", Kind::Text, "ISO 3166 alpha-2, for national schemes."),
    col("occurrences", Kind::BigInt, "Values found."),
    col(
        "distinct_sketch",
        Kind::Blob,
        "Apache DataSketches HLL (lgK 11, HLL_8) over keyed hashes of the values; NULL in a scan without a key.",
    ),
    col(
        "distinct_estimate",
        Kind::BigInt,
        "Estimate of the distinct values, standard error 2.3 %; near exact to about 150.",
    ),
    col("confidence", Kind::Double, "Highest confidence of an occurrence, in thousandths."),
    col(
        "confidence_histogram",
        Kind::Histogram,
        "Occurrences by tenth of confidence, ten numbers from [0, 0.1) on.",
    ),
    col(
        "first_place",
        Kind::Place,
        "Place of the first occurrence; offsets are half-open, `place_unit` is `bytes` or `text`, or `path` where they count bytes of the object's path.",
    ),
    col("masked_sample", Kind::Text, "The value there, masked."),
    col("evidence", Kind::Texts, "Every reason that any occurrence had, sorted."),
    col("alternatives", Kind::Texts, "Other detectors that accept a value, sorted."),
    col(
        "suppressed_by",
        Kind::Text,
        "Why it counts in no sum; NULL when it does. The reason of the rule of `[[suppress]]`, `--suppress` or `--allow` that says so of all its \
         values, or `review: ` and the reason of a person who rejected or accepted it.",
    ),
    col("review", Kind::Text, "A person's verdict: `confirmed`, `rejected`, `accepted`; NULL without one."),
    SCAN_ID,
    OBJECT_VERSION,
    SUPPRESSED_OCCURRENCES,
];

/// Came later than others: at the end, as old files lack it.
const SUPPRESSED_OCCURRENCES: Column = col(
    "suppressed_occurrences",
    Kind::BigInt,
    "Further values that a rule suppresses while others of the finding count: they are in no other column of the row.",
);

const SUBJECTS: &[Column] = &[
    col("token", Kind::Token, "16 bytes of the keyed hash of kind and normalised value."),
    col("kind", Kind::Text, "What the token identifies, for instance `email`."),
    col("token_scheme", Kind::Integer, "Version of the normalisation."),
    col("key_id", Kind::Text, "Public name of the key."),
    col("detector", Kind::Text, "Detector under which the value was normalised."),
    col("object_id", Kind::Uuid, "Object it is in."),
    col("column_path", Kind::Text, "Column; NULL in text, `@name` in the name of the object."),
    col("record", Kind::BigInt, "Row, message or line, from 0."),
    col("byte_start", Kind::BigInt, "Offset of the first byte; of the path for `@name`."),
    col("byte_end", Kind::BigInt, "Offset behind the last byte."),
    col("confidence", Kind::Double, "That detector's confidence."),
    SCAN_ID,
    OBJECT_VERSION,
];

const REVIEWS: &[Column] = &[
    col(
        "finding_id",
        Kind::Uuid,
        "The finding. Its id is the same in every scan, so the verdict holds for those to come.",
    ),
    col(
        "verdict",
        Kind::Text,
        "`confirmed`: it is what the detector says. `rejected`: it is not, a false alarm. `accepted`: it is, and it may be \
         there. In `reviews_history` also `withdrawn`: the verdict before is taken back.",
    ),
    col("reason", Kind::Text, "Why, in that person's words."),
    col("by", Kind::Text, "Who gave it."),
    col("at", Kind::Time, "When."),
    col(
        "scan_id",
        Kind::Uuid,
        "Scan whose finding was judged; NULL where the current state did not have it.",
    ),
    col(
        "object_version",
        Kind::UBigInt,
        "Version of the object that was judged: the object has another one since it changed.",
    ),
];

const TREND: &[Column] = &[
    SCAN_ID,
    col("source_id", Kind::Uuid, "Source, as this scan left it."),
    col("detector", Kind::Text, "Detector."),
    col("exposure", Kind::Text, "Exposure of the objects."),
    col("objects", Kind::BigInt, "Objects with a finding of it."),
    col("occurrences", Kind::BigInt, "Occurrences in them."),
    col(
        "distinct_estimate",
        Kind::BigInt,
        "Estimate of the distinct values; NULL unless every finding has a sketch.",
    ),
    OBJECT_VERSION,
];

impl Table {
    pub(crate) const ALL: [Self; 8] = [
        Self::Sources,
        Self::Scans,
        Self::Objects,
        Self::Columns,
        Self::Findings,
        Self::Subjects,
        Self::Reviews,
        Self::Trend,
    ];

    /// Name of the view and of the folder.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Sources => "sources",
            Self::Scans => "scans",
            Self::Objects => "objects",
            Self::Columns => "columns",
            Self::Findings => "findings",
            Self::Subjects => "subjects",
            Self::Reviews => "reviews",
            Self::Trend => "trend",
        }
    }

    pub(crate) fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }

    pub(crate) const fn columns(self) -> &'static [Column] {
        match self {
            Self::Sources => SOURCES,
            Self::Scans => SCANS,
            Self::Objects => OBJECTS,
            Self::Columns => COLUMNS,
            Self::Findings => FINDINGS,
            Self::Subjects => SUBJECTS,
            Self::Reviews => REVIEWS,
            Self::Trend => TREND,
        }
    }

    const fn meaning(self) -> &'static str {
        match self {
            Self::Sources => "One row per source.",
            Self::Scans => "One row per scan of a source. Kept for ever.",
            Self::Objects => {
                "One row per file, archive member, table, or directory that could not be listed whole."
            }
            Self::Columns => "One row per column of a tabular object.",
            Self::Findings => "One row per object × column × detector.",
            Self::Subjects => {
                "One row per occurrence of an identifier and normalised form, for lookups with the key. Each file is sorted by token."
            }
            Self::Reviews => {
                "One row per finding with a person's verdict: the last one. `reviews_history` has all of them, and is kept for \
                 ever."
            }
            Self::Trend => {
                "One row per scan × source × detector × exposure. Kept for ever. Findings that are suppressed, or that a \
                 person had rejected or accepted when the scan ended, are in no row; a later verdict changes no earlier row."
            }
        }
    }

    /// The columns that the files are sorted and merged by: 16 bytes each.
    pub(crate) const fn sort_key(self) -> &'static [&'static str] {
        match self {
            Self::Sources => &["source_id"],
            Self::Scans | Self::Trend => &["scan_id"],
            Self::Objects | Self::Columns | Self::Findings => &["object_id"],
            Self::Reviews => &["finding_id"],
            Self::Subjects => &["token", "object_id"],
        }
    }

    /// Columns that came later: files of earlier programs lack them.
    pub(crate) const fn added(self) -> &'static [Column] {
        match self {
            Self::Findings => &[SUPPRESSED_OCCURRENCES],
            _ => &[],
        }
    }

    /// How many files of it the manifest may name at once, superseded ones aside.
    pub(crate) const fn max_files(self) -> usize {
        match self {
            Self::Subjects => 8,
            _ => 32,
        }
    }

    pub(crate) fn schema(self) -> SchemaRef {
        static SCHEMAS: LazyLock<HashMap<Table, SchemaRef>> = LazyLock::new(|| {
            let schema =
                |table: Table| Arc::new(Schema::new(table.columns().iter().map(field).collect::<Vec<_>>()));
            Table::ALL.into_iter().map(|table| (table, schema(table))).collect()
        });
        Arc::clone(&SCHEMAS[&self])
    }

    /// How its Parquet files are written.
    pub(crate) fn writer_properties(self) -> WriterProperties {
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::ZSTD(ZstdLevel::default()))
            .set_created_by("domesday".to_owned())
            .set_max_row_group_row_count(Some(ROW_GROUP_ROWS))
            .set_max_row_group_bytes(Some(ROW_GROUP_BYTES))
            .set_data_page_size_limit(PAGE_BYTES);
        match self {
            Self::Subjects => {
                let token = ColumnPath::from("token");
                properties = properties
                    .set_column_dictionary_enabled(token.clone(), false)
                    .set_column_bloom_filter_enabled(token.clone(), true)
                    // The filter of a full row group then just fits in 128 KiB; filters come in powers of two.
                    .set_column_bloom_filter_fpp(token.clone(), 0.02)
                    .set_column_bloom_filter_max_ndv(token.clone(), ROW_GROUP_ROWS as u64)
                    // Hashes do not compress.
                    .set_column_compression(token, Compression::UNCOMPRESSED);
                // Among rows in the order of tokens, everything else has any value in each page.
                for column in self.columns().iter().map(|column| column.name).filter(|name| *name != "token")
                {
                    properties = properties
                        .set_column_statistics_enabled(ColumnPath::from(column), EnabledStatistics::None);
                }
                // Nearly each row has a number of its own, or all have the same.
                for number in ["record", "byte_start", "byte_end", "token_scheme"] {
                    properties = properties
                        .set_column_dictionary_enabled(ColumnPath::from(number), false)
                        .set_column_encoding(ColumnPath::from(number), Encoding::DELTA_BINARY_PACKED);
                }
            }
            Self::Findings => {
                let id = ColumnPath::from("finding_id");
                properties = properties
                    .set_column_dictionary_enabled(id.clone(), false)
                    .set_column_bloom_filter_enabled(id.clone(), true)
                    .set_column_bloom_filter_fpp(id.clone(), 0.02)
                    .set_column_bloom_filter_max_ndv(id, ROW_GROUP_ROWS as u64)
                    .set_column_dictionary_enabled(ColumnPath::from("path"), false)
                    .set_column_dictionary_enabled(ColumnPath::from("object_version"), false)
                    .set_column_dictionary_enabled(ColumnPath::from("distinct_sketch"), false)
                    .set_column_statistics_enabled(
                        ColumnPath::from("distinct_sketch"),
                        EnabledStatistics::None,
                    );
            }
            Self::Objects => {
                // Nearly every row has a value of its own, for which a dictionary is built in vain.
                for unique in ["object_id", "path", "name", "fingerprint", "object_version"] {
                    properties = properties.set_column_dictionary_enabled(ColumnPath::from(unique), false);
                }
            }
            _ => {}
        }
        properties.build()
    }
}

/// The fields of `first_place`.
pub(crate) fn place_fields() -> Fields {
    Fields::from(vec![
        Field::new("record", DataType::Int64, true),
        Field::new("byte_start", DataType::Int64, true),
        Field::new("byte_end", DataType::Int64, true),
        Field::new("place_unit", DataType::Utf8, true),
    ])
}

/// The field of the elements of a list.
pub(crate) fn element(kind: DataType) -> FieldRef {
    Arc::new(Field::new("element", kind, true))
}

fn field(column: &Column) -> Field {
    let kind = match column.kind {
        Kind::Uuid | Kind::Token => DataType::FixedSizeBinary(16),
        Kind::Text => DataType::Utf8,
        Kind::Texts => DataType::List(element(DataType::Utf8)),
        Kind::BigInt => DataType::Int64,
        Kind::UBigInt => DataType::UInt64,
        Kind::Integer => DataType::Int32,
        Kind::Boolean => DataType::Boolean,
        Kind::Double => DataType::Float64,
        Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Kind::Blob => DataType::Binary,
        Kind::Histogram => DataType::List(element(DataType::UInt32)),
        Kind::Place => DataType::Struct(place_fields()),
    };
    let field = Field::new(column.name, kind, true);
    match column.kind {
        Kind::Uuid => {
            field.with_metadata(HashMap::from([("ARROW:extension:name".to_owned(), "arrow.uuid".to_owned())]))
        }
        _ => field,
    }
}

impl Kind {
    /// The type as DuckDB shows it.
    pub(crate) const fn duckdb(self) -> &'static str {
        match self {
            Self::Uuid => "UUID",
            Self::Text => "VARCHAR",
            Self::Texts => "VARCHAR[]",
            Self::BigInt => "BIGINT",
            Self::UBigInt => "UBIGINT",
            Self::Integer => "INTEGER",
            Self::Boolean => "BOOLEAN",
            Self::Double => "DOUBLE",
            Self::Time => "TIMESTAMP WITH TIME ZONE",
            Self::Blob | Self::Token => "BLOB",
            Self::Histogram => "UINTEGER[]",
            Self::Place => "STRUCT(record BIGINT, byte_start BIGINT, byte_end BIGINT, place_unit VARCHAR)",
        }
    }
}

/// The reference of all tables in Markdown: what `docs/inventory.md` holds.
pub fn reference() -> String {
    let mut text = String::from(include_str!("reference.md"));
    for table in Table::ALL {
        text.push_str(&format!("\n## `{}`\n\n{}\n\n", table.name(), table.meaning()));
        text.push_str("| column | type in DuckDB | meaning |\n|---|---|---|\n");
        for column in table.columns() {
            text.push_str(&format!(
                "| `{}` | {} | {} |\n",
                column.name,
                column.kind.duckdb(),
                column.meaning
            ));
        }
    }
    text
}
