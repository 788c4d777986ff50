//! `weltgewebe rebuild` while the product runs: all that the loads before wrote is folded anew.

use std::path::Path;

use tokio::process::Command;

use super::{Figure, MeasureError, figure};
use crate::house::House;

/// What a program answers that does not understand its command line.
const NOT_UNDERSTOOD: i32 = 2;

pub(super) async fn measure(
    binary: &Path,
    house: &House,
    figures: &mut Vec<Figure>,
) -> Result<(), MeasureError> {
    let output = Command::new(binary)
        .args(["rebuild", "--data"])
        .arg(house.data())
        .env_remove("DATABASE_URL")
        .env_remove("REDIS_URL")
        .output()
        .await
        .map_err(|error| MeasureError::Rebuild(error.to_string()))?;
    if output.status.code() == Some(NOT_UNDERSTOOD) {
        let why = "not measured: this binary has no verb `rebuild`";
        figures.push(figure(
            "rebuild of the read models",
            why,
            "≥ 200,000 events/s",
        ));
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    // Its last line says how many events there were, and how many a second.
    let told = said.lines().last().unwrap_or_default().to_owned();
    if !output.status.success() || told.is_empty() {
        let why = String::from_utf8_lossy(&output.stderr).into_owned();
        return Err(MeasureError::Rebuild(why));
    }
    figures.push(figure(
        "rebuild of the read models while the product runs",
        told,
        "≥ 200,000 events/s",
    ));
    Ok(())
}
