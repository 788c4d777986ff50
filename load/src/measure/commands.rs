//! Commands: how many a second when writers act one after the other, and how long each takes, and how long until it can be
//! read, when they come at a fixed rate.

use std::sync::Arc;
use std::time::Duration;

use hdrhistogram::Histogram;

use super::{Extent, Figure, MeasureError, figure, processor_s};
use crate::history::{Answer, History, Try};
use crate::house::House;
use crate::http::Line;
use crate::model::{self, Figures, Model};
use crate::run::{self, CENTRE};
use crate::stopwatch::Stopwatch;
use crate::town::{self, Town};
use crate::writer::{Mix, Writer};
use crate::{check, gather};

/// Half a side of the town, in units of 1e-7 degrees: some twenty kilometres, so that no room is crowded.
const HALF: i32 = 1_000_000;
/// Acts under way at a fixed rate, at most.
const UNDER_WAY: usize = 128;
/// How often it is looked how far the read models are.
const LOOK_EVERY: Duration = Duration::from_millis(50);

pub(super) async fn closed(
    house: &House,
    extent: Extent,
    seed: u64,
    figures: &mut Vec<Figure>,
) -> Result<(), MeasureError> {
    let of = format!("{} writers, each act after the one before", extent.writers);
    let measured = measured(
        house,
        extent,
        (Model::Closed { acts_min: 10 }, extent.writers),
        seed,
    )
    .await?;
    push(&of, &measured, ("≥ 15,000/s", ""), figures);
    Ok(())
}

pub(super) async fn open(
    house: &House,
    extent: Extent,
    seed: u64,
    figures: &mut Vec<Figure>,
) -> Result<(), MeasureError> {
    let per_second = extent.per_second;
    let of = format!("{per_second}/s at fixed moments");
    let model = Model::Open { per_second };
    let measured = measured(house, extent, (model, UNDER_WAY), seed ^ 1).await?;
    push(
        &of,
        &measured,
        ("all of them", "p50 ≤ 3 ms, p95 ≤ 10 ms"),
        figures,
    );
    Ok(())
}

/// What came of one load.
struct Measured {
    figures: Figures,
    /// From the acknowledgement to being readable, in microseconds.
    lag_us: Histogram<u64>,
    /// Processor time of an accepted command in microseconds: server, its services, this generator.
    cpu_us: [f64; 3],
    /// What the checker found.
    findings: usize,
}

async fn measured(
    house: &House,
    extent: Extent,
    (model, count): (Model, usize),
    seed: u64,
) -> Result<Measured, MeasureError> {
    let watch = Stopwatch::start();
    let town = Arc::new(Town::new(CENTRE, HALF));
    let room = town::room(CENTRE, 9).map_or(String::new(), |room| room.to_string());
    let before = gather::position(house.address, &room)
        .await
        .map_err(run::RunError::from)?;
    let mut writers = run::writers(
        house.address,
        &house.mailbox,
        (count + 1, seed),
        &town,
        watch,
    )
    .await?;
    let prober = writers.pop();
    writers
        .iter_mut()
        .for_each(|writer| writer.mix = Mix::Weaving);
    let (writers, _) = model::run(model, writers, extent.warming, watch).await;
    let cpu = processor_s(house);
    let (acted, probed) = tokio::join!(
        model::run(model, writers, extent.lasting, watch),
        probe(house, prober, extent.lasting, watch)
    );
    let ((writers, figures), (prober, lag_us)) = (acted, probed);
    let accepted = figures.accepted.max(1) as f64;
    let spent = processor_s(house);
    let cpu_us = std::array::from_fn(|part| (spent[part] - cpu[part]) * 1e6 / accepted);
    let tries: Vec<Try> = writers
        .into_iter()
        .chain(prober)
        .flat_map(|writer| writer.tries)
        .collect();
    // All of it is compared with the log: a figure of acts that were lost would be none.
    let (log, _) = gather::log_after(house.address, &before.0)
        .await
        .map_err(run::RunError::from)?;
    let history = History {
        from: before.1,
        tries,
        log,
        ..History::default()
    };
    Ok(Measured {
        figures,
        lag_us,
        cpu_us,
        findings: check::check(&history).len(),
    })
}

/// Someone who acts now and then, and after each acknowledgement asks for a state that includes the act.
async fn probe(
    house: &House,
    prober: Option<Writer>,
    lasting: Duration,
    watch: Stopwatch,
) -> (Option<Writer>, Histogram<u64>) {
    let mut lag_us = model::latencies();
    let Some(mut prober) = prober else {
        return (None, lag_us);
    };
    // A room far from the load, so that reading it costs next to nothing.
    let nowhere = crate::act::Place { lat: 0, lon: 0 };
    let room = town::room(nowhere, 9).map_or(String::new(), |room| room.to_string());
    let mut line = Line::to(house.address);
    let end = watch.now_us() + lasting.as_micros() as u64;
    while watch.now_us() < end {
        let began = watch.now_us();
        if let Answer::Accepted { .. } = prober.act(began, end).await {
            let path = format!("/api/cells/{room}?min={}", prober.cursor);
            let acknowledged = watch.now_us();
            if line.get(&path).await.is_ok_and(|it| it.status == 200) {
                lag_us.saturating_record((watch.now_us() - acknowledged).max(1));
            }
        }
        tokio::time::sleep(LOOK_EVERY).await;
    }
    (Some(prober), lag_us)
}

fn push(
    of: &str,
    measured: &Measured,
    (wanted_rate, wanted_latency): (&'static str, &'static str),
    table: &mut Vec<Figure>,
) {
    let Measured {
        figures,
        lag_us,
        cpu_us: [server, services, generator],
        findings,
    } = measured;
    table.push(figure(
        format!("accepted commands, {of}"),
        format!(
            "{:.0}/s ({} refused as they should be, {} undecided, {findings} findings of the checker)",
            figures.per_second(),
            figures.refused,
            figures.open
        ),
        wanted_rate,
    ));
    table.push(figure(
        format!("from the intended moment to the decision, {of}"),
        format!(
            "p50 {:.1} ms, p95 {:.1} ms, p99 {:.1} ms",
            figures.latency_ms(50.0),
            figures.latency_ms(95.0),
            figures.latency_ms(99.0)
        ),
        wanted_latency,
    ));
    table.push(figure(
        format!("from the acknowledgement to being readable, {of}"),
        format!(
            "p50 {:.0} ms, p99 {:.0} ms",
            model::milliseconds(lag_us, 50.0),
            model::milliseconds(lag_us, 99.0)
        ),
        if wanted_latency.is_empty() {
            ""
        } else {
            "p99 < 100 ms"
        },
    ));
    table.push(figure(
        format!("processor time of one accepted command, {of}"),
        format!(
            "server {server:.0} µs, PostgreSQL and Redis {services:.0} µs, generator {generator:.0} µs"
        ),
        "",
    ));
}
