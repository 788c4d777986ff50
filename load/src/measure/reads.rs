//! `GET /api/cells/{cell}`: one room, asked for by many.

use std::sync::Arc;

use super::asking::{Asking, ask};
use super::{Extent, Figure, MeasureError, figure};
use crate::gather;
use crate::house::House;
use crate::random::Random;
use crate::run::CENTRE;
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
    let town = Town::new(CENTRE, HALF);
    let mut random = Random::part(seed, 4_000_000);
    let rooms: Vec<Arc<str>> = (0..ROOMS)
        .filter_map(|_| town::room(town.place(&mut random), 9))
        .map(|room| format!("/api/cells/{room}").into())
        .collect();
    let first = rooms[0].trim_start_matches("/api/cells/").to_owned();
    let asking = Asking {
        askers: ASKERS,
        lasting: extent.lasting,
        seed,
        empty_bytes: 0,
    };
    let asked = ask(house, asking, move |random| {
        Arc::clone(&rooms[random.below(rooms.len())])
    })
    .await?;
    let count = asked.latency_us.len().max(1) as f64;
    let [server, services, generator] = asked.cpu_us;
    let (_, events) = gather::position(house.address, &first)
        .await
        .map_err(crate::run::RunError::from)?;
    let of = format!(
        "state of a room (resolution 9, {:.1} KiB on average, {events} events in the log), {ASKERS} askers",
        asked.bytes as f64 / count / 1024.0
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
        format!("p50 {:.1} ms, p95 {:.1} ms", asked.ms(50.0), asked.ms(95.0)),
        "p95 < 5 ms",
    ));
    Ok(())
}
