//! The store against a real PostgreSQL; run by `tools/with-services cargo nextest run -p store`.

mod belonging;
mod child;
mod clock;
mod disconnects;
mod door;
mod envelope;
mod idle;
mod instances;
mod kills;
mod letters;
mod lost_commit;
mod naive;
mod outages;
mod overdue;
mod partitions;
mod privacy;
mod profiles;
mod projection;
mod rebuild;
mod rooms;
mod search;
mod skip;
mod support;
mod talk;
mod timers;
mod versions;
