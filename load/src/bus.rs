//! A product's Redis, asked from outside as its operator could.

use std::fs;
use std::path::Path;
use std::time::Duration;

use redis::{
    Client, ConnectionAddr, ConnectionInfo, IntoConnectionInfo, RedisConnectionInfo, RedisResult,
    Value, cmd,
};
use tokio::time::{Instant, sleep, timeout};

/// How long Redis may take to be there again after an earlier fault, and how long one question may take.
const BACK_PATIENCE: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(2);
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
#[error("Redis did not do {words}: {why}")]
pub struct BusError {
    words: String,
    why: String,
}

/// Has the Redis that works on a data folder do something.
///
/// # Errors
/// When it did not for half a minute.
pub async fn ask(data: &Path, words: &[&str]) -> Result<(), BusError> {
    let latest = Instant::now() + BACK_PATIENCE;
    loop {
        let why = match timeout(PATIENCE, once(data, words)).await {
            Ok(Ok(_)) => return Ok(()),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer".to_owned(),
        };
        if Instant::now() > latest {
            let words = words.join(" ");
            return Err(BusError { words, why });
        }
        sleep(AGAIN_AFTER).await;
    }
}

async fn once(data: &Path, words: &[&str]) -> RedisResult<Value> {
    let client = Client::open(connection(data)?)?;
    let mut connection = client.get_multiplexed_async_connection().await?;
    let mut command = cmd(words[0]);
    command.arg(&words[1..]).query_async(&mut connection).await
}

/// By the settings that the server wrote for it.
fn connection(data: &Path) -> RedisResult<ConnectionInfo> {
    let settings = fs::read_to_string(data.join("redis/redis.conf"))?;
    let setting = |name: &str| {
        let found = settings.lines().find_map(|line| line.strip_prefix(name));
        found
            .unwrap_or_default()
            .trim()
            .trim_matches('"')
            .to_owned()
    };
    let socket = ConnectionAddr::Unix(setting("unixsocket ").into());
    let redis = RedisConnectionInfo::default().set_password(setting("requirepass "));
    Ok(socket.into_connection_info()?.set_redis_settings(redis))
}
