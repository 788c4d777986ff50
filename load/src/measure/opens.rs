//! Opening a knot among many, and a long conversation at its newest page and back to its first.

use std::sync::Arc;

use hdrhistogram::Histogram;
use serde::Deserialize;
use uuid::Uuid;

use super::asking::{Asked, Asking, ask};
use super::filling::Filling;
use super::{Extent, Figure, MeasureError, figure};
use crate::house::House;
use crate::http::Line;
use crate::model;
use crate::random::Random;
use crate::stopwatch::Stopwatch;
use crate::writer::Mix;

/// Askers at once: a few people who open things at the same time.
const ASKERS: u64 = 2;
/// Of the measured time each of the four addresses has its part.
const PARTS: u32 = 4;
/// Messages of one page, as the client asks for them.
const PAGE: u32 = 50;
const WANTED: &str = "< 150 ms";

/// A page of a conversation, as far as it is looked at.
#[derive(Deserialize)]
struct Page {
    messages: Vec<Said>,
}

#[derive(Deserialize)]
struct Said {
    id: Uuid,
    nth: u32,
}

pub(super) async fn measure(
    house: &House,
    extent: Extent,
    seed: u64,
    figures: &mut Vec<Figure>,
) -> Result<(), MeasureError> {
    let mut filling = Filling::begin(house, extent, seed).await?;
    filling.act(Mix::Settling, 2 * extent.knots).await;
    let mut random = Random::part(seed, 8_000_000);
    let talked = filling
        .town()
        .knot(&mut random)
        .ok_or_else(|| MeasureError::Read("nothing was knotted".to_owned()))?;
    filling.say(talked, extent.messages).await;
    filling.readable(house).await?;
    let among = format!(
        "among {} knots and about twice as many threads, {ASKERS} askers",
        extent.knots
    );
    for (what, before, after) in [
        ("a knot opens (`/api/page`)", "/api/page?path=/knoten/", ""),
        ("a knot's document", "/knoten/", "?lang=de"),
    ] {
        let town = Arc::clone(filling.town());
        let path = move |random: &mut Random| {
            let node = town.knot(random).unwrap_or(talked);
            format!("{before}{node}{after}").into()
        };
        let asked = ask(house, asking(extent, seed), path).await?;
        figures.push(opened(format!("{what} {among}"), &asked));
    }
    let long = format!("with {} messages, {ASKERS} askers", extent.messages);
    for (what, path) in [
        (
            "a conversation's newest page (`/api/nodes/{node}/messages`)",
            format!("/api/nodes/{talked}/messages?limit={PAGE}"),
        ),
        ("the document of its knot", format!("/knoten/{talked}")),
    ] {
        let path: Arc<str> = path.into();
        let path = move |_: &mut Random| Arc::clone(&path);
        let asked = ask(house, asking(extent, seed), path).await?;
        figures.push(opened(format!("{what} {long}"), &asked));
    }
    let (pages, latency_us) = back(house, talked, extent.messages).await?;
    figures.push(figure(
        format!("back to its first message, {pages} pages of {PAGE}, each"),
        format!(
            "p50 {:.1} ms, p95 {:.1} ms, the slowest {:.1} ms",
            model::milliseconds(&latency_us, 50.0),
            model::milliseconds(&latency_us, 95.0),
            model::milliseconds(&latency_us, 100.0)
        ),
        WANTED,
    ));
    Ok(())
}

fn asking(extent: Extent, seed: u64) -> Asking {
    Asking {
        askers: ASKERS,
        lasting: extent.lasting / PARTS,
        seed,
        empty_bytes: 0,
    }
}

fn opened(what: String, asked: &Asked) -> Figure {
    let [server, services, _] = asked.cpu_us;
    let kib = asked.bytes as f64 / asked.latency_us.len().max(1) as f64 / 1024.0;
    figure(
        what,
        format!(
            "p50 {:.1} ms, p95 {:.1} ms, the slowest of {} {:.1} ms ({kib:.1} KiB; server {server:.0} µs, PostgreSQL {services:.0} µs of processor time each)",
            asked.ms(50.0),
            asked.ms(95.0),
            asked.latency_us.len(),
            asked.ms(100.0)
        ),
        WANTED,
    )
}

/// Reads a conversation from its newest page to its first, where no message may be missing or come twice.
async fn back(
    house: &House,
    node: Uuid,
    count: u32,
) -> Result<(u32, Histogram<u64>), MeasureError> {
    let watch = Stopwatch::start();
    let mut line = Line::to(house.address);
    let (mut latency_us, mut pages) = (model::latencies(), 0);
    let (mut before, mut last) = (String::new(), None::<u32>);
    loop {
        let path = format!("/api/nodes/{node}/messages?limit={PAGE}{before}");
        let began = watch.now_us();
        let answer = line.get(&path).await;
        let answer = answer.map_err(|error| MeasureError::Read(error.to_string()))?;
        latency_us.saturating_record((watch.now_us() - began).max(1));
        pages += 1;
        let page: Page = serde_json::from_slice(&answer.body)
            .map_err(|error| MeasureError::Read(format!("{path}: {error}")))?;
        // Whichever way round a page is told, its oldest message leads to the one before it.
        let mut numbers: Vec<(u32, Uuid)> =
            page.messages.iter().map(|it| (it.nth, it.id)).collect();
        numbers.sort_unstable();
        for (nth, _) in numbers.iter().rev() {
            if last.is_some_and(|last| *nth + 1 != last) || (last.is_none() && *nth < count) {
                return Err(MeasureError::Read(format!(
                    "{path}: message {nth} after {last:?} of {count}"
                )));
            }
            last = Some(*nth);
        }
        match numbers.first() {
            Some((nth, id)) if *nth > 1 => before = format!("&before={id}"),
            Some(_) => return Ok((pages, latency_us)),
            None => {
                let why = format!("{path} is empty, after {last:?}");
                return Err(MeasureError::Read(why));
            }
        }
    }
}
