//! Faults at random moments, while acts come and sockets listen (the numbers are those of the list of faults).

use std::time::Duration;

use nix::sys::signal::Signal;
use tokio::time::sleep;

use crate::bus;
use crate::history::Injected;
use crate::house::{House, HouseError};
use crate::process::{Part, eventually, send};
use crate::random::Random;
use crate::stopwatch::Stopwatch;

/// How long PostgreSQL is frozen, and Redis full.
const WHILE: Duration = Duration::from_secs(2);
/// How long Redis is frozen: longer than anyone waits for it.
const LONG_WHILE: Duration = Duration::from_secs(5);
/// Less than Redis needs for itself, in bytes.
const NOTHING: &str = "1";
/// How often Redis throws away what it has.
const EVICTIONS: u32 = 5;
/// How long a service may take to be there again before the next fault is chosen.
const BACK_PATIENCE: Duration = Duration::from_secs(30);

/// What is done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 1: the server is killed and started again.
    ServerKilled,
    /// 2: a backend of PostgreSQL is ended as by `pg_terminate_backend`.
    BackendEnded,
    /// 3: a backend is killed, upon which PostgreSQL ends all of them and recovers.
    BackendKilled,
    /// 4: all of PostgreSQL is frozen for a while.
    PostgresFrozen,
    /// 8: Redis is killed; the server starts it again.
    RedisKilled,
    /// 8: Redis is emptied.
    RedisFlushed,
    /// 9: Redis is frozen for a while.
    RedisFrozen,
    /// 10: Redis has no memory left for a while.
    RedisFull,
    /// 10: Redis throws away what it has for a while.
    RedisEvicting,
}

impl Fault {
    /// Each of them.
    pub const ALL: [Self; 9] = [
        Self::ServerKilled,
        Self::BackendEnded,
        Self::BackendKilled,
        Self::PostgresFrozen,
        Self::RedisKilled,
        Self::RedisFlushed,
        Self::RedisFrozen,
        Self::RedisFull,
        Self::RedisEvicting,
    ];

    /// In words.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ServerKilled => "server killed (1)",
            Self::BackendEnded => "PostgreSQL backend ended (2)",
            Self::BackendKilled => "PostgreSQL backend killed (3)",
            Self::PostgresFrozen => "PostgreSQL frozen (4)",
            Self::RedisKilled => "Redis killed (8)",
            Self::RedisFlushed => "Redis flushed (8)",
            Self::RedisFrozen => "Redis frozen (9)",
            Self::RedisFull => "Redis out of memory (10)",
            Self::RedisEvicting => "Redis evicting (10)",
        }
    }
}

/// Does `count` faults, each of them in turn in a random order, about `every` after another.
///
/// # Errors
/// When the server does not come back.
pub async fn rage(
    house: &mut House,
    count: usize,
    every: Duration,
    random: &mut Random,
    watch: Stopwatch,
) -> Result<Vec<Injected>, HouseError> {
    let mut injected = Vec::with_capacity(count);
    let mut left = Vec::new();
    for _ in 0..count {
        let wait_us = every.as_micros() as usize;
        let wait_us = wait_us / 2 + random.below(wait_us.max(1));
        sleep(Duration::from_micros(wait_us as u64)).await;
        if left.is_empty() {
            left = Fault::ALL.to_vec();
        }
        let fault = left.swap_remove(random.below(left.len()));
        injected.push(Injected {
            at_us: watch.now_us(),
            what: fault.name().to_owned(),
        });
        inject(fault, house, random).await?;
    }
    Ok(injected)
}

async fn inject(fault: Fault, house: &mut House, random: &mut Random) -> Result<(), HouseError> {
    match fault {
        Fault::ServerKilled => {
            house.kill().await;
            house.start_again().await?;
        }
        Fault::BackendEnded => {
            if let Some(pid) = one(house, Part::Backend, random) {
                send(pid, Signal::SIGTERM);
            }
        }
        Fault::BackendKilled => {
            if let Some(pid) = one(house, Part::Backend, random) {
                send(pid, Signal::SIGKILL);
            }
        }
        Fault::RedisKilled => {
            if let Some(pid) = one(house, Part::Redis, random) {
                send(pid, Signal::SIGKILL);
                let is_back = || {
                    let services = house.services();
                    services
                        .iter()
                        .any(|(other, part)| *part == Part::Redis && *other != pid)
                };
                eventually(BACK_PATIENCE, is_back).await;
            }
        }
        Fault::PostgresFrozen => frozen(house, |part| part != Part::Redis, WHILE).await,
        Fault::RedisFlushed => bus::ask(house.data(), "FLUSHALL").await?,
        Fault::RedisFrozen => frozen(house, |part| part == Part::Redis, LONG_WHILE).await,
        Fault::RedisFull => full(house).await?,
        Fault::RedisEvicting => evicting(house).await?,
    }
    Ok(())
}

async fn frozen(house: &House, is_meant: impl Fn(Part) -> bool, lasting: Duration) {
    let mut services = house.services();
    services.retain(|(_, part)| is_meant(*part));
    for (pid, _) in &services {
        send(*pid, Signal::SIGSTOP);
    }
    sleep(lasting).await;
    for (pid, _) in &services {
        send(*pid, Signal::SIGCONT);
    }
}

/// Takes no act for a while: there is no room for one.
async fn full(house: &House) -> Result<(), HouseError> {
    limit(house, NOTHING).await?;
    sleep(WHILE).await;
    limit(house, &own(house, "maxmemory")?).await
}

/// Throws away what it has, takes new acts, and throws them away again: what is read there has gaps.
async fn evicting(house: &House) -> Result<(), HouseError> {
    let (own_limit, own_policy) = (own(house, "maxmemory")?, own(house, "maxmemory-policy")?);
    set(house, "maxmemory-policy", "allkeys-lru").await?;
    for _ in 0..EVICTIONS {
        limit(house, NOTHING).await?;
        sleep(WHILE / EVICTIONS / 2).await;
        limit(house, &own_limit).await?;
        sleep(WHILE / EVICTIONS / 2).await;
    }
    set(house, "maxmemory-policy", &own_policy).await
}

async fn limit(house: &House, bytes: &str) -> Result<(), HouseError> {
    set(house, "maxmemory", bytes).await
}

async fn set(house: &House, name: &str, value: &str) -> Result<(), HouseError> {
    bus::ask(house.data(), &format!("CONFIG SET {name} {value}")).await?;
    Ok(())
}

/// What the product itself has set.
fn own(house: &House, name: &str) -> Result<String, HouseError> {
    Ok(bus::setting(house.data(), name)?)
}

fn one(house: &House, part: Part, random: &mut Random) -> Option<u32> {
    let services = house.services();
    let fitting: Vec<u32> = services
        .into_iter()
        .filter(|(_, is)| *is == part)
        .map(|(pid, _)| pid)
        .collect();
    (!fitting.is_empty()).then(|| fitting[random.below(fitting.len())])
}
