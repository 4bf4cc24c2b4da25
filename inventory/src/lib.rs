//! The Parquet inventory: schema, writer, commit, merge, views.
