//! Letters: taken from the waiting ones and sent by SMTP where it is configured.

use std::time::Duration;

use lettre::message::Mailbox;
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use store::spool::letters::{self, Letter};
use store::{Store, StoreError};

/// How often waiting letters are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// A letter that could not be sent is tried again after so long times its tries, in milliseconds.
const RETRY_MS: i64 = 15_000;

/// Sends waiting letters.
#[derive(Debug)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
    /// Where people reach this server: links begin with it.
    base: String,
}

/// The configuration of mail is not usable.
#[derive(Debug, thiserror::Error)]
pub enum MailerError {
    #[error(
        "WELTGEWEBE_SMTP is no SMTP address: {0}. Fix: for example smtps://user:password@mail.example.org."
    )]
    Address(#[from] lettre::transport::smtp::Error),
    #[error(
        "WELTGEWEBE_MAIL_FROM is no mail address: {0}. Fix: for example `Weltgewebe <weben@example.org>`."
    )]
    From(#[from] lettre::address::AddressError),
    #[error("WELTGEWEBE_URL is missing. Fix: the address by which people reach this server, for the links in letters, for example https://weben.example.org.")]
    Base,
}

impl Mailer {
    /// From `WELTGEWEBE_SMTP`, `WELTGEWEBE_MAIL_FROM` and `WELTGEWEBE_URL`.
    ///
    /// # Errors
    /// When one of them can't be read.
    pub fn new(smtp: &str, from: &str, base: &str) -> Result<Self, MailerError> {
        let base = base.trim_end_matches('/');
        if !(base.starts_with("http://") || base.starts_with("https://")) {
            return Err(MailerError::Base);
        }
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp)?.build();
        Ok(Self { transport, from: from.parse()?, base: base.to_owned() })
    }

    /// Sends what waits until the task is ended. What fails waits for its next turn.
    pub async fn run(self, store: Store) {
        loop {
            if let Err(error) = self.send_waiting(&store).await {
                tracing::warn!(%error, "letters could not be looked up: {error}");
            }
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    async fn send_waiting(&self, store: &Store) -> Result<(), StoreError> {
        for letter in letters::take(store).await? {
            match self.send(&letter).await {
                Ok(()) => letters::sent(store, letter.id).await?,
                Err(reason) => {
                    tracing::warn!(letter.id = %letter.id, %reason, "letter {} could not be sent: {reason}", letter.id);
                    let next = store.now() + RETRY_MS * i64::from(letter.tries + 1);
                    letters::failed(store, letter.id, next).await?;
                }
            }
        }
        Ok(())
    }

    async fn send(&self, letter: &Letter) -> Result<(), String> {
        let (subject, body) = words(letter, &self.base);
        let message = Message::builder()
            .from(self.from.clone())
            .to(letter.to.parse().map_err(|error| format!("{error}"))?)
            .subject(subject)
            .body(body)
            .map_err(|error| error.to_string())?;
        self.transport.send(message).await.map(|_| ()).map_err(|error| error.to_string())
    }
}

/// Subject and body of a letter whose link begins with `base`.
pub(super) fn words(letter: &Letter, base: &str) -> (String, String) {
    let link = format!("{base}/anmelden/{}", letter.login.token);
    app::letter::login(letter.lang, &letter.login.code, &link)
}
