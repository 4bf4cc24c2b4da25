//! From iterators over rows to Arrow arrays of the schema's types.

use std::sync::Arc;

use arrow::array::{
    ArrayRef, BinaryArray, BooleanArray, FixedSizeBinaryArray, Float64Array, Int32Array, Int64Array,
    ListBuilder, NullBufferBuilder, StringArray, StringBuilder, TimestampMicrosecondArray, UInt32Builder,
    UInt64Array, new_null_array,
};
use domesday_model::Timestamp;

use crate::schema::{Table, element};

/// An offset or a count as the signed number that DuckDB subtracts without surprises.
pub(crate) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

pub(crate) fn sixteen<'a>(values: impl ExactSizeIterator<Item = Option<&'a [u8; 16]>>) -> ArrayRef {
    let mut bytes = Vec::with_capacity(16 * values.len());
    let mut nulls = NullBufferBuilder::new(values.len());
    for value in values {
        bytes.extend_from_slice(value.unwrap_or(&[0; 16]));
        nulls.append(value.is_some());
    }
    Arc::new(FixedSizeBinaryArray::new(16, bytes.into(), nulls.finish()))
}

pub(crate) fn texts<'a>(values: impl Iterator<Item = Option<&'a str>>) -> ArrayRef {
    Arc::new(values.collect::<StringArray>())
}

pub(crate) fn every_text<'a>(values: impl Iterator<Item = &'a str>) -> ArrayRef {
    Arc::new(StringArray::from_iter_values(values))
}

pub(crate) fn blobs<'a>(values: impl Iterator<Item = Option<&'a [u8]>>) -> ArrayRef {
    Arc::new(values.collect::<BinaryArray>())
}

pub(crate) fn counts(values: impl Iterator<Item = Option<u64>>) -> ArrayRef {
    Arc::new(values.map(|value| value.map(signed)).collect::<Int64Array>())
}

pub(crate) fn versions(values: impl Iterator<Item = Option<u64>>) -> ArrayRef {
    Arc::new(values.collect::<UInt64Array>())
}

pub(crate) fn integers(values: impl Iterator<Item = Option<i32>>) -> ArrayRef {
    Arc::new(values.collect::<Int32Array>())
}

pub(crate) fn booleans(values: impl Iterator<Item = Option<bool>>) -> ArrayRef {
    Arc::new(values.collect::<BooleanArray>())
}

pub(crate) fn doubles(values: impl Iterator<Item = Option<f64>>) -> ArrayRef {
    Arc::new(values.collect::<Float64Array>())
}

pub(crate) fn times(values: impl Iterator<Item = Option<Timestamp>>) -> ArrayRef {
    let array: TimestampMicrosecondArray = values.map(|value| value.map(|time| time.0)).collect();
    Arc::new(array.with_timezone("UTC"))
}

pub(crate) fn text_lists<L: IntoIterator<Item = String>>(values: impl Iterator<Item = L>) -> ArrayRef {
    let mut array =
        ListBuilder::new(StringBuilder::new()).with_field(element(arrow::datatypes::DataType::Utf8));
    for value in values {
        value.into_iter().for_each(|text| array.values().append_value(text));
        array.append(true);
    }
    Arc::new(array.finish())
}

pub(crate) fn histograms<'a>(values: impl Iterator<Item = &'a [u32; 10]>) -> ArrayRef {
    let mut array =
        ListBuilder::new(UInt32Builder::new()).with_field(element(arrow::datatypes::DataType::UInt32));
    for value in values {
        array.values().append_slice(value);
        array.append(true);
    }
    Arc::new(array.finish())
}

/// A column of the table that is not known for any of `rows` rows.
pub(crate) fn unknown(table: Table, name: &str, rows: usize) -> ArrayRef {
    let schema = table.schema();
    let field = schema.field_with_name(name).expect("the column is in the schema");
    new_null_array(field.data_type(), rows)
}
