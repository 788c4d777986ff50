//! The words of mails.

use domain::page::Lang;

use crate::words::{fill, plain_words};

/// Subject and body of the mail to sign in.
#[must_use]
pub fn login(lang: Lang, code: &str, link: &str) -> (String, String) {
    let w = plain_words(lang);
    let subject = fill(w.mail_subject, "code", code);
    // The link is ours and the code is digits: neither has a gap in it.
    (
        subject,
        fill(&fill(w.mail_body, "code", code), "link", link),
    )
}
