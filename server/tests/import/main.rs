//! Importing on a real PostgreSQL, by the real binary: `tools/with-services cargo nextest run -p server --test import`.

mod bad;
mod brings;
mod changes;
mod feature;
mod house;
mod kills;
mod others;
mod scan;
