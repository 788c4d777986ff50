//! Signing in and out: the page stays, another viewer looks at it.

use domain::link::Panel;
use domain::page::SignInStep;
use domain::problem::{Problem, ProblemKind};
use leptos::prelude::WithUntracked;
use leptos::task::spawn_local;

use crate::browser;
use crate::client::{Client, client};
use crate::navigate;

/// Asks for a mail with link and code.
pub(crate) fn ask_mail(email: String) {
    send(
        "/api/session/mail",
        body(&[("email", &email)]),
        Asked::Mail(email),
    );
}

/// Signs in with the code of the mail.
pub(crate) fn send_code(email: String, code: &str) {
    let body = body(&[("email", &email), ("code", code)]);
    send("/api/session/code", body, Asked::Code(email));
}

/// Ends the session.
pub(crate) fn sign_out() {
    send("/api/session/end", "{}".to_owned(), Asked::End);
}

enum Asked {
    Mail(String),
    Code(String),
    End,
}

fn body(fields: &[(&str, &str)]) -> String {
    let mut body = String::new();
    for (name, value) in fields {
        body.push(if body.is_empty() { '{' } else { ',' });
        for text in [name, value] {
            body.push_str(&serde_json::to_string(text).unwrap_or_default());
            body.push(':');
        }
        body.pop();
    }
    body.push('}');
    body
}

fn send(url: &'static str, body: String, asked: Asked) {
    let Some(client) = client() else { return };
    client.change(|state| {
        state.sign_in.busy = true;
        state.sign_in.problem = None;
        state.sign_in.flaw = None;
    });
    spawn_local(async move {
        let reply = browser::ask("POST", url, Some(body)).await;
        let problem = match reply.status() {
            200..300 => None,
            // What a proxy says is no answer of ours.
            _ => Some(
                domain::json::read::<Problem>(&reply.text())
                    .map_or(ProblemKind::Unavailable, |problem| problem.kind),
            ),
        };
        client.change(|state| state.sign_in.busy = false);
        settle(client, asked, problem);
    });
}

fn settle(client: &'static Client, asked: Asked, problem: Option<ProblemKind>) {
    match (asked, problem) {
        (Asked::Mail(email), None) => {
            let again = is_at_code(client);
            step(client, SignInStep::Code { email });
            client.change(|state| state.sign_in.again = again);
        }
        // The code of an earlier one may still be good.
        (Asked::Mail(_), Some(ProblemKind::TooMany)) if is_at_code(client) => {
            client.change(|state| state.sign_in.problem = Some(ProblemKind::TooMany));
        }
        (Asked::Mail(email), Some(ProblemKind::EmailWrong)) => {
            step(client, SignInStep::EmailWrong { email });
        }
        (Asked::Code(email), Some(ProblemKind::CodeWrong)) => {
            step(client, SignInStep::CodeWrong { email });
        }
        (_, Some(ProblemKind::TooMany)) => step(client, SignInStep::TooMany),
        (_, Some(problem)) => client.change(|state| state.sign_in.problem = Some(problem)),
        (asked @ (Asked::Code(_) | Asked::End), None) => {
            if matches!(asked, Asked::End) {
                browser::forget_typed();
            }
            step(client, SignInStep::Email);
            navigate::to(Panel::Me);
            browser::tell_others(true);
            navigate::reload();
        }
    }
}

/// Whether a code is asked for already.
fn is_at_code(client: &Client) -> bool {
    client.live.state.with_untracked(|state| {
        matches!(
            &state.sign_in.step,
            SignInStep::Code { email } | SignInStep::CodeWrong { email } if !email.is_empty()
        )
    })
}

fn step(client: &Client, step: SignInStep) {
    client.change(|state| {
        state.sign_in.step = step;
        state.sign_in.again = false;
    });
}
