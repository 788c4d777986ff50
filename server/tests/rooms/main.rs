//! The live channel on a real PostgreSQL and Redis, heard through real sockets:
//! `tools/with-services cargo nextest run -p server --test rooms`.

mod arrives;
mod bus;
mod delta;
mod line;
mod listener;
mod mine;
mod outage;
mod slow;
mod stage;
mod talk;

#[path = "../services/redis.rs"]
mod redis;
