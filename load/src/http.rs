//! HTTP/1.1 over one connection that is kept: as little as it takes, since the generator shares the machine with what
//! it measures.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// Longer than the server waits for its own answer.
const PATIENCE: Duration = Duration::from_secs(20);
/// Bytes of one answer.
const ANSWER_MAX: usize = 256 * 1024 * 1024;
const HEADERS_MAX: usize = 32;

/// Why there is no answer. Nothing is known of what became of the request.
#[derive(Debug, thiserror::Error)]
pub enum HttpError {
    #[error("the connection failed: {0}")]
    Io(#[from] io::Error),
    #[error("no answer came in time")]
    Slow,
    #[error("that is no answer: {0}")]
    Unreadable(&'static str),
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    /// The first cookie that is set, as `name=value`.
    pub cookie: Option<String>,
    pub body: Vec<u8>,
}

/// A connection that is made anew when it broke.
#[derive(Debug)]
pub struct Line {
    address: SocketAddr,
    stream: Option<TcpStream>,
    request: Vec<u8>,
    heard: Vec<u8>,
}

impl Line {
    /// Connects at the first request.
    #[must_use]
    pub const fn to(address: SocketAddr) -> Self {
        Self {
            address,
            stream: None,
            request: Vec::new(),
            heard: Vec::new(),
        }
    }

    /// `GET path`.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn get(&mut self, path: &str) -> Result<Answer, HttpError> {
        self.ask("GET", path, "", &[]).await
    }

    /// `POST path` with JSON, and with a cookie where `cookie` is not empty.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn post(
        &mut self,
        path: &str,
        cookie: &str,
        json: &[u8],
    ) -> Result<Answer, HttpError> {
        self.ask("POST", path, cookie, json).await
    }

    async fn ask(
        &mut self,
        method: &str,
        path: &str,
        cookie: &str,
        json: &[u8],
    ) -> Result<Answer, HttpError> {
        self.request.clear();
        let head = format!("{method} {path} HTTP/1.1\r\nhost: {}\r\n", self.address);
        self.request.extend_from_slice(head.as_bytes());
        if !cookie.is_empty() {
            self.request
                .extend_from_slice(format!("cookie: {cookie}\r\n").as_bytes());
        }
        if method == "POST" {
            let about = format!(
                "content-type: application/json\r\ncontent-length: {}\r\n",
                json.len()
            );
            self.request.extend_from_slice(about.as_bytes());
        }
        self.request.extend_from_slice(b"\r\n");
        self.request.extend_from_slice(json);
        let answered = timeout(PATIENCE, self.exchange()).await;
        let answer = answered.unwrap_or(Err(HttpError::Slow));
        if answer.is_err() {
            self.stream = None;
        }
        answer
    }

    async fn exchange(&mut self) -> Result<Answer, HttpError> {
        // Taken out, so that a connection that is left in the middle is never used again.
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let stream = TcpStream::connect(self.address).await?;
                stream.set_nodelay(true)?;
                stream
            }
        };
        stream.write_all(&self.request).await?;
        self.heard.clear();
        loop {
            if stream.read_buf(&mut self.heard).await? == 0 {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
            if let Some(head) = head(&self.heard)? {
                let whole = head.bytes + head.body;
                if whole > ANSWER_MAX {
                    return Err(HttpError::Unreadable("it is too long"));
                }
                while self.heard.len() < whole {
                    if stream.read_buf(&mut self.heard).await? == 0 {
                        return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
                    }
                }
                if !head.closes {
                    self.stream = Some(stream);
                }
                return Ok(Answer {
                    status: head.status,
                    cookie: head.cookie,
                    body: self.heard[head.bytes..whole].to_vec(),
                });
            }
        }
    }
}

struct Head {
    status: u16,
    cookie: Option<String>,
    /// Of the head itself.
    bytes: usize,
    /// Of what follows it.
    body: usize,
    closes: bool,
}

/// The head, as soon as all of it is there.
fn head(heard: &[u8]) -> Result<Option<Head>, HttpError> {
    let mut headers = [httparse::EMPTY_HEADER; HEADERS_MAX];
    let mut response = httparse::Response::new(&mut headers);
    let parsed = response
        .parse(heard)
        .map_err(|_| HttpError::Unreadable("its head is malformed"))?;
    let httparse::Status::Complete(bytes) = parsed else {
        return Ok(None);
    };
    let text = |name: &str| {
        let header = response
            .headers
            .iter()
            .find(|header| header.name.eq_ignore_ascii_case(name));
        header.and_then(|header| std::str::from_utf8(header.value).ok())
    };
    if text("transfer-encoding").is_some() {
        return Err(HttpError::Unreadable("its length is not said beforehand"));
    }
    let body = match text("content-length") {
        Some(length) => length
            .parse()
            .map_err(|_| HttpError::Unreadable("its length is no number"))?,
        None => 0,
    };
    let cookie = text("set-cookie").and_then(|cookie| cookie.split(';').next());
    Ok(Some(Head {
        status: response.code.unwrap_or_default(),
        cookie: cookie.map(str::to_owned),
        bytes,
        body,
        closes: text("connection").is_some_and(|said| said.eq_ignore_ascii_case("close")),
    }))
}
