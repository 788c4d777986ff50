//! Signing in: an address, then the code of the mail. The forms work without script too.

use domain::link::Panel;
use domain::page::{SignInStep, Viewer};
use domain::problem::ProblemKind;
use domain::wire::LineState;

use crate::live::Flaw;
use crate::look::Look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::press::Press;
use crate::why;
use crate::words::fill;

/// The panel to sign in.
#[must_use]
pub fn sign_in(look: &Look<'_>) -> Vec<Element> {
    let w = look.words;
    let state = look.state;
    let top = parts::top(look, parts::title(w.sign_in_title.into()));
    if let Viewer::Account { email, .. } | Viewer::Role { email, .. } = &state.page.viewer {
        return vec![
            top,
            el("p").text(fill(w.sign_in_done, "email", email).into()),
            parts::link(Panel::Me)
                .set("class", "button primary")
                .say(w.bar_me),
        ];
    }
    let mut content = vec![top];
    if state.awake && state.line == LineState::Offline {
        content.push(parts::hint(w.sign_in_offline.into()));
    }
    match &state.sign_in.step {
        SignInStep::Email
        | SignInStep::EmailWrong { .. }
        | SignInStep::TooMany
        | SignInStep::Unavailable => {
            content.push(el("p").say(w.sign_in_lead));
            content.push(email_form(look));
            content.push(if state.awake {
                parts::button("text", Press::HaveCode).say(w.sign_in_have_code)
            } else {
                // Without script the second step stands below the first.
                of("section", "block")
                    .child(el("h2").say(w.sign_in_have_code))
                    .child(code_form(look, "", None))
            });
        }
        SignInStep::Code { email } => content.extend(code_step(look, email, None)),
        SignInStep::CodeWrong { email } => {
            content.extend(code_step(look, email, Some(w.sign_in_code_wrong.into())));
        }
    }
    content
}

fn email_form(look: &Look<'_>) -> Element {
    let w = look.words;
    let input = el("input")
        .set("type", "email")
        .set("autocomplete", "email")
        .set("inputmode", "email")
        .flag("required", true);
    let input = match &look.state.sign_in.step {
        SignInStep::EmailWrong { email } => input.attr("value", email.clone().into()),
        _ => input,
    };
    let error = match look.state.sign_in.problem {
        _ if look.state.sign_in.flaw == Some(Flaw::Email) => {
            Some(Text::Borrowed(w.sign_in_email_missing))
        }
        Some(ProblemKind::Malformed | ProblemKind::Refused) => {
            Some(Text::Borrowed(w.sign_in_email_missing))
        }
        Some(kind) => Some(problem(look, kind)),
        None => match look.state.sign_in.step {
            SignInStep::EmailWrong { .. } => Some(Text::Borrowed(w.sign_in_email_missing)),
            SignInStep::TooMany => Some(Text::Borrowed(w.sign_in_too_many)),
            SignInStep::Unavailable => Some(Text::Borrowed(w.problem_unavailable)),
            SignInStep::Email | SignInStep::Code { .. } | SignInStep::CodeWrong { .. } => None,
        },
    };
    mail_form(look, 1)
        .child(parts::field(
            "email",
            w.sign_in_email,
            w.sign_in_email_hint,
            input,
            error,
        ))
        .child(send(look, w.sign_in_mail))
}

fn code_step(look: &Look<'_>, email: &str, error: Option<Text>) -> Vec<Element> {
    let w = look.words;
    let sent = if look.state.sign_in.again {
        w.sign_in_sent_again
    } else if look.state.page.has_mailbox {
        w.sign_in_code_lead_mailbox
    } else {
        w.sign_in_code_lead
    };
    let lead = if email.is_empty() {
        el("p").say(w.sign_in_code_title)
    } else {
        el("p")
            .set("role", "status")
            .text(fill(sent, "email", email).into())
    };
    let mut step = vec![lead, code_form(look, email, error)];
    if !email.is_empty() {
        step.push(again(look, email));
    }
    if look.state.awake {
        step.push(parts::button("text", Press::OtherEmail).say(w.sign_in_other));
    } else {
        step.push(parts::link(Panel::SignIn).say(w.sign_in_other));
    }
    step
}

/// Another mail to the same address: codes end, and mails get lost.
fn again(look: &Look<'_>, email: &str) -> Element {
    mail_form(look, 3)
        .child(
            el("input")
                .set("type", "hidden")
                .set("name", "email")
                .attr("value", email.to_owned().into()),
        )
        .child(
            of("button", "text")
                .set("type", "submit")
                .flag("disabled", look.state.sign_in.busy)
                .say(look.words.sign_in_again),
        )
}

fn mail_form(look: &Look<'_>, key: u128) -> Element {
    el("form")
        .key(key)
        .set("class", "form")
        .set("method", "post")
        .set("action", "/anmelden")
        .set("data-form", "mail")
        .flag("novalidate", look.state.awake)
}

fn code_form(look: &Look<'_>, email: &str, error: Option<Text>) -> Element {
    let w = look.words;
    let problem = look.state.sign_in.problem.map(|kind| problem(look, kind));
    let flaw = look.state.sign_in.flaw;
    let incomplete =
        (flaw == Some(Flaw::Code)).then_some(Text::Borrowed(w.sign_in_code_incomplete));
    let code = el("input")
        .set("type", "text")
        .set("class", "code")
        .set("inputmode", "numeric")
        .set("autocomplete", "one-time-code")
        .set("maxlength", "11")
        .flag("required", true);
    let form = el("form")
        .key(2)
        .set("class", "form")
        .set("method", "post")
        .set("action", "/anmelden/code")
        .set("data-form", "code")
        .flag("novalidate", look.state.awake);
    let form = if email.is_empty() {
        let input = el("input")
            .set("type", "email")
            .set("autocomplete", "email")
            .flag("required", true);
        // The other form's field has the id `email`.
        let wrong = flaw == Some(Flaw::Email);
        let input = input.set("id", "code-email").set("name", "email");
        form.child(
            of("div", "field")
                .child(el("label").set("for", "code-email").say(w.sign_in_email))
                .child(if wrong {
                    input.set("aria-invalid", "true")
                } else {
                    input
                })
                .maybe(wrong.then(|| parts::alert(w.sign_in_email_missing.into()))),
        )
    } else {
        form.child(
            el("input")
                .set("type", "hidden")
                .set("name", "email")
                .attr("value", email.to_owned().into()),
        )
    };
    form.child(parts::field(
        "code",
        w.sign_in_code,
        "",
        code,
        incomplete.or(problem).or(error),
    ))
    .child(send(look, w.sign_in_code_submit))
}

/// Letters and codes are counted by the hour, not by the minute as other things are.
fn problem(look: &Look<'_>, kind: ProblemKind) -> Text {
    Text::Borrowed(match kind {
        ProblemKind::TooMany => look.words.sign_in_too_many,
        kind => why::problem(look, kind),
    })
}

fn send(look: &Look<'_>, word: &'static str) -> Element {
    let busy = look.state.sign_in.busy;
    parts::submit(if busy { look.words.sign_in_busy } else { word }).flag("disabled", busy)
}
