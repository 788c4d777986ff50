//! A whole run: people sign in, sockets listen, acts come, perhaps a storm rages; then everything is compared.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::act::Place;
use crate::gather::{self, GatherError};
use crate::history::{Answer, History, Injected};
use crate::house::{House, HouseError};
use crate::http::Line;
use crate::listener::{Listened, Listener};
use crate::model::{self, Figures, Model};
use crate::random::Random;
use crate::sign_in::{self, SignInError};
use crate::stopwatch::Stopwatch;
use crate::storm;
use crate::town::{self, Town};
use crate::writer::{Mix, Writer};

/// Where a load happens, unless said otherwise: Krems.
pub const CENTRE: Place = Place {
    lat: 484_100_000,
    lon: 156_100_000,
};
/// How long registering, or coming back after a storm, may take.
const PATIENCE: Duration = Duration::from_secs(60);
/// Writers who are named weavers before a load; the others are guests whom they may vouch for.
const FIRST_WEAVERS: usize = 2;
/// The resolutions that sockets listen at, one after the other.
const RESOLUTIONS: [u8; 7] = [9, 10, 8, 5, 9, 7, 4];

/// What shall be done.
#[derive(Clone, Debug)]
pub struct Plan {
    pub seed: u64,
    pub model: Model,
    /// Writers of the closed model; the most acts under way of the open one.
    pub writers: usize,
    pub mix: Mix,
    pub lasting: Duration,
    pub sockets: u32,
    /// How long a socket stays in one view; none: for ever.
    pub stays: Option<Duration>,
    /// Half a side of the square in which acts happen, in units of 1e-7 degrees.
    pub half: i32,
    pub storm: Option<Storm>,
}

/// Faults during a run.
#[derive(Clone, Copy, Debug)]
pub struct Storm {
    pub faults: usize,
    /// About how long after another.
    pub every: Duration,
}

/// What came of a run.
#[derive(Debug)]
pub struct Outcome {
    pub history: History,
    pub figures: Figures,
    /// Connections that sockets lost.
    pub lost: u32,
}

/// Why there was no run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    #[error(transparent)]
    SignIn(#[from] SignInError),
    #[error("a role was not registered: {0:?}")]
    Registering(Answer),
    #[error(transparent)]
    Gather(#[from] GatherError),
    #[error(transparent)]
    House(#[from] HouseError),
    #[error("the server did not become ready again")]
    NotReady,
}

/// Where the server is, and its house where it may be hurt.
#[derive(Debug)]
pub struct Target<'a> {
    pub address: SocketAddr,
    pub mailbox: String,
    pub house: Option<&'a mut House>,
}

impl<'a> Target<'a> {
    /// A house of one's own.
    #[must_use]
    pub fn of(house: &'a mut House) -> Self {
        Self {
            address: house.address,
            mailbox: house.mailbox.clone(),
            house: Some(house),
        }
    }
}

/// Writers that are signed in and have their roles.
///
/// # Errors
/// When the server does not let them in.
pub async fn writers(
    address: SocketAddr,
    mailbox: &str,
    (count, seed): (usize, u64),
    town: &Arc<Town>,
    watch: Stopwatch,
) -> Result<Vec<Writer>, RunError> {
    let mut random = Random::part(seed, 0);
    let people = sign_in::people(address, mailbox, count, &mut random, watch).await?;
    let mut writers = Vec::with_capacity(count);
    for (number, person) in people.into_iter().enumerate() {
        let random = Random::part(seed, 1 + number as u64);
        let mut writer = Writer::new(address, person, random, Arc::clone(town), watch);
        let until_us = watch.now_us() + PATIENCE.as_micros() as u64;
        match writer.register(until_us).await {
            Answer::Accepted { .. } => {
                town.remember_role(writer.role());
                writers.push(writer);
            }
            answer => return Err(RunError::Registering(answer)),
        }
    }
    Ok(writers)
}

/// Does it, and brings home all that is needed to say whether it was right.
///
/// # Errors
/// When it could not be done; what went wrong in it is for the checker to say.
pub async fn run(plan: &Plan, target: Target<'_>) -> Result<Outcome, RunError> {
    let watch = Stopwatch::start();
    let Target {
        address,
        mailbox,
        house,
    } = target;
    let town = Arc::new(Town::new(CENTRE, plan.half));
    let home = town::room(CENTRE, 9).map_or(String::new(), |room| room.to_string());
    let (before, from) = gather::beginning(address, &home).await?;
    let mut writers = writers(address, &mailbox, (plan.writers, plan.seed), &town, watch).await?;
    writers.iter_mut().for_each(|writer| writer.mix = plan.mix);
    if let (Mix::Everything, Some(house)) = (plan.mix, &house) {
        for writer in writers.iter().take(FIRST_WEAVERS) {
            house.name_weaver(writer.role()).await?;
        }
    }
    let (end, listening) = listen(plan, address, &town, watch);
    let acting = model::run(plan.model, writers, plan.lasting, watch);
    let raging = rage(plan, house, watch);
    let ((writers, figures), injected) = tokio::join!(acting, raging);
    let injected = injected?;
    ready(address).await?;

    let tries: Vec<_> = writers.into_iter().flat_map(|it| it.tries).collect();
    let numbers = tries.iter().filter_map(|one| match one.answer {
        Answer::Accepted { number } => Some(number),
        _ => None,
    });
    end.send_replace(Some(numbers.max().unwrap_or(from)));
    let mut history = History {
        from,
        tries,
        injected,
        ..History::default()
    };
    let mut lost = 0;
    for Listened {
        heard,
        seen,
        misheard,
        lost: more,
    } in listening.join_all().await
    {
        history.heard.extend(heard);
        history.seen.extend(seen);
        history.misheard.extend(misheard);
        lost += more;
    }
    let (log, at) = gather::log_after(address, &before).await?;
    let rooms: BTreeSet<String> = history.seen.iter().map(|seen| seen.cell.clone()).collect();
    history.states = gather::states(address, &rooms, &at).await?;
    history.talks = gather::talks(address, &log, &at).await?;
    history.log = log;
    Ok(Outcome {
        history,
        figures,
        lost,
    })
}

fn listen(
    plan: &Plan,
    address: SocketAddr,
    town: &Town,
    watch: Stopwatch,
) -> (watch::Sender<Option<i64>>, JoinSet<Listened>) {
    let (end, ends) = watch::channel(None);
    let mut listening = JoinSet::new();
    for number in 0..plan.sockets {
        let mut random = Random::part(plan.seed, 1_000_000 + u64::from(number));
        let resolution = RESOLUTIONS[number as usize % RESOLUTIONS.len()];
        let views = (0..3)
            .map(|_| town::rooms_around(town.place(&mut random), resolution))
            .collect();
        let listener = Listener::new(number, address, views, plan.stays, random, watch);
        listening.spawn(listener.listen(ends.clone()));
    }
    (end, listening)
}

async fn rage(
    plan: &Plan,
    house: Option<&mut House>,
    watch: Stopwatch,
) -> Result<Vec<Injected>, HouseError> {
    let (Some(Storm { faults, every }), Some(house)) = (plan.storm, house) else {
        return Ok(Vec::new());
    };
    let mut random = Random::part(plan.seed, 2_000_000);
    storm::rage(house, faults, every, &mut random, watch).await
}

/// Waits until the server is ready, as it says itself.
async fn ready(address: SocketAddr) -> Result<(), RunError> {
    let latest = tokio::time::Instant::now() + PATIENCE;
    let mut line = Line::to(address);
    loop {
        let answer = line.get("/health/ready").await;
        if answer.is_ok_and(|answer| answer.status == 200) {
            return Ok(());
        }
        if tokio::time::Instant::now() > latest {
            return Err(RunError::NotReady);
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
