//! What an idle socket costs the server, as the slope between few and many of them.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinSet;

use super::{Extent, Figure, MeasureError, figure, mebibytes};
use crate::gather;
use crate::house::House;
use crate::listener::Listener;
use crate::model::{self, Model};
use crate::random::Random;
use crate::run::{self, CENTRE};
use crate::stopwatch::Stopwatch;
use crate::town::{self, Town};

const LOOK_EVERY: Duration = Duration::from_millis(100);
/// How long the last socket may take to be answered.
const PATIENCE: Duration = Duration::from_secs(120);
/// How long nothing happens before memory is looked at.
const QUIET: Duration = Duration::from_secs(5);
/// Half a side of the town that sockets look at, in units of 1e-7 degrees: some ten kilometres.
const HALF: i32 = 500_000;
/// How long a few people weave beforehand, so that rooms are not empty.
const WEAVING: Duration = Duration::from_secs(1);

pub(super) async fn measure(
    house: &mut House,
    extent: Extent,
    seed: u64,
    figures: &mut Vec<Figure>,
) -> Result<(), MeasureError> {
    let watch = Stopwatch::start();
    let town = Arc::new(Town::new(CENTRE, HALF));
    let writers = run::writers(house.address, &house.mailbox, (4, seed), &town, watch).await?;
    model::run(Model::Closed { acts_min: 10 }, writers, WEAVING, watch).await;
    let (end, ends) = watch::channel(None);
    let mut listening = JoinSet::new();
    let mut resident = Vec::new();
    let (few, many) = extent.sockets;
    for until in [few, many] {
        for number in listening.len() as u32..until {
            let mut random = Random::part(seed, 3_000_000 + u64::from(number));
            let views = vec![town::rooms_around(town.place(&mut random), 9)];
            let listener = Listener::new(number, house.address, views, None, random, watch);
            listening.spawn(listener.listen(ends.clone()));
            // A handshake at a time: the storm of thousands at once is another figure.
            if number % 50 == 49 {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        open_sockets(house, until).await?;
        tokio::time::sleep(QUIET).await;
        resident.push(house.numbers().0.resident_kib);
    }
    let room = town::room(CENTRE, 9).map_or(String::new(), |room| room.to_string());
    let goal = gather::position(house.address, &room)
        .await
        .map_err(run::RunError::from)?;
    end.send_replace(Some(goal.1));
    let told = listening.join_all().await;
    let whole = told.iter().filter(|it| !it.seen.is_empty()).count();
    if whole < many as usize {
        return Err(MeasureError::Sockets(whole, many));
    }
    let slope = (resident[1] as f64 - resident[0] as f64) / f64::from(many - few);
    figures.push(figure(
        format!(
            "resident memory of the server with {few} and with {many} idle sockets of 7 rooms each"
        ),
        format!("{} and {}", mebibytes(resident[0]), mebibytes(resident[1])),
        "",
    ));
    figures.push(figure(
        "resident memory of one idle socket (the slope between)",
        format!("{slope:.1} KiB"),
        "≤ 5 KiB",
    ));
    Ok(())
}

/// Waits until the server itself counts so many sockets.
async fn open_sockets(house: &House, wanted: u32) -> Result<(), MeasureError> {
    let mut line = crate::http::Line::to(house.address);
    let latest = tokio::time::Instant::now() + PATIENCE;
    loop {
        let answer = line.get("/health/ready").await;
        let open = answer.ok().and_then(|answer| {
            let status: serde_json::Value = serde_json::from_slice(&answer.body).ok()?;
            status["rooms"]["listening"].as_u64()
        });
        let open = open.unwrap_or_default();
        if open >= u64::from(wanted) {
            return Ok(());
        }
        if tokio::time::Instant::now() > latest {
            return Err(MeasureError::Sockets(open as usize, wanted));
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
}
