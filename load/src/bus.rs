//! A product's Redis, asked from outside as its operator could: in lines, as `nc` would send them.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep, timeout};

/// How long Redis may take to be there again after an earlier fault, and how long one question may take.
const BACK_PATIENCE: Duration = Duration::from_secs(30);
const PATIENCE: Duration = Duration::from_secs(2);
const AGAIN_AFTER: Duration = Duration::from_millis(100);

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
#[error("Redis, {words}: {why}")]
pub struct BusError {
    words: String,
    why: String,
}

/// Has the Redis that works on a data folder do something.
///
/// # Errors
/// When it did not for half a minute.
pub async fn ask(data: &Path, words: &str) -> Result<(), BusError> {
    let latest = Instant::now() + BACK_PATIENCE;
    loop {
        let why = match timeout(PATIENCE, once(data, words)).await {
            Ok(Ok(answer)) if !answer.is_empty() && !answer.starts_with('-') => return Ok(()),
            Ok(Ok(answer)) => answer,
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer".to_owned(),
        };
        if Instant::now() > latest {
            let words = words.to_owned();
            return Err(BusError { words, why });
        }
        sleep(AGAIN_AFTER).await;
    }
}

async fn once(data: &Path, words: &str) -> io::Result<String> {
    let mut stream =
        UnixStream::connect(setting(data, "unixsocket").map_err(io::Error::other)?).await?;
    let password = setting(data, "requirepass").map_err(io::Error::other)?;
    // After the last one it hangs up.
    let question = format!("AUTH {password}\r\n{words}\r\nQUIT\r\n");
    stream.write_all(question.as_bytes()).await?;
    let mut answers = String::new();
    stream.read_to_string(&mut answers).await?;
    let answer = answers.strip_prefix("+OK\r\n").unwrap_or(&answers);
    Ok(answer.strip_suffix("+OK\r\n").unwrap_or(answer).to_owned())
}

/// What the server has written for its Redis.
///
/// # Errors
/// When there is no such setting, or no file of them.
pub fn setting(data: &Path, name: &str) -> Result<String, BusError> {
    let missing = |why: &dyn std::fmt::Display| BusError {
        words: format!("the setting {name}"),
        why: why.to_string(),
    };
    let path = data.join("redis/redis.conf");
    let settings = fs::read_to_string(&path).map_err(|error| missing(&error))?;
    let found = settings
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let found = found.ok_or_else(|| missing(&"there is none"))?;
    Ok(found.trim_matches('"').to_owned())
}
