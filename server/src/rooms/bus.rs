//! The bus between instances: a Redis Stream per epoch, whose entry ids are event ids. At least once, in id order, with
//! gaps where Redis lost something: readers look for them. It carries sealed events only.

use std::sync::Arc;
use std::time::Duration;

use domain::event::Event;
use domain::id::Epoch;
use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, RedisError, RedisResult, Value};
use tokio::sync::watch;

/// Events that the stream keeps, about: whoever is farther behind reads the log.
const STREAM_MAX: usize = 100_000;
/// Events of one read.
const READ_MAX: usize = 1000;
/// How long a read waits for news, in milliseconds.
const BLOCK_MS: u64 = 1000;
/// An answer that takes longer is none. Reads wait for [`BLOCK_MS`] before that.
const PATIENCE: Duration = Duration::from_secs(2);

/// What goes wrong with the bus. Nothing but lateness follows from it.
#[derive(Debug, thiserror::Error)]
pub enum BusError {
    #[error("the bus does not work: {0}")]
    Redis(#[from] RedisError),
    #[error("an event can't be put on the bus: {0}")]
    Encode(#[from] serde_json::Error),
}

/// Where the bus is.
#[derive(Clone, Debug)]
pub(super) struct Bus {
    client: Client,
    stream: String,
    /// Whether what lies on it is known to be of this log.
    is_ours: Arc<watch::Sender<bool>>,
}

/// Puts events on the bus. Connects when it must.
#[derive(Debug)]
pub(super) struct Publisher {
    bus: Bus,
    connection: Option<MultiplexedConnection>,
}

/// Reads events from the bus, on a connection of its own, since a read blocks it.
#[derive(Debug)]
pub(super) struct Follower {
    bus: Bus,
    connection: Option<MultiplexedConnection>,
}

impl Bus {
    pub(super) fn new(url: &str, epoch: Epoch) -> Result<Self, BusError> {
        Ok(Self {
            client: Client::open(url)?,
            stream: format!("wg:{}:events", epoch.0.simple()),
            is_ours: Arc::new(watch::Sender::new(false)),
        })
    }

    pub(super) fn publisher(&self) -> Publisher {
        Publisher {
            bus: self.clone(),
            connection: None,
        }
    }

    pub(super) fn follower(&self) -> Follower {
        Follower {
            bus: self.clone(),
            connection: None,
        }
    }

    async fn connection(
        &self,
        kept: &mut Option<MultiplexedConnection>,
    ) -> RedisResult<MultiplexedConnection> {
        if let Some(connection) = kept {
            return Ok(connection.clone());
        }
        let config = AsyncConnectionConfig::new()
            .set_connection_timeout(Some(PATIENCE))
            .set_response_timeout(Some(PATIENCE + Duration::from_millis(BLOCK_MS)));
        let connection = self
            .client
            .get_multiplexed_async_connection_with_config(&config)
            .await?;
        Ok(kept.insert(connection).clone())
    }
}

impl Publisher {
    /// Puts `batch` on the bus, in order. What is there already, by this or another instance, is left alone.
    pub(super) async fn publish(&mut self, batch: &[Event]) -> Result<(), BusError> {
        let mut pipe = redis::pipe();
        pipe.ignore_errors();
        for event in batch {
            pipe.cmd("XADD")
                .arg(&self.bus.stream)
                .arg("MAXLEN")
                .arg("~")
                .arg(STREAM_MAX)
                .arg(format!("{}-0", event.id))
                .arg("event")
                .arg(serde_json::to_string(event)?);
        }
        let sent = async {
            let mut connection = self.bus.connection(&mut self.connection).await?;
            let answers: Vec<RedisResult<Value>> = pipe.query_async(&mut connection).await?;
            answers
                .into_iter()
                .filter_map(Result::err)
                .find(|error| !is_there_already(error))
                .map_or(Ok(()), Err)
        };
        let sent: RedisResult<()> = sent.await;
        if sent.is_err() {
            self.connection = None;
        }
        Ok(sent?)
    }

    /// Says that what lies on the bus is of this log: whoever waits for that may read it.
    pub(super) fn trust(&self) {
        self.bus.is_ours.send_replace(true);
    }

    /// Takes away what lies on the bus.
    pub(super) async fn clear(&mut self) -> Result<(), BusError> {
        let cleared = async {
            let mut connection = self.bus.connection(&mut self.connection).await?;
            let mut clear = redis::cmd("DEL");
            clear.arg(&self.bus.stream);
            clear.query_async::<()>(&mut connection).await
        };
        let cleared: RedisResult<()> = cleared.await;
        if cleared.is_err() {
            self.connection = None;
        }
        Ok(cleared?)
    }

    /// The newest event on the bus.
    pub(super) async fn newest(&mut self) -> Result<Option<Event>, BusError> {
        let read = async {
            let mut connection = self.bus.connection(&mut self.connection).await?;
            redis::cmd("XREVRANGE")
                .arg(&self.bus.stream)
                .arg(&["+", "-", "COUNT", "1"])
                .query_async(&mut connection)
                .await
        };
        let read: RedisResult<Value> = read.await;
        if read.is_err() {
            self.connection = None;
        }
        Ok(entries(&read?).pop())
    }
}

/// Redis refuses ids that are not greater than the last one.
fn is_there_already(error: &RedisError) -> bool {
    error.to_string().contains("equal or smaller")
}

impl Follower {
    /// Waits until what lies on the bus is known to be of this log.
    pub(super) async fn trusted(&self) {
        // It cannot close while `self` has its sender.
        let _ = self.bus.is_ours.subscribe().wait_for(|ours| *ours).await;
    }

    /// Waits about a second for events after `from`; what is there comes in order, perhaps with gaps. Must not be
    /// cancelled: the connection would be left waiting for its answer.
    pub(super) async fn follow(&mut self, from: i64) -> Result<Vec<Event>, BusError> {
        let read = async {
            let mut connection = self.bus.connection(&mut self.connection).await?;
            redis::cmd("XREAD")
                .arg("COUNT")
                .arg(READ_MAX)
                .arg("BLOCK")
                .arg(BLOCK_MS)
                .arg("STREAMS")
                .arg(&self.bus.stream)
                .arg(format!("{from}-0"))
                .query_async(&mut connection)
                .await
        };
        let read: RedisResult<Value> = read.await;
        if read.is_err() {
            self.connection = None;
        }
        // One stream: [[name, entries]].
        Ok(match read? {
            Value::Array(streams) => match streams.first() {
                Some(Value::Array(stream)) => stream.get(1).map(entries).unwrap_or_default(),
                _ => Vec::new(),
            },
            _ => Vec::new(),
        })
    }
}

/// The events of a list of entries, [[id, [field, value]]…]. What this program can't read is left out: the gap that it
/// leaves is seen, and the log read instead.
fn entries(list: &Value) -> Vec<Event> {
    let Value::Array(list) = list else {
        return Vec::new();
    };
    list.iter()
        .filter_map(|entry| {
            let Value::Array(entry) = entry else {
                return None;
            };
            let Some(Value::Array(fields)) = entry.get(1) else {
                return None;
            };
            match fields.get(1) {
                Some(Value::BulkString(event)) => serde_json::from_slice(event).ok(),
                _ => None,
            }
        })
        .collect()
}
