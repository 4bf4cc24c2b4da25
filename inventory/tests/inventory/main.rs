//! The inventory as others see it: through DuckDB, across processes, and after everything that can go wrong.

mod bounds;
mod crash;
mod lifecycle;
mod lookup;
mod reference;
mod refuse;
mod reviews;
mod rows;
mod support;
