//! `GET /api/cells/{cell}`: one room, asked for by many.

use std::sync::Arc;

use tokio::task::JoinSet;

use super::{Extent, Figure, MeasureError, figure, processor_s};
use crate::gather;
use crate::house::House;
use crate::http::Line;
use crate::model;
use crate::random::Random;
use crate::run::CENTRE;
use crate::stopwatch::Stopwatch;
use crate::town::{self, Town};

/// Askers at once.
const ASKERS: u64 = 16;
/// Rooms that are asked for, all of them warm.
const ROOMS: usize = 50;
/// Half a side of where they lie: within what the loads before have woven.
const HALF: i32 = 900_000;

pub(super) async fn measure(
    house: &House,
    extent: Extent,
    seed: u64,
    figures: &mut Vec<Figure>,
) -> Result<(), MeasureError> {
    let watch = Stopwatch::start();
    let address = house.address;
    let town = Town::new(CENTRE, HALF);
    let mut random = Random::part(seed, 4_000_000);
    let rooms: Vec<String> = (0..ROOMS)
        .filter_map(|_| town::room(town.place(&mut random), 9))
        .map(|room| format!("/api/cells/{room}"))
        .collect();
    let rooms = Arc::new(rooms);
    let cpu = processor_s(house);
    let end = watch.now_us() + extent.lasting.as_micros() as u64;
    let mut asking = JoinSet::new();
    for number in 0..ASKERS {
        let rooms = Arc::clone(&rooms);
        asking.spawn(async move {
            let mut random = Random::part(seed, 5_000_000 + number);
            let mut line = Line::to(address);
            let (mut latency_us, mut bytes) = (model::latencies(), 0_usize);
            while watch.now_us() < end {
                let path = &rooms[random.below(rooms.len())];
                let began = watch.now_us();
                match line.get(path).await {
                    Ok(answer) if answer.status == 200 => bytes += answer.body.len(),
                    Ok(answer) => return Err(format!("{path}: status {}", answer.status)),
                    Err(error) => return Err(error.to_string()),
                }
                latency_us.saturating_record((watch.now_us() - began).max(1));
            }
            Ok((latency_us, bytes))
        });
    }
    let (mut latency_us, mut bytes) = (model::latencies(), 0);
    for asked in asking.join_all().await {
        let (one, more) = asked.map_err(MeasureError::Read)?;
        latency_us += one;
        bytes += more;
    }
    let spent = processor_s(house);
    let count = latency_us.len().max(1) as f64;
    let [server, services, generator] =
        std::array::from_fn(|part| (spent[part] - cpu[part]) * 1e6 / count);
    let (_, events) = gather::position(address, rooms[0].trim_start_matches("/api/cells/"))
        .await
        .map_err(crate::run::RunError::from)?;
    let of = format!(
        "state of a room (resolution 9, {:.1} KiB on average, {events} events in the log), {ASKERS} askers",
        bytes as f64 / count / 1024.0
    );
    figures.push(figure(
        format!("requests, {of}"),
        format!(
            "{:.0}/s (server {server:.0} µs, PostgreSQL {services:.1} µs, generator {generator:.0} µs of processor time each)",
            count / extent.lasting.as_secs_f64()
        ),
        "≥ 20,000/s",
    ));
    figures.push(figure(
        format!("latency, {of}"),
        format!(
            "p50 {:.1} ms, p95 {:.1} ms",
            model::milliseconds(&latency_us, 50.0),
            model::milliseconds(&latency_us, 95.0)
        ),
        "p95 < 5 ms",
    ));
    Ok(())
}
