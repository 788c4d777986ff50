//! Who belongs: vouches, rights and what they allow, one rule a test; and random lives against a naive model, in which nobody
//! is confirmed early.

use std::collections::{BTreeMap, BTreeSet};

use domain::command::{Act, COMMAND_VERSION, Command};
use domain::decide::{decide, decide_due, decide_order};
use domain::event::{Body, Draft};
use domain::id::{CommandId, NodeId, RoleId, ThreadId};
use domain::page::RoleDetail;
use domain::personal::Personal;
use domain::place::Place;
use domain::refusal::Refusal;
use domain::spool::{Confirmed, Met, Placed, Placement, Profile, Right, Standing};
use domain::state::{Facts, States, StreamId, deadline};
use domain::time::{DAY_MS, FADE_MS, Millis};
use domain::view::{CellView, Me, ViewFacts, predict};
use domain::weave::{NodeKind, Particulars, ParticularsChange, Target, ThreadKind};
use proptest::prelude::*;
use uuid::Uuid;

const NOW: Millis = Millis(1_795_000_000_000);
const HERE: Place = Place {
    lat: 484_100_000,
    lon: 156_100_000,
};
const REASON: &str = "Von Anfang an dabei";

fn role(n: u8) -> RoleId {
    RoleId(Uuid::from_u128(100 + u128::from(n)))
}

fn node() -> NodeId {
    NodeId(Uuid::from_u128(3))
}

fn command(by: RoleId, act: Act) -> Command {
    Command {
        id: CommandId(Uuid::nil()),
        v: COMMAND_VERSION,
        by,
        issued_at: NOW,
        act,
    }
}

fn register() -> Act {
    Act::RegisterRole {
        name: "Jemand".into(),
        placement: Placement::Hidden,
    }
}

fn vouch(n: u8) -> Act {
    Act::VouchFor { role: role(n) }
}

fn withdraw(n: u8) -> Act {
    Act::WithdrawVouch { role: role(n) }
}

fn grant(n: u8, right: Right) -> Act {
    Act::GrantRight {
        role: role(n),
        right,
        reason: REASON.into(),
    }
}

fn revoke(n: u8, right: Right) -> Act {
    Act::RevokeRight {
        role: role(n),
        right,
        reason: "Nicht mehr hier".into(),
    }
}

struct House(States);

impl House {
    /// So many who have registered; the first `weavers` of them belong.
    fn of(roles: u8, weavers: u8) -> Self {
        let mut house = Self(States::default());
        for n in 0..roles {
            house.done(n, NOW, register());
        }
        for n in 0..weavers {
            house.ordered(NOW, &grant(n, Right::Weaver));
        }
        house
    }

    fn act(&mut self, by: u8, at: Millis, act: Act) -> Result<Vec<Draft>, Refusal> {
        let drafts = decide(&self.0, &command(role(by), act), at)?;
        self.take(&drafts, at);
        Ok(drafts)
    }

    fn done(&mut self, by: u8, at: Millis, act: Act) -> Vec<&'static str> {
        names(&self.act(by, at, act).expect("accepted"))
    }

    fn order(&mut self, at: Millis, act: &Act) -> Result<Vec<Draft>, Refusal> {
        let drafts = decide_order(&self.0, act)?;
        self.take(&drafts, at);
        Ok(drafts)
    }

    fn ordered(&mut self, at: Millis, act: &Act) -> Vec<&'static str> {
        names(&self.order(at, act).expect("accepted"))
    }

    fn take(&mut self, drafts: &[Draft], at: Millis) {
        for draft in drafts {
            self.0.evolve_draft(draft, at);
        }
    }

    fn is_weaver(&self, n: u8) -> bool {
        let state = self.0.role(role(n)).expect("a role");
        state.weaver_since.is_some()
    }
}

fn names(drafts: &[Draft]) -> Vec<&'static str> {
    drafts.iter().map(|draft| draft.body.name()).collect()
}

#[test]
fn the_vouch_that_is_the_last_one_needed_confirms_in_the_same_breath() {
    let mut house = House::of(3, 2);
    assert_eq!(house.done(0, NOW, vouch(2)), ["BuergschaftGegeben"]);
    assert!(!house.is_weaver(2));
    let drafts = house.act(1, NOW + 5, vouch(2)).expect("accepted");
    assert_eq!(names(&drafts), ["BuergschaftGegeben", "WeberBestaetigt"]);
    for draft in &drafts {
        assert_eq!(draft.stream, StreamId::Role(role(2)));
        assert_eq!(draft.cell, None, "a role's point is never told");
    }
    let of = vec![role(0), role(1)];
    let why = Confirmed::Vouches { of };
    assert_eq!(drafts[1].body, Body::WeberBestaetigt { why });
    let state = house.0.role(role(2)).expect("a role");
    assert_eq!((state.weaver_since, state.version), (Some(NOW + 5), 4));
    // Whoever belongs vouches for others.
    house.done(3, NOW + 6, register());
    house.done(2, NOW + 6, vouch(3));
}

#[test]
fn a_vouch_draws_a_thread_from_role_to_role_that_fades_and_can_be_twisted() {
    let mut house = House::of(2, 1);
    let drafts = house.act(0, NOW, vouch(1)).expect("accepted");
    let tie = drafts[0].tie.expect("a tie");
    assert_eq!((tie.from, tie.to), (role(0), Target::Role(role(1))));
    let id = ThreadId::derive(role(0), ThreadKind::Vouch, role(1));
    assert_eq!(tie.thread, id);
    let thread = house.0.thread(id).expect("a thread");
    assert_eq!(thread.expires_at, Some(NOW + FADE_MS));
    let stream = StreamId::Thread(id);
    let (at, due) = deadline(stream, &house.0.0[&stream]).expect("it fades");
    let faded = decide_due(&house.0, &due, at);
    assert_eq!(names(&faded), ["FadenVerfallen"]);
    house.take(&faded, at);
    // The vouch stands all the same.
    let guest = house.0.role(role(1)).expect("a role");
    assert_eq!(guest.vouched_by, [role(0)]);

    let mut house = House::of(2, 1);
    house.done(0, NOW, vouch(1));
    let twist = Act::twist(id, role(1));
    assert_eq!(house.done(0, NOW, twist), ["FadenVerzwirnt"]);
    assert_eq!(deadline(stream, &house.0.0[&stream]), None);
    assert_eq!(
        house.done(0, NOW + 30 * DAY_MS, withdraw(1)),
        ["BuergschaftZurueckgezogen"]
    );
    let thread = house.0.thread(id).expect("a thread");
    assert_eq!(thread.faded_at, Some(NOW + 30 * DAY_MS), "yarn ends too");
    assert_eq!(deadline(stream, &house.0.0[&stream]), None);
}

#[test]
fn only_weavers_vouch_for_others_who_are_guests_and_once() {
    let mut house = House::of(4, 2);
    let guest = Refusal::WeaverNeeded {
        vouches: 0,
        needed: 2,
    };
    assert_eq!(house.act(2, NOW, vouch(3)), Err(guest));
    house.done(0, NOW, vouch(2));
    let guest = Refusal::WeaverNeeded {
        vouches: 1,
        needed: 2,
    };
    assert_eq!(house.act(2, NOW, vouch(3)), Err(guest));
    assert_eq!(house.act(0, NOW, vouch(0)), Err(Refusal::VouchForOneself));
    assert_eq!(house.act(0, NOW, vouch(1)), Err(Refusal::WeaverAlready));
    assert_eq!(house.act(0, NOW, vouch(2)), Err(Refusal::VouchGiven));
    assert_eq!(house.act(0, NOW, vouch(9)), Err(Refusal::RoleUnknown));
    assert_eq!(house.act(9, NOW, vouch(2)), Err(Refusal::RoleUnknown));
}

#[test]
fn a_vouch_is_withdrawn_until_it_has_confirmed_somebody() {
    let mut house = House::of(4, 3);
    assert_eq!(house.act(0, NOW, withdraw(3)), Err(Refusal::VouchMissing));
    house.done(0, NOW, vouch(3));
    house.done(0, NOW, withdraw(3));
    house.done(1, NOW, vouch(3));
    assert!(!house.is_weaver(3), "what is taken back does not count");
    house.done(2, NOW + 7, vouch(3));
    assert!(house.is_weaver(3));
    let refused = Refusal::VouchConfirmed { at: NOW + 7 };
    assert_eq!(house.act(1, NOW + 8, withdraw(3)), Err(refused));
}

#[test]
fn a_vouch_before_an_admins_word_confirmed_nobody_and_can_be_withdrawn() {
    let mut house = House::of(3, 1);
    house.done(0, NOW, vouch(2));
    house.ordered(NOW, &grant(2, Right::Weaver));
    assert_eq!(
        house.done(0, NOW + 8, withdraw(2)),
        ["BuergschaftZurueckgezogen"]
    );
    let state = house.0.role(role(2)).expect("a role");
    assert_eq!(
        (state.weaver_since, state.vouched_by),
        (Some(NOW), Vec::new()),
        "it belongs all the same"
    );
    // Taken and then confirmed by vouches, they stand.
    house.ordered(NOW, &revoke(2, Right::Weaver));
    house.ordered(NOW, &grant(1, Right::Weaver));
    house.done(0, NOW, vouch(2));
    house.done(1, NOW + 9, vouch(2));
    let refused = Refusal::VouchConfirmed { at: NOW + 9 };
    assert_eq!(house.act(0, NOW + 9, withdraw(2)), Err(refused));
}

#[test]
fn how_many_are_needed_is_the_communitys_and_none_means_at_once() {
    let mut house = House::of(3, 2);
    house.ordered(NOW, &Act::SetVouches { needed: 1 });
    assert_eq!(
        house.done(0, NOW, vouch(2)),
        ["BuergschaftGegeben", "WeberBestaetigt"]
    );
    house.ordered(NOW, &Act::SetVouches { needed: 0 });
    assert_eq!(
        house.done(7, NOW, register()),
        ["RolleRegistriert", "WeberBestaetigt"]
    );
    assert_eq!(
        house.order(NOW, &Act::SetVouches { needed: 0 }),
        Err(Refusal::NothingChanged)
    );
    assert_eq!(
        house.order(NOW, &Act::SetVouches { needed: 21 }),
        Err(Refusal::VouchesOutOfRange { max: 20, got: 21 })
    );
}

#[test]
fn a_lower_number_confirms_whoever_has_as_many_in_the_same_breath() {
    let mut house = House::of(6, 3);
    house.ordered(NOW, &Act::SetVouches { needed: 3 });
    house.done(0, NOW, vouch(3));
    house.done(1, NOW, vouch(3));
    house.done(0, NOW, vouch(4));
    let lower = Act::SetVouches { needed: 2 };
    let drafts = house.order(NOW + 4, &lower).expect("accepted");
    assert_eq!(
        names(&drafts),
        ["BuergschaftenFestgelegt", "WeberBestaetigt"]
    );
    let of = vec![role(0), role(1)];
    let why = Confirmed::Vouches { of };
    assert_eq!(drafts[1].body, Body::WeberBestaetigt { why });
    assert!(house.is_weaver(3) && !house.is_weaver(4) && !house.is_weaver(5));
    let refused = Refusal::VouchConfirmed { at: NOW + 4 };
    assert_eq!(house.act(0, NOW + 5, withdraw(3)), Err(refused));
    // Where none are needed, nobody is a guest.
    let drafts = house.order(NOW, &Act::SetVouches { needed: 0 });
    let drafts = drafts.expect("accepted");
    assert_eq!(names(&drafts)[1..], ["WeberBestaetigt"; 2]);
    let why = Confirmed::AtOnce;
    assert_eq!(drafts[2].body, Body::WeberBestaetigt { why });
    assert!(house.is_weaver(4) && house.is_weaver(5));
}

#[test]
fn admins_grant_and_revoke_and_nobody_else_does() {
    let mut house = House::of(3, 1);
    for act in [
        grant(1, Right::Weaver),
        revoke(0, Right::Weaver),
        Act::SetVouches { needed: 0 },
    ] {
        assert_eq!(house.act(0, NOW, act), Err(Refusal::AdminNeeded));
    }
    // Whoever runs the house may what an admin may, and nothing that takes a role.
    assert_eq!(house.order(NOW, &vouch(1)), Err(Refusal::AdminNeeded));
    assert_eq!(
        house.ordered(NOW, &grant(2, Right::Admin)),
        ["RechtVergeben"]
    );
    let drafts = house.act(2, NOW, grant(1, Right::Weaver)).expect("allowed");
    let reason = Personal::open(role(1), REASON);
    let why = Confirmed::Grant { reason };
    assert_eq!(drafts[0].body, Body::WeberBestaetigt { why });
    assert_eq!(
        house.act(2, NOW, grant(1, Right::Weaver)),
        Err(Refusal::RightHeld)
    );
    // An admin who is a guest is one.
    assert!(house.act(2, NOW, vouch(0)).is_err());
    assert_eq!(
        house.done(2, NOW, revoke(2, Right::Admin)),
        ["RechtEntzogen"]
    );
    assert_eq!(
        house.act(2, NOW, Act::SetVouches { needed: 1 }),
        Err(Refusal::AdminNeeded)
    );
    assert_eq!(
        house.order(NOW, &revoke(2, Right::Admin)),
        Err(Refusal::RightMissing)
    );
}

#[test]
fn a_reason_says_something_and_not_too_much() {
    let mut house = House::of(1, 0);
    for (reason, got) in [(" \n ", 0), (&*"ä".repeat(301), 301)] {
        let act = Act::GrantRight {
            role: role(0),
            right: Right::Weaver,
            reason: reason.into(),
        };
        assert_eq!(
            house.order(NOW, &act),
            Err(Refusal::ReasonLength { max: 300, got })
        );
    }
}

#[test]
fn whoever_belongs_no_more_begins_as_a_guest_again() {
    let mut house = House::of(3, 2);
    house.done(0, NOW, vouch(2));
    house.done(1, NOW, vouch(2));
    house.ordered(NOW, &revoke(2, Right::Weaver));
    let state = house.0.role(role(2)).expect("a role");
    assert_eq!((state.weaver_since, state.vouched_by), (None, Vec::new()));
    assert_eq!(house.done(0, NOW, vouch(2)), ["BuergschaftGegeben"]);
}

#[test]
fn weavers_change_what_no_yarn_covers_whoever_knotted_it() {
    let mut house = House::of(3, 2);
    let knot = Act::KnotNode {
        node: node(),
        kind: NodeKind::Idea,
        title: "Sommerfest".into(),
        text: String::new(),
        place: HERE,
        starts_at: None,
        particulars: Particulars::default(),
    };
    let change = |based_on| Act::ChangeNode {
        node: node(),
        based_on,
        kind: None,
        title: Some("Herbstfest".into()),
        text: None,
        place: None,
        starts_at: None,
        particulars: ParticularsChange::default(),
    };
    house.done(2, NOW, knot);
    assert_eq!(house.done(0, NOW, change(1)), ["KnotenGeaendert"]);
    let state = house.0.node(node()).expect("a knot");
    assert_eq!((state.owner, state.version), (role(2), 2));
    let change_thread = ThreadId::derive(role(0), ThreadKind::Change, node());
    assert!(house.0.thread(change_thread).is_some());
    // Its owner's yarn covers it against weavers, and theirs against its owner.
    let twist = |by: u8, kind| Act::twist(ThreadId::derive(role(by), kind, node()), node());
    house.done(2, NOW, twist(2, ThreadKind::Create));
    assert_eq!(house.act(1, NOW, change(2)), Err(Refusal::NodeCovered));
    house.done(2, NOW, change(2));
    house.done(0, NOW, twist(0, ThreadKind::Change));
    house.done(0, NOW, change(3));
}

/// Yarn of one's own is no way past being a guest.
#[test]
fn a_guest_with_yarn_on_anothers_knot_changes_it_no_more_than_without() {
    let mut house = House::of(2, 0);
    let knot = Act::KnotNode {
        node: node(),
        kind: NodeKind::Idea,
        title: "Sommerfest".into(),
        text: String::new(),
        place: HERE,
        starts_at: None,
        particulars: Particulars::default(),
    };
    house.done(0, NOW, knot);
    house.done(1, NOW, Act::join(node()));
    let thread = ThreadId::derive(role(1), ThreadKind::Join, node());
    house.done(1, NOW, Act::twist(thread, node()));
    let change = Act::ChangeNode {
        node: node(),
        based_on: 1,
        kind: None,
        title: Some("Meins".into()),
        text: None,
        place: None,
        starts_at: None,
        particulars: ParticularsChange::default(),
    };
    let refused = Refusal::NodeNotYours {
        vouches: 0,
        needed: 2,
    };
    assert_eq!(house.act(1, NOW, change), Err(refused));
}

fn me(n: u8, standing: Standing) -> Me {
    Me {
        role: role(n),
        name: "Ada".into(),
        version: 1,
        placed: Placed::Exact,
        place: Some(HERE),
        registered_at: NOW,
        profile: Profile::default(),
        standing,
    }
}

#[test]
fn the_page_of_a_guest_shows_ones_own_vouch_before_any_answer_and_forgets_it_again() {
    let standing = Standing {
        weaver_since: Some(NOW),
        ..Standing::default()
    };
    let mut view = CellView::default();
    let mut own = Some(me(0, standing));
    let mut open = Some(RoleDetail {
        role: role(1),
        name: "Ben".into(),
        placed: Placed::Hidden,
        place: None,
        registered_at: NOW,
        profile: Profile::default(),
        spool: None,
        standing: Standing {
            vouched_by: vec![Met {
                role: role(5),
                name: "Eva".into(),
            }],
            ..Standing::default()
        },
        vouches_for: Vec::new(),
    });
    let act = command(role(0), vouch(1));
    predict(&mut view, &mut own, &mut open, &act, NOW + 1).expect("allowed");
    let standing = &open.as_ref().expect("a role").standing;
    assert!(standing.is_vouched_by(role(0)));
    assert_eq!(standing.weaver_since, Some(NOW + 1), "the second of two");
    // It ends in a tuft at the one who is shown.
    let thread = view.threads.values().next().expect("a thread");
    assert_eq!((thread.from, thread.to), (Some(HERE), None));
    let facts = ViewFacts {
        view: &view,
        me: own.as_ref(),
        role: open.as_ref(),
    };
    let refused = decide(&facts, &command(role(0), withdraw(1)), NOW + 2);
    assert_eq!(refused, Err(Refusal::VouchConfirmed { at: NOW + 1 }));

    if let Some(role) = &mut open {
        role.standing.weaver_since = None;
    }
    let act = command(role(0), withdraw(1));
    predict(&mut view, &mut own, &mut open, &act, NOW + 2).expect("allowed");
    let standing = &open.as_ref().expect("a role").standing;
    assert!(!standing.is_vouched_by(role(0)) && view.threads.is_empty());
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Register(u8),
    Vouch(u8, u8),
    Withdraw(u8, u8),
    Grant(u8),
    Revoke(u8),
    Need(u32),
    Wait(u8),
}

const ROLES: u8 = 6;

fn step() -> impl Strategy<Value = Step> {
    let one = || 0..ROLES;
    prop_oneof![
        2 => one().prop_map(Step::Register),
        8 => (one(), one()).prop_map(|(by, of)| Step::Vouch(by, of)),
        3 => (one(), one()).prop_map(|(by, of)| Step::Withdraw(by, of)),
        2 => one().prop_map(Step::Grant),
        1 => one().prop_map(Step::Revoke),
        1 => (0..4_u32).prop_map(Step::Need),
        2 => (0..90_u8).prop_map(Step::Wait),
    ]
}

/// What the rules say, told as simply as possible.
struct Model {
    needed: usize,
    registered: BTreeSet<u8>,
    weavers: BTreeSet<u8>,
    /// Guest → who vouches, as long as nobody is confirmed by it.
    standing: BTreeMap<u8, BTreeSet<u8>>,
    /// Weaver → whose vouches made one.
    confirmed_by: BTreeMap<u8, BTreeSet<u8>>,
}

impl Model {
    /// Nobody who has as many vouches as are needed is a guest.
    fn confirm_all(&mut self) {
        for n in self.registered.clone() {
            let vouches = self.standing.get(&n).map_or(0, BTreeSet::len);
            if vouches >= self.needed && self.weavers.insert(n) && self.needed > 0 {
                let by = self.standing.remove(&n).unwrap_or_default();
                self.confirmed_by.insert(n, by);
            }
        }
    }

    /// Whether it is allowed; and then it is so.
    fn step(&mut self, step: Step) -> bool {
        match step {
            Step::Register(n) => {
                let fresh = self.registered.insert(n);
                if fresh && self.needed == 0 {
                    self.weavers.insert(n);
                }
                fresh
            }
            Step::Vouch(by, of) => {
                let allowed = self.weavers.contains(&by)
                    && self.registered.contains(&of)
                    && !self.weavers.contains(&of)
                    && self.standing.entry(of).or_default().insert(by);
                if allowed && self.standing[&of].len() >= self.needed {
                    let by = self.standing.remove(&of).unwrap_or_default();
                    self.weavers.insert(of);
                    self.confirmed_by.insert(of, by);
                }
                allowed
            }
            Step::Withdraw(by, of) => {
                // Also where an admin was quicker than the vouches.
                let standing = self.standing.get_mut(&of);
                self.registered.contains(&by)
                    && standing.is_some_and(|vouchers| vouchers.remove(&by))
            }
            Step::Grant(n) => self.registered.contains(&n) && self.weavers.insert(n),
            Step::Revoke(n) => {
                let was = self.weavers.remove(&n);
                if was {
                    self.standing.remove(&n);
                    self.confirmed_by.remove(&n);
                }
                was
            }
            Step::Need(needed) => {
                let is_new = self.needed != needed as usize;
                self.needed = needed as usize;
                if is_new {
                    self.confirm_all();
                }
                is_new
            }
            Step::Wait(_) => true,
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(600))]

    #[test]
    fn no_sequence_of_vouches_confirms_anyone_early(steps in prop::collection::vec(step(), 1..80)) {
        let mut house = House::of(0, 0);
        let mut model = Model {
            needed: 2,
            registered: BTreeSet::new(),
            weavers: BTreeSet::new(),
            standing: BTreeMap::new(),
            confirmed_by: BTreeMap::new(),
        };
        let mut now = NOW;
        for step in steps {
            let result = match step {
                Step::Register(n) => house.act(n, now, register()),
                Step::Vouch(by, of) => house.act(by, now, vouch(of)),
                Step::Withdraw(by, of) => house.act(by, now, withdraw(of)),
                Step::Grant(n) => house.order(now, &grant(n, Right::Weaver)),
                Step::Revoke(n) => house.order(now, &revoke(n, Right::Weaver)),
                Step::Need(needed) => house.order(now, &Act::SetVouches { needed }),
                Step::Wait(hours) => {
                    now = now + i64::from(hours) * 3_600_000;
                    fade(&mut house, now);
                    Ok(Vec::new())
                }
            };
            let weavers_before = model.weavers.clone();
            prop_assert_eq!(result.is_ok(), model.step(step), "{:?}: {:?}", step, result);
            let confirms = result.iter().flatten().any(|draft| matches!(draft.body, Body::WeberBestaetigt { .. }));
            prop_assert_eq!(confirms, model.weavers.len() > weavers_before.len());
            for n in model.registered.clone() {
                prop_assert_eq!(house.is_weaver(n), model.weavers.contains(&n), "role {}", n);
                let state = house.0.role(role(n)).expect("a role");
                let vouchers: BTreeSet<RoleId> = state.vouched_by.iter().copied().collect();
                prop_assert_eq!(vouchers.len(), state.vouched_by.len(), "nobody counts twice");
                // What confirmed somebody is there for good.
                let expected = model.confirmed_by.get(&n).into_iter().chain(model.standing.get(&n)).flatten();
                let expected: BTreeSet<RoleId> = expected.map(|by| role(*by)).collect();
                prop_assert_eq!(vouchers, expected, "role {}", n);
            }
        }
    }
}

/// Lets the timer do what is due.
fn fade(house: &mut House, now: Millis) {
    loop {
        let mut streams = house.0.0.iter();
        let due = streams
            .find_map(|(stream, state)| deadline(*stream, state).filter(|(at, _)| *at <= now));
        let Some((at, due)) = due else { return };
        let drafts = decide_due(&house.0, &due, at);
        assert_eq!(names(&drafts), ["FadenVerfallen"]);
        house.take(&drafts, at);
    }
}
