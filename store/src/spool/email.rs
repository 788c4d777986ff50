//! E-mail addresses, as accounts are known by.

/// Characters of an address.
const EMAIL_MAX: usize = 254;

/// It can't be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("that is no e-mail address")]
pub struct EmailInvalid;

/// The address as it is kept: trimmed and in lower case. Whether it exists only a letter can tell.
///
/// # Errors
/// When it is no address.
pub fn email(text: &str) -> Result<String, EmailInvalid> {
    let email = text.trim().to_lowercase();
    let (local, host) = email.rsplit_once('@').ok_or(EmailInvalid)?;
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c == '-' || c.is_alphanumeric())
    };
    let local_is_plain = !local.is_empty()
        && local.len() <= 64
        && !local.starts_with('.')
        && !local.ends_with('.')
        && !local.contains("..")
        && local
            .chars()
            .all(|c| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c));
    let host_is_name = host.contains('.') && host.split('.').all(label);
    if email.len() <= EMAIL_MAX && local_is_plain && host_is_name {
        Ok(email)
    } else {
        Err(EmailInvalid)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_kept_in_one_shape() {
        assert_eq!(
            email(" Anna.Garn+x@Example.ORG "),
            Ok("anna.garn+x@example.org".to_owned())
        );
        for bad in [
            "",
            "anna",
            "anna@",
            "@example.org",
            "anna@example",
            "an na@example.org",
            "a@b@example.org",
            "anna@example..org",
            "anna@-x.org",
            ".a@example.org",
            "a\r\nBcc: b@example.org",
            "a@example.org\nx",
            "\"a\"@example.org",
            "a,b@example.org",
            "<a@example.org>",
        ] {
            assert_eq!(email(bad), Err(EmailInvalid), "{bad:?}");
        }
    }
}
