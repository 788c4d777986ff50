//! From the start of the process to "is ready", and what it takes when nothing happens.

use std::path::Path;
use std::time::Duration;

use super::{Figure, MeasureError, figure, mebibytes};
use crate::house::House;

/// Later starts that are tried.
const LATER: usize = 3;
/// How long nothing happens before memory is looked at.
const QUIET: Duration = Duration::from_secs(3);

pub(super) async fn measure(binary: &Path, figures: &mut Vec<Figure>) -> Result<(), MeasureError> {
    let mut house = House::start(binary).await?;
    let first = house.started_in;
    let mut later = Vec::new();
    for _ in 0..LATER {
        house.stop().await?;
        house.start_again().await?;
        later.push(house.started_in);
    }
    later.sort();
    let seconds = |time: Duration| format!("{:.2} s", time.as_secs_f64());
    let median = later.get(LATER / 2).copied().unwrap_or_default();
    figures.push(figure(
        "first start to ready (makes the database)",
        seconds(first),
        "< 10 s",
    ));
    figures.push(figure(
        "later start to ready (median of 3)",
        seconds(median),
        "< 2 s",
    ));
    tokio::time::sleep(QUIET).await;
    let (server, services) = house.numbers();
    figures.push(figure(
        "resident memory, idle: server; its PostgreSQL and Redis (shared pages counted in each process)",
        format!(
            "{}; {}",
            mebibytes(server.resident_kib),
            mebibytes(services.resident_kib)
        ),
        "< 60 MiB",
    ));
    house.stop().await?;
    Ok(())
}
