//! What decisions read at the door: the states of streams, and what is kept of pictures.

use std::collections::BTreeMap;

use domain::id::{MessageId, NodeId, PictureId, RoleId, ThreadId};
use domain::spool::{CommunityState, RoleState};
use domain::state::{Facts, States};
use domain::talk::MessageState;
use domain::weave::{NodeState, ThreadState, Uploaded};

/// All that a batch has at hand.
pub(super) struct AtTheDoor<'a> {
    pub(super) states: &'a States,
    pub(super) uploaded: &'a BTreeMap<PictureId, Uploaded>,
}

impl Facts for AtTheDoor<'_> {
    fn role(&self, id: RoleId) -> Option<RoleState> {
        self.states.role(id)
    }

    fn node(&self, id: NodeId) -> Option<NodeState> {
        self.states.node(id)
    }

    fn thread(&self, id: ThreadId) -> Option<ThreadState> {
        self.states.thread(id)
    }

    fn message(&self, id: MessageId) -> Option<MessageState> {
        self.states.message(id)
    }

    fn picture(&self, id: PictureId) -> Option<Uploaded> {
        self.uploaded.get(&id).copied()
    }

    fn community(&self) -> CommunityState {
        self.states.community()
    }

    fn vouched(&self, needed: u32) -> Vec<(RoleId, Vec<RoleId>)> {
        self.states.vouched(needed)
    }
}
