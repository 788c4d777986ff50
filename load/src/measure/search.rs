//! `GET /api/search`: what people type, among many documents.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;

use super::{Extent, Figure, MeasureError, figure, processor_s};
use crate::house::House;
use crate::http::Line;
use crate::model;
use crate::random::Random;
use crate::run::{self, CENTRE};
use crate::stopwatch::Stopwatch;
use crate::town::{self, Town};
use crate::words;
use crate::writer::{Mix, Writer};

/// Askers at once: a few people who type at the same time.
const ASKERS: u64 = 2;
/// Half a side of where the documents lie.
const HALF: i32 = 1_000_000;
/// How long a document may take to be written.
const PATIENCE: Duration = Duration::from_secs(60);

pub(super) async fn measure(
    house: &House,
    extent: Extent,
    seed: u64,
    figures: &mut Vec<Figure>,
) -> Result<(), MeasureError> {
    let watch = Stopwatch::start();
    fill(house, extent, seed, watch).await?;
    let cpu = processor_s(house);
    let end = watch.now_us() + extent.lasting.as_micros() as u64;
    let mut asking = JoinSet::new();
    for number in 0..ASKERS {
        let address = house.address;
        asking.spawn(async move {
            let mut random = Random::part(seed, 7_000_000 + number);
            let mut line = Line::to(address);
            let (mut latency_us, mut found) = (model::latencies(), 0_u64);
            while watch.now_us() < end {
                let path = path(&words::question(&mut random), &mut random);
                let began = watch.now_us();
                match line.get(&path).await {
                    Ok(answer) if answer.status == 200 => {
                        found += u64::from(answer.body.len() > NOTHING.len());
                    }
                    Ok(answer) => return Err(format!("{path}: status {}", answer.status)),
                    Err(error) => return Err(error.to_string()),
                }
                latency_us.saturating_record((watch.now_us() - began).max(1));
            }
            Ok((latency_us, found))
        });
    }
    let (mut latency_us, mut found) = (model::latencies(), 0);
    for asked in asking.join_all().await {
        let (one, more) = asked.map_err(MeasureError::Read)?;
        latency_us += one;
        found += more;
    }
    let spent = processor_s(house);
    let count = latency_us.len().max(1);
    let [server, services, _] =
        std::array::from_fn(|part| (spent[part] - cpu[part]) * 1e6 / count as f64);
    figures.push(figure(
        format!(
            "search among {} documents, {ASKERS} askers: beginnings, words, two words, typos and what is not there, {} % of them with results",
            extent.documents,
            100 * found / count
        ),
        format!(
            "p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms (server {server:.0} µs, PostgreSQL {services:.0} µs of processor time each)",
            model::milliseconds(&latency_us, 50.0),
            model::milliseconds(&latency_us, 95.0),
            model::milliseconds(&latency_us, 99.0)
        ),
        "p95 < 50 ms on 100,000 documents",
    ));
    Ok(())
}

/// What is answered where nothing is found.
const NOTHING: &str = "{\"hits\":[]}";

/// The address of a question, by either order, around the middle of the town.
fn path(asked: &str, random: &mut Random) -> String {
    let mut encoded = String::new();
    for byte in asked.bytes() {
        encoded.push_str(&format!("%{byte:02x}"));
    }
    let order = ["relevance", "distance"][random.below(2)];
    let (lat, lon) = (f64::from(CENTRE.lat) / 1e7, f64::from(CENTRE.lon) / 1e7);
    format!("/api/search?q={encoded}&order={order}&view=@{lat},{lon},15")
}

/// Writes so many knots and messages, and waits until they can be read.
async fn fill(
    house: &House,
    extent: Extent,
    seed: u64,
    watch: Stopwatch,
) -> Result<(), MeasureError> {
    let town = Arc::new(Town::new(CENTRE, HALF));
    let mut writers = run::writers(
        house.address,
        &house.mailbox,
        (extent.writers, seed ^ 2),
        &town,
        watch,
    )
    .await?;
    let each = extent.documents.div_ceil(extent.writers as u32);
    let mut writing = JoinSet::new();
    for mut writer in writers.drain(..) {
        writer.mix = Mix::Telling;
        writing.spawn(async move {
            for _ in 0..each {
                let now = watch.now_us();
                writer.act(now, now + PATIENCE.as_micros() as u64).await;
                writer.tries.clear();
            }
            writer
        });
    }
    let written: Vec<Writer> = writing.join_all().await;
    let room = town::room(CENTRE, 9).map_or(String::new(), |room| room.to_string());
    let mut line = Line::to(house.address);
    for writer in written {
        // One wait is not enough for a projection that is far behind.
        let path = format!("/api/cells/{room}?min={}", writer.cursor);
        let end = watch.now_us() + PATIENCE.as_micros() as u64;
        while !line
            .get(&path)
            .await
            .is_ok_and(|answer| answer.status == 200)
        {
            if watch.now_us() > end {
                return Err(MeasureError::Read(format!("{path} is never readable")));
            }
        }
    }
    Ok(())
}
