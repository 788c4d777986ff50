//! What is shown: the confirmed rooms with one's own pending acts decided on top, by the server's own rules.

use domain::id::{NodeId, RoleId};
use domain::lens::Lens;
use domain::page::RoleDetail;
use domain::place::{Cell, Place};
use domain::time::Millis;
use domain::view::{CellView, Me, Patch, predict};
use serde::Serialize;

use crate::outbox::author::Author;
use crate::outbox::queue::{Entries, pending};

/// One picture of the weave.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    pub view: CellView,
    pub me: Option<Me>,
    /// The role whose page is open.
    pub role: Option<RoleDetail>,
    /// What is only predicted so far.
    pub on_their_way: Vec<uuid::Uuid>,
}

impl Shown {
    /// What of it is seen through a lens.
    #[must_use]
    pub fn through(&self, lens: Lens, me: Option<RoleId>, now: Millis) -> Self {
        Self {
            view: lens.through(&self.view, me, now),
            me: self.me.clone(),
            role: None,
            on_their_way: self.on_their_way.clone(),
        }
    }
}

/// Decides every pending act of the author's again, in order. Where the rules say no, or nothing is known of
/// its target, the act is only on its way: the server may know better.
#[must_use]
pub fn show(
    confirmed: CellView,
    me: Option<Me>,
    role: Option<RoleDetail>,
    entries: &Entries,
    author: Option<Author>,
) -> Shown {
    let mut shown = Shown {
        view: confirmed,
        me,
        role,
        on_their_way: Vec::new(),
    };
    let mut before = None;
    for entry in author
        .into_iter()
        .flat_map(|author| pending(entries, author))
    {
        before.get_or_insert_with(|| shown.view.clone());
        // As if decided when it was made, so that the picture is the same each time.
        let at = entry.command.issued_at;
        // A "no" is not ours to say: the act stays on its way until the server has said it.
        let Shown { view, me, role, .. } = &mut shown;
        let _ = predict(view, me, role, &entry.command, at);
    }
    if let Some(before) = before {
        let patch = before.diff(&shown.view);
        let nodes = patch.nodes.iter().filter(|row| row.last == 0);
        shown.on_their_way.extend(nodes.map(|row| row.id.0));
        let threads = patch.threads.iter().map(|row| row.id.0);
        shown.on_their_way.extend(threads);
    }
    shown
}

impl Shown {
    /// Whether this knot is only predicted so far.
    #[must_use]
    pub fn is_on_its_way(&self, node: NodeId) -> bool {
        self.on_their_way.contains(&node.0)
    }
}

/// What the map is told: what changed since the last time, and what is on its way.
#[derive(Debug, Serialize)]
pub struct Feed<'a> {
    pub patch: Patch,
    pub waiting: &'a [uuid::Uuid],
    /// The counts of the patch, where they lie.
    pub balls: Vec<Ball>,
}

/// So many knots are around there: drawn as a ball of wool.
#[derive(Debug, Serialize)]
pub struct Ball {
    pub cell: Cell,
    pub place: Place,
    /// None: there is no ball any more.
    pub count: u32,
}

/// The difference between two pictures; none where they look the same.
#[must_use]
pub fn feed<'a>(old: &Shown, new: &'a Shown) -> Option<Feed<'a>> {
    let mut patch = old.view.diff(&new.view);
    // Words are not drawn.
    patch.messages.clear();
    patch.messages_gone.clear();
    if patch.is_empty() && old.on_their_way == new.on_their_way {
        return None;
    }
    let balls = std::mem::take(&mut patch.counts)
        .iter()
        .map(|row| Ball {
            cell: row.cell,
            place: row.cell.centre(),
            count: row.total(),
        })
        .collect();
    Some(Feed {
        patch,
        waiting: &new.on_their_way,
        balls,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::outbox::entry::{Entry, Stored};
    use crate::outbox::examples::{account, author, join, register, role};
    use domain::command::{Act, Command};
    use domain::spool::{Placed, Profile, Standing};
    use domain::time::Millis;
    use domain::weave::{NodeKind, Particulars};

    fn me() -> Me {
        Me {
            role: role(1),
            name: "Ada".to_owned(),
            version: 1,
            placed: Placed::Hidden,
            place: None,
            registered_at: Millis(0),
            profile: Profile::default(),
            standing: Standing::default(),
        }
    }

    fn entries(commands: impl IntoIterator<Item = Command>) -> Entries {
        (1..)
            .zip(commands)
            .map(|(seq, command)| (seq, Stored::Act(Box::new(Entry::new(command, account(1))))))
            .collect()
    }

    fn knot(node: u128) -> Command {
        Command {
            act: Act::KnotNode {
                node: NodeId(uuid::Uuid::from_u128(node)),
                kind: NodeKind::Idea,
                title: "Saatgut tauschen".to_owned(),
                text: String::new(),
                place: Place {
                    lat: 484_100_000,
                    lon: 156_100_000,
                },
                starts_at: None,
                particulars: Particulars::default(),
            },
            ..join(1, node)
        }
    }

    #[test]
    fn a_knot_and_what_follows_from_it_show_before_any_answer() {
        let mut joined = join(1, 5);
        joined.id = domain::id::CommandId(uuid::Uuid::from_u128(77));
        let all = entries([knot(5), joined]);
        let ada = Some(author(1, Some(1)));
        let shown = show(CellView::default(), Some(me()), None, &all, ada);
        assert_eq!((shown.view.nodes.len(), shown.view.threads.len()), (1, 2));
        assert_eq!(shown.on_their_way.len(), 3);
        assert_eq!(
            show(CellView::default(), Some(me()), None, &all, ada),
            shown
        );
        let fed = feed(&Shown::default(), &shown).expect("news");
        assert_eq!((fed.patch.nodes.len(), fed.waiting.len()), (1, 3));
        assert!(feed(&shown, &shown.clone()).is_none());
    }

    #[test]
    fn an_act_on_something_unknown_changes_nothing_shown() {
        let ada = Some(author(1, Some(1)));
        let all = entries([join(1, 9)]);
        let shown = show(CellView::default(), Some(me()), None, &all, ada);
        assert_eq!(shown.view, CellView::default());
        assert!(shown.on_their_way.is_empty());
    }

    #[test]
    fn nobody_is_shown_the_role_that_another_account_wants_to_register() {
        let all = entries([register(1), knot(5)]);
        for who in [None, Some(author(2, None)), Some(author(2, Some(2)))] {
            assert_eq!(
                show(CellView::default(), None, None, &all, who),
                Shown::default()
            );
        }
        let shown = show(CellView::default(), None, None, &all, Some(author(1, None)));
        assert_eq!(shown.me.map(|me| me.role), Some(role(1)));
        assert_eq!(shown.view.nodes.len(), 1);
    }
}
