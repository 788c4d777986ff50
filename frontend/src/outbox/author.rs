//! Whose an act is. An outbox outlives sessions: who signs in next in this browser is not who wrote it.

use domain::id::{AccountId, RoleId};

use super::entry::Entry;
use super::queue::Entries;

/// Who is signed in, as far as the page knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    pub account: AccountId,
    /// None: the account has not registered one.
    pub role: Option<RoleId>,
}

impl Author {
    /// Whether the act is theirs: only then is it predicted, shown with its text, and sent.
    #[must_use]
    pub fn wrote(self, entry: &Entry) -> bool {
        match entry.account {
            Some(account) => account == self.account,
            // Kept before accounts were noted: its role tells, or else who signs in first.
            None => self.role.is_none_or(|role| role == entry.role),
        }
    }

    /// Notes the account in those of their acts that do not name one. Returns which ones changed.
    pub fn claim(self, entries: &mut Entries) -> Vec<u32> {
        let mut claimed = Vec::new();
        for (seq, stored) in entries {
            if let Some(entry) = stored.act_mut()
                && entry.account.is_none()
                && self.wrote(entry)
            {
                entry.account = Some(self.account);
                claimed.push(*seq);
            }
        }
        claimed
    }
}

#[cfg(test)]
mod tests {
    use super::super::entry::Stored;
    use super::super::examples::{account, author, join, register, role};
    use super::*;

    #[test]
    fn another_accounts_registration_is_not_ones_own() {
        let registers = Entry::new(register(1), account(1));
        assert!(author(1, None).wrote(&registers));
        assert!(author(1, Some(1)).wrote(&registers));
        assert!(!author(2, None).wrote(&registers));
        // Its role was registered on another device meanwhile: it is theirs, to be told so.
        assert!(author(1, Some(9)).wrote(&registers));
    }

    #[test]
    fn what_names_no_account_belongs_to_its_role_or_to_who_signs_in_first() {
        let old = |command| Entry {
            account: None,
            ..Entry::new(command, account(7))
        };
        let mut entries: Entries = (1..)
            .zip([register(1), join(1, 5), join(3, 6)])
            .map(|(seq, command)| (seq, Stored::Act(Box::new(old(command)))))
            .collect();
        assert!(author(2, Some(2)).claim(&mut entries).is_empty());
        assert_eq!(author(3, Some(3)).claim(&mut entries), [3]);
        assert_eq!(author(1, None).claim(&mut entries), [1, 2]);
        assert_eq!(author(2, None).claim(&mut entries), [0_u32; 0]);
        let owners = entries
            .iter()
            .filter_map(|(_, stored)| stored.act()?.account);
        assert!(owners.eq([account(1), account(1), account(3)]));
        assert_eq!(entries[0].1.act().map(|entry| entry.role), Some(role(1)));
    }
}
