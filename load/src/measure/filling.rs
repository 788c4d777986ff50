//! Filling the house with what is going to be read: by the same door as everyone, until the last of it can be read.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use uuid::Uuid;

use super::{Extent, MeasureError};
use crate::house::House;
use crate::http::Line;
use crate::run::{self, CENTRE};
use crate::stopwatch::Stopwatch;
use crate::town::{self, Town};
use crate::writer::{Mix, Writer};

/// Half a side of where it lies.
const HALF: i32 = 1_000_000;
/// How long an act may take to be written, and all of it to be readable.
const PATIENCE: Duration = Duration::from_secs(60);

/// Somebody who fills it.
pub(super) struct Filling {
    town: Arc<Town>,
    watch: Stopwatch,
    writers: Vec<Writer>,
}

impl Filling {
    /// Lets as many sign in as the extent says.
    ///
    /// # Errors
    /// When the server does not let them in.
    pub(super) async fn begin(
        house: &House,
        extent: Extent,
        seed: u64,
    ) -> Result<Self, MeasureError> {
        let (watch, town) = (Stopwatch::start(), Arc::new(Town::new(CENTRE, HALF)));
        let whose = (extent.writers, seed ^ 2);
        let writers = run::writers(house.address, &house.mailbox, whose, &town, watch).await?;
        Ok(Self {
            town,
            watch,
            writers,
        })
    }

    /// What lies there.
    pub(super) fn town(&self) -> &Arc<Town> {
        &self.town
    }

    /// Writes so many acts of that mix.
    pub(super) async fn act(&mut self, mix: Mix, count: u32) {
        self.writers.iter_mut().for_each(|writer| writer.mix = mix);
        self.write(count, None).await;
    }

    /// Says so much at one knot.
    pub(super) async fn say(&mut self, node: Uuid, count: u32) {
        self.write(count, Some(node)).await;
    }

    async fn write(&mut self, count: u32, node: Option<Uuid>) {
        let each = count.div_ceil(self.writers.len().max(1) as u32);
        let watch = self.watch;
        let mut writing = JoinSet::new();
        for mut writer in self.writers.drain(..) {
            writing.spawn(async move {
                for _ in 0..each {
                    let now = watch.now_us();
                    let until = now + PATIENCE.as_micros() as u64;
                    match node {
                        Some(node) => writer.say_at(node, until).await,
                        None => writer.act(now, until).await,
                    };
                    writer.tries.clear();
                }
                writer
            });
        }
        self.writers = writing.join_all().await;
    }

    /// Waits until all of it can be read.
    ///
    /// # Errors
    /// When it can't within a minute from now.
    pub(super) async fn readable(&self, house: &House) -> Result<(), MeasureError> {
        let room = town::room(CENTRE, 9).map_or(String::new(), |room| room.to_string());
        let mut line = Line::to(house.address);
        for writer in &self.writers {
            // One wait is not enough for a projection that is far behind.
            let path = format!("/api/cells/{room}?min={}", writer.cursor);
            let end = self.watch.now_us() + PATIENCE.as_micros() as u64;
            while !line
                .get(&path)
                .await
                .is_ok_and(|answer| answer.status == 200)
            {
                if self.watch.now_us() > end {
                    return Err(MeasureError::Read(format!("{path} is never readable")));
                }
            }
        }
        Ok(())
    }
}
