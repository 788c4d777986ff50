//! The embedded services as whoever runs them meets them: the real binary, the real PostgreSQL and Redis, killed and
//! started again. All run as root and as an ordinary user; what only one of them can meet says so.

mod community;
mod crashes;
mod demos;
mod disk;
mod folders;
mod grants;
mod harness;
mod imports;
mod instances;
mod life;
mod outages;
mod person;
mod rebuilds;
mod refusals;
