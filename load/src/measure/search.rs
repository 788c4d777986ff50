//! `GET /api/search`: what people type, among many documents.

use super::asking::{Asking, ask};
use super::filling::Filling;
use super::{Extent, Figure, MeasureError, figure};
use crate::house::House;
use crate::random::Random;
use crate::run::CENTRE;
use crate::words;
use crate::writer::Mix;

/// Askers at once: a few people who type at the same time.
const ASKERS: u64 = 2;
/// What is answered where nothing is found.
const NOTHING: &str = "{\"hits\":[]}";

pub(super) async fn measure(
    house: &House,
    extent: Extent,
    seed: u64,
    figures: &mut Vec<Figure>,
) -> Result<(), MeasureError> {
    let mut filling = Filling::begin(house, extent, seed).await?;
    filling.act(Mix::Telling, extent.documents).await;
    filling.readable(house).await?;
    let asking = Asking {
        askers: ASKERS,
        lasting: extent.lasting,
        seed,
        empty_bytes: NOTHING.len(),
    };
    let asked = ask(house, asking, |random| {
        path(&words::question(random), random).into()
    })
    .await?;
    let [server, services, _] = asked.cpu_us;
    figures.push(figure(
        format!(
            "search among {} documents, {ASKERS} askers: beginnings, words, two words, typos and what is not there, {} % of them with results",
            extent.documents,
            100 * asked.full / asked.latency_us.len().max(1)
        ),
        format!(
            "p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms (server {server:.0} µs, PostgreSQL {services:.0} µs of processor time each)",
            asked.ms(50.0),
            asked.ms(95.0),
            asked.ms(99.0)
        ),
        "p95 < 50 ms on 100,000 documents",
    ));
    Ok(())
}

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
