//! Signing in as people do: a letter is asked for, read in the embedded mailbox, and its code handed in. Sessions that
//! were put into the database would need its address and its schema; this needs what the server prints when it starts.

use std::net::SocketAddr;

use serde_json::json;
use uuid::Uuid;

use crate::http::{Answer, HttpError, Line};
use crate::random::Random;
use crate::stopwatch::Stopwatch;

/// Letters that are read at once; the mailbox shows the newest fifty.
const AT_ONCE: usize = 25;
/// Digits of a code.
const CODE_DIGITS: usize = 8;

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    #[error(transparent)]
    Http(#[from] HttpError),
    #[error("{what} was answered with {status}: {body}")]
    Refused {
        what: &'static str,
        status: u16,
        body: String,
    },
    #[error(
        "there is no letter to {0} in the mailbox. Fix: give the path that this start of the server printed"
    )]
    NoLetter(String),
}

/// Someone with a session, and the id of the role that they are going to register.
#[derive(Clone, Debug)]
pub struct Person {
    pub role: Uuid,
    pub name: String,
    /// `name=value`.
    pub cookie: String,
}

/// That many people, each with an account of their own. `mailbox` is the path that the server printed.
///
/// # Errors
/// When the server does not let them in; its limits want a `WELTGEWEBE_LIMIT_FACTOR`.
pub async fn people(
    address: SocketAddr,
    mailbox: &str,
    count: usize,
    random: &mut Random,
    watch: Stopwatch,
) -> Result<Vec<Person>, SignInError> {
    let mut line = Line::to(address);
    let mut people = Vec::with_capacity(count);
    while people.len() < count {
        let batch = AT_ONCE.min(count - people.len());
        let mut emails = Vec::with_capacity(batch);
        for _ in 0..batch {
            let email = format!("{}@last.test", random.id(watch.wall_ms()).simple());
            let asked = json!({ "email": email }).to_string();
            let answer = line.post("/api/session/mail", "", asked.as_bytes()).await?;
            expect(202, "asking for a letter", &answer)?;
            emails.push(email);
        }
        let letters = line.get(mailbox).await?;
        expect(200, "reading the mailbox", &letters)?;
        let letters = String::from_utf8_lossy(&letters.body).into_owned();
        for email in emails {
            let code = code(&letters, &email).ok_or(SignInError::NoLetter(email.clone()))?;
            let body = json!({ "email": email, "code": code }).to_string();
            let answer = line.post("/api/session/code", "", body.as_bytes()).await?;
            expect(204, "handing in a code", &answer)?;
            people.push(Person {
                role: random.id(watch.wall_ms()),
                name: format!("Last {}", people.len() + 1),
                cookie: answer.cookie.unwrap_or_default(),
            });
        }
    }
    Ok(people)
}

/// The code in the newest letter to `email`.
fn code(letters: &str, email: &str) -> Option<String> {
    let at = letters.find(email)? + email.len();
    let digits = letters[at..].split(|c: char| !c.is_ascii_alphanumeric());
    digits
        .filter(|word| word.len() == CODE_DIGITS)
        .find(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        .map(str::to_owned)
}

fn expect(status: u16, what: &'static str, answer: &Answer) -> Result<(), SignInError> {
    if answer.status == status {
        return Ok(());
    }
    Err(SignInError::Refused {
        what,
        status: answer.status,
        body: String::from_utf8_lossy(&answer.body).into_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn the_code_is_that_of_the_letter() {
        let letters =
            "<p>a@x: 11112222, /anmelden/00aa12345678bb</p><p>b@x: the code is 33334444.</p>";
        assert_eq!(code(letters, "b@x").as_deref(), Some("33334444"));
        assert_eq!(code(letters, "a@x").as_deref(), Some("11112222"));
        assert_eq!(code(letters, "c@x"), None);
    }
}
