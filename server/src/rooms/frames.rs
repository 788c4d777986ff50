//! The frames of a socket. Texts are written from the bytes that all sockets share: tungstenite would copy each one into a
//! buffer of the socket's own, which stays as large as the largest text ever was.

use std::io::{self, IoSlice};
use std::sync::Arc;

use domain::wire::{CLIENT_MESSAGE_MAX, CloseCode};
use futures::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::frame::Utf8Bytes;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

/// Bytes read at once: clients say little.
const READ_BUFFER: usize = 512;
/// A text that is whole in one frame (RFC 6455, 5.2).
const WHOLE_TEXT: u8 = 0x81;

/// An open socket.
#[derive(Debug)]
pub(super) struct Frames<Io> {
    socket: WebSocketStream<Io>,
    unsent: Option<Unsent>,
}

/// A frame on its way.
#[derive(Debug)]
struct Unsent {
    head: [u8; 10],
    head_bytes: u8,
    text: Arc<str>,
    /// Of head and text together.
    sent: usize,
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Frames<Io> {
    /// After the handshake.
    pub(super) async fn after_handshake(io: Io) -> Self {
        let config = WebSocketConfig::default()
            .read_buffer_size(READ_BUFFER)
            .write_buffer_size(0)
            .max_message_size(Some(CLIENT_MESSAGE_MAX))
            .max_frame_size(Some(CLIENT_MESSAGE_MAX));
        Self {
            socket: WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await,
            unsent: None,
        }
    }

    /// What is said next; none when the line has ended. May be cut off: nothing is lost.
    pub(super) async fn next(&mut self) -> Option<Result<Message, Error>> {
        self.socket.next().await
    }

    /// Writes a text. Cut off, it is finished before the close.
    ///
    /// # Errors
    /// When the line is broken.
    pub(super) async fn text(&mut self, text: Arc<str>) -> Result<(), Error> {
        // A pong may stand half written in the socket's own buffer.
        self.socket.flush().await?;
        self.unsent = Some(Unsent::new(text));
        Ok(self.finish().await?)
    }

    /// Says why it ends.
    ///
    /// # Errors
    /// When the line is broken.
    pub(super) async fn close(&mut self, code: CloseCode) -> Result<(), Error> {
        self.finish().await?;
        let frame = CloseFrame {
            code: code.code().into(),
            reason: Utf8Bytes::from_static(code.sentence()),
        };
        self.socket.send(Message::Close(Some(frame))).await
    }

    /// Hears out what the client had still to say, whatever it is: a line that is dropped before takes the close with it.
    pub(super) async fn hear_out(&mut self) {
        while let Some(Ok(_)) = self.next().await {}
        let io = self.socket.get_mut();
        let mut heard = [0; READ_BUFFER];
        while matches!(io.read(&mut heard).await, Ok(bytes) if bytes > 0) {}
    }

    async fn finish(&mut self) -> io::Result<()> {
        let io = self.socket.get_mut();
        while let Some(unsent) = self.unsent.as_mut().filter(|unsent| !unsent.is_whole()) {
            match io.write_vectored(&unsent.rest()).await? {
                0 => return Err(io::ErrorKind::WriteZero.into()),
                bytes => unsent.sent += bytes,
            }
        }
        self.unsent = None;
        io.flush().await
    }
}

impl Unsent {
    fn new(text: Arc<str>) -> Self {
        let mut head = [0; 10];
        head[0] = WHOLE_TEXT;
        let length = text.len();
        let head_bytes = if length < 126 {
            head[1] = length as u8;
            2
        } else if let Ok(length) = u16::try_from(length) {
            head[1] = 126;
            head[2..4].copy_from_slice(&length.to_be_bytes());
            4
        } else {
            head[1] = 127;
            head[2..].copy_from_slice(&(length as u64).to_be_bytes());
            10
        };
        Self {
            head,
            head_bytes,
            text,
            sent: 0,
        }
    }

    fn is_whole(&self) -> bool {
        self.sent == usize::from(self.head_bytes) + self.text.len()
    }

    fn rest(&self) -> [IoSlice<'_>; 2] {
        let head = &self.head[..self.head_bytes.into()];
        let of_text = self.sent.saturating_sub(head.len());
        [
            IoSlice::new(&head[self.sent.min(head.len())..]),
            IoSlice::new(&self.text.as_bytes()[of_text..]),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Through a line that takes a few bytes at a time, to a client that knows nothing of this.
    #[tokio::test]
    async fn texts_of_every_length_arrive_whole_and_a_close_behind_what_was_cut_off() {
        let (here, there) = tokio::io::duplex(7);
        let mut frames = Frames::after_handshake(here).await;
        let mut client = WebSocketStream::from_raw_socket(there, Role::Client, None).await;
        let texts =
            [0, 1, 125, 126, 127, 65_535, 65_536, 70_000].map(|length| "ü".repeat(length / 2));
        let hearing = tokio::spawn(async move {
            let mut heard = Vec::new();
            while let Some(Ok(message)) = client.next().await {
                heard.push(message);
            }
            heard
        });
        for text in &texts {
            frames
                .text(text.as_str().into())
                .await
                .expect("an open line");
        }
        // Polled once: it has begun.
        let cut_off = frames.text("to the end".into());
        assert!(futures::poll!(Box::pin(cut_off)).is_pending());
        frames
            .close(CloseCode::TooSlow)
            .await
            .expect("an open line");
        while let Some(Ok(_)) = frames.next().await {}
        drop(frames);
        let heard = hearing.await.expect("no panic");
        let wanted = texts.iter().map(String::as_str).chain(["to the end"]);
        let (close, heard) = heard.split_last().expect("a close");
        let heard: Vec<_> = heard.iter().map(|it| it.to_text().expect("text")).collect();
        assert_eq!(heard, wanted.collect::<Vec<_>>());
        let Message::Close(Some(frame)) = close else {
            panic!("{close:?}");
        };
        assert_eq!(u16::from(frame.code), CloseCode::TooSlow.code());
    }
}
