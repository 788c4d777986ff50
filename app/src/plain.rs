//! Small documents that need no script.

mod community;
mod rights;

use domain::page::Lang;
use domain::problem::ProblemKind;
use domain::refusal::Refusal;
use domain::time::Millis;

pub use self::community::{Community, Forms, community};
pub use self::rights::{Rights, Wanted, rights};
use crate::look;
use crate::markup::{Element, Text, el, of};
use crate::parts;
use crate::shell::{Assets, document, small};
use crate::why;
use crate::words::{fill, plain_words, words};

/// The page behind a mail's link: one button. Scanners of mails fetch links; only a person presses it.
#[must_use]
pub fn confirm(lang: Lang, token: &str, assets: &Assets) -> String {
    let w = plain_words(lang);
    // A token is hexadecimal or base64url; anything else is not made into an address.
    let is_safe = token
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    let mut action = String::from("/anmelden/");
    if is_safe {
        action.push_str(token);
    }
    let content = vec![
        parts::title(w.letter_title.into()),
        el("p").say(w.letter_text),
        el("form")
            .set("method", "post")
            .attr("action", action.into())
            .child(parts::submit(w.letter_button)),
    ];
    small(lang, w.letter_title, assets, content)
}

/// The page behind a mail's link that is used or too old.
#[must_use]
pub fn stale(lang: Lang, assets: &Assets) -> String {
    let w = plain_words(lang);
    let content = vec![
        parts::title(w.letter_stale_title.into()),
        el("p").say(w.letter_stale),
        of("a", "button primary")
            .set("href", "/anmelden")
            .say(w.letter_again),
    ];
    small(lang, w.letter_stale_title, assets, content)
}

/// The page in place of one that could not be had. `again` is the address to try once more, where that makes sense.
#[must_use]
pub fn failed(lang: Lang, kind: ProblemKind, again: Option<&str>, assets: &Assets) -> String {
    let w = plain_words(lang);
    let (title, text, again) = match kind {
        ProblemKind::Unavailable | ProblemKind::Internal => {
            (w.failed_away_title, w.failed_away, again)
        }
        ProblemKind::TooMany => (w.failed_many_title, w.failed_many, again),
        ProblemKind::NotFound => (w.failed_missing_title, w.failed_missing, None),
        ProblemKind::Refused
        | ProblemKind::Malformed
        | ProblemKind::CursorUnknown
        | ProblemKind::TooLarge
        | ProblemKind::UnsupportedMedia
        | ProblemKind::MethodNotAllowed
        | ProblemKind::CodeWrong
        | ProblemKind::EmailWrong
        | ProblemKind::SignedOut
        | ProblemKind::ForeignRole
        | ProblemKind::ForeignOrigin => (w.failed_title, w.failed, None),
    };
    let way = of("a", "button primary");
    let content = vec![
        parts::title(title.into()),
        el("p").say(text),
        match again {
            Some(path) => way.attr("href", path.to_owned().into()).say(w.failed_again),
            None => way.set("href", "/").say(w.about_back),
        },
    ];
    small(lang, title, assets, content)
}

/// Why what a form asked for was not done.
fn refused(lang: Lang, refusal: &Refusal) -> Text {
    let date = |at| look::date(words(lang), at);
    why::in_words(words(lang), refusal, date)
}

/// A field of a form without script; the one that was refused has the focus.
fn field(
    id: &'static str,
    (label, hint): (&'static str, &'static str),
    input: Element,
    wrong: Option<Text>,
) -> Element {
    let input = input.flag("autofocus", wrong.is_some());
    parts::field(id, label, hint, input, wrong)
}

/// What the page about a running Weltgewebe tells.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    pub version: &'a str,
    /// Who runs it, in their own words.
    pub host: Option<&'a str>,
    /// Whom the base map comes from.
    pub attribution: Option<&'a str>,
    /// Where the source of this build is.
    pub source: &'static str,
    /// Came unencrypted from another machine: browsers hold things back then.
    pub is_unprotected: bool,
    /// An invented neighbourhood.
    pub is_demo: bool,
}

/// Version, licence with source, whom things come from, and who runs it.
#[must_use]
pub fn about(lang: Lang, about: &About<'_>, assets: &Assets) -> String {
    let w = plain_words(lang);
    let block = |title| of("section", "block").child(el("h2").say(title));
    let mut content = vec![
        parts::title(w.about_title.into()),
        el("p").say(w.about_lead),
        parts::hint(fill(w.about_version, "version", about.version).into()),
    ];
    if about.is_demo {
        content.push(block(w.about_demo_title).child(el("p").say(w.about_demo)));
    }
    if about.is_unprotected {
        content.push(block(w.about_unprotected_title).child(el("p").say(w.about_unprotected)));
    }
    content.push(
        of("a", "button")
            .set("href", "/gemeinschaft")
            .say(w.community_title),
    );
    content.push(block(w.about_host_title).child(match about.host {
        Some(host) => of("p", "prose").text(host.to_owned().into()),
        None => el("p").say(w.about_host_unknown),
    }));
    content.push(
        block(w.about_licence_title)
            .child(el("p").say(w.about_licence))
            .child(
                of("a", "button")
                    .set("href", about.source)
                    .set("download", "")
                    .say(w.about_source),
            ),
    );
    let mut from = block(w.about_others_title);
    if let Some(attribution) = about.attribution {
        from = from.child(el("p").text(fill(w.about_map, "from", attribution).into()));
    }
    content.push(
        from.child(el("p").say(w.about_others)).child(
            of("a", "text")
                .set("href", "/NOTICE.txt")
                .say(w.about_notice),
        ),
    );
    content.push(of("a", "button primary").set("href", "/").say(w.about_back));
    small(lang, w.about_title, assets, content)
}

/// How to trust the community's own certificate authority: its certificate, its fingerprint, and the steps on the usual
/// devices. `onwards` is the address by TLS.
#[must_use]
pub fn trust(
    lang: Lang,
    certificate: &'static str,
    fingerprint: &str,
    onwards: &str,
    assets: &Assets,
) -> String {
    let w = plain_words(lang);
    let mut content = vec![
        parts::title(w.trust_title.into()),
        el("p").say(w.trust_lead),
        el("p").say(w.trust_reach),
        of("a", "button primary")
            .set("href", certificate)
            .set("download", "weltgewebe.crt")
            .say(w.trust_download),
        el("p").say(w.trust_compare),
        of("p", "fingerprint").child(el("code").text(fingerprint.to_owned().into())),
    ];
    for (title, steps) in [
        (w.trust_android_title, w.trust_android),
        (w.trust_iphone_title, w.trust_iphone),
        (w.trust_computer_title, w.trust_computer),
    ] {
        content.push(
            of("section", "block")
                .child(el("h2").say(title))
                .child(el("p").say(steps)),
        );
    }
    content.push(
        of("a", "button")
            .attr("href", onwards.to_owned().into())
            .say(w.trust_go_on),
    );
    small(lang, w.trust_title, assets, content)
}

/// What is shared, and how it is reached.
#[derive(Clone, Copy, Debug)]
pub struct Share<'a> {
    /// What people call it, if it has a name.
    pub name: Option<&'a str>,
    pub address: &'a str,
    /// The same, on this server.
    pub back: &'a str,
    pub code: Option<Code<'a>>,
}

/// A QR code: how many modules wide and high it is, and the path of its dark ones.
#[derive(Clone, Copy, Debug)]
pub struct Code<'a> {
    pub side: i32,
    pub dark: &'a str,
}

/// The page to share something: its address to be copied, and as a code for a camera.
#[must_use]
pub fn share(lang: Lang, share: &Share<'_>, assets: &Assets) -> String {
    let w = plain_words(lang);
    // Only where a script runs do they do something, so only that shows them.
    let button = |class, name, word| {
        of("button", class)
            .set("type", "button")
            .set("data-share", name)
            .flag("hidden", true)
            .say(word)
    };
    let mut content = vec![parts::title(w.share_title.into())];
    if let Some(name) = share.name {
        content.push(of("p", "shared").text(name.to_owned().into()));
    }
    content.push(parts::hint(w.share_lead.into()));
    if let Some(code) = share.code {
        content.push(drawn(code, w.share_code));
    }
    content.push(
        of("div", "field")
            .child(el("label").set("for", "address").say(w.share_link))
            .child(
                of("input", "input")
                    .set("id", "address")
                    .set("type", "url")
                    .flag("readonly", true)
                    .attr("value", share.address.to_owned().into()),
            ),
    );
    content.push(
        of("div", "buttons")
            .child(button("button primary", "copy", w.share_copy))
            .child(button("button", "send", w.share_send))
            .child(button("button", "print", w.share_print)),
    );
    content.push(
        of("p", "done")
            .set("role", "status")
            .set("data-copied", w.share_copied)
            .set("data-failed", w.share_copy_failed)
            .flag("hidden", true),
    );
    content.push(
        of("a", "button")
            .attr("href", share.back.to_owned().into())
            .say(w.share_back),
    );
    let script = el("script")
        .attr("src", assets.share_js.clone().into())
        .flag("defer", true);
    document(lang, w.share_title, assets, &[script], "panel", content)
}

/// A code, dark on white whatever is around it: not every camera reads it the other way round.
fn drawn(code: Code<'_>, label: &'static str) -> Element {
    let side = code.side.to_string();
    let all = ["0 0 ", &side, " ", &side].concat();
    let ground = el("rect").set("fill", "#fff");
    let ground = ground.attr("width", side.clone().into());
    el("svg")
        .set("class", "code")
        .set("role", "img")
        .set("aria-label", label)
        .attr("viewBox", all.into())
        .child(ground.attr("height", side.into()))
        .child(
            el("path")
                .set("stroke", "#000")
                .set("shape-rendering", "crispEdges")
                .attr("d", code.dark.to_owned().into()),
        )
}

/// One mail of the embedded mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    pub to: String,
    pub subject: String,
    pub body: String,
    pub at: Millis,
}

/// The embedded mailbox: mails that would have been sent, the newest first.
#[must_use]
pub fn mailbox(lang: Lang, letters: &[Letter], assets: &Assets) -> String {
    let w = plain_words(lang);
    let mut content = vec![
        parts::title(w.mailbox_title.into()),
        parts::hint(w.mailbox_text.into()),
    ];
    if letters.is_empty() {
        content.push(el("p").say(w.mailbox_empty));
    } else {
        content.push(
            of("ol", "letters")
                .set("role", "list")
                .all(letters.iter().map(|mail| letter(lang, mail)).collect()),
        );
    }
    small(lang, w.mailbox_title, assets, content)
}

fn letter(lang: Lang, letter: &Letter) -> Element {
    let at = el("time")
        .attr("datetime", look::iso(letter.at).into())
        .text((look::date(words(lang), letter.at) + &look::zone(0)).into());
    of("li", "letter")
        .child(el("h2").text(letter.subject.clone().into()))
        .child(parts::hint(letter.to.clone().into()).say(" · ").child(at))
        .child(of("p", "prose").all(linked(&letter.body)))
}

/// The text with its addresses as links.
fn linked(body: &str) -> Vec<Element> {
    body.split_inclusive(char::is_whitespace)
        .map(|word| {
            let address = word.trim_end();
            if address.starts_with("http://") || address.starts_with("https://") {
                let rest = &word[address.len()..];
                el("span")
                    .child(
                        el("a")
                            .attr("href", address.to_owned().into())
                            .text(address.to_owned().into()),
                    )
                    .text(rest.to_owned().into())
            } else {
                el("span").text(word.to_owned().into())
            }
        })
        .collect()
}
