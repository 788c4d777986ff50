//! Letters: taken from the waiting ones and sent by SMTP where it is configured.

use std::env;
use std::time::Duration;

use lettre::message::{Mailbox, SinglePart};
use lettre::{AsyncSmtpTransport, AsyncTransport, Message, Tokio1Executor};
use store::spool::{Letter, claim_letters, letter_done};
use store::{Store, StoreError};

/// How often waiting letters are looked for.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// Letters sent in one go.
const BATCH: i64 = 20;

/// Sends waiting letters.
#[derive(Clone, Debug)]
pub struct Mailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
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
    #[error(
        "WELTGEWEBE_URL is missing. Fix: the address by which people reach this server, for the links in letters, \
         for example https://weben.example.org."
    )]
    PublicUrl,
}

/// How letters reach people.
#[derive(Clone, Debug, Default)]
pub struct Letters {
    /// None: they are read in the embedded mailbox.
    pub mailer: Option<Mailer>,
    /// Where people reach this server, for the links in letters; without a slash at its end.
    pub public_url: Option<String>,
}

impl Letters {
    /// From `WELTGEWEBE_SMTP`, `WELTGEWEBE_MAIL_FROM` and `WELTGEWEBE_URL`.
    ///
    /// # Errors
    /// When one of them can't be read, or is missing beside the first.
    pub fn from_environment() -> Result<Self, MailerError> {
        let said = |name| env::var(name).ok().filter(|value| !value.is_empty());
        let public_url = said("WELTGEWEBE_URL").map(|url| url.trim_end_matches('/').to_owned());
        let mailer = match said("WELTGEWEBE_SMTP") {
            Some(_) if public_url.is_none() => return Err(MailerError::PublicUrl),
            Some(smtp) => {
                let from = said("WELTGEWEBE_MAIL_FROM").unwrap_or_default();
                Some(Mailer::new(&smtp, &from)?)
            }
            None => None,
        };
        Ok(Self { mailer, public_url })
    }
}

impl Mailer {
    /// By that server, from that address.
    ///
    /// # Errors
    /// When one of them can't be read.
    pub fn new(smtp: &str, from: &str) -> Result<Self, MailerError> {
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(smtp)?.build();
        Ok(Self {
            transport,
            from: from.parse()?,
        })
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
        for letter in claim_letters(store, BATCH).await? {
            let sent = self.send(&letter).await;
            if let Err(reason) = &sent {
                tracing::warn!(letter.id = %letter.id, %reason, "letter {} could not be sent: {reason}", letter.id);
            }
            letter_done(store, letter.id, sent.is_ok()).await?;
        }
        Ok(())
    }

    async fn send(&self, letter: &Letter) -> Result<(), String> {
        let (subject, body) = words(letter);
        let message = Message::builder()
            .from(self.from.clone())
            .to(letter.to.parse().map_err(|error| format!("{error}"))?)
            .subject(subject)
            .message_id(None)
            .singlepart(SinglePart::plain(body))
            .map_err(|error| error.to_string())?;
        self.transport
            .send(message)
            .await
            .map(|_| ())
            .map_err(|error| error.to_string())
    }
}

/// Subject and body of a letter.
pub(super) fn words(letter: &Letter) -> (String, String) {
    app::letter::login(letter.lang, &letter.code, &letter.link)
}
