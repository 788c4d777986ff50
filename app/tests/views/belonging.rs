//! Where a role stands, told to others and to itself.

use super::*;

/// A member who belongs.
fn weaver() -> Viewer {
    match member() {
        Viewer::Role {
            account,
            email,
            mut me,
        } => {
            me.standing.weaver_since = Some(NOW);
            Viewer::Role { account, email, me }
        }
        other => other,
    }
}

#[test]
fn a_roles_page_says_where_it_stands_and_who_vouched() {
    for viewer in [Viewer::Guest, member(), weaver()] {
        let shown = html(&awake(page(Panel::Role(role_id(2)), Lang::De, viewer)));
        assert!(shown.contains("Gast. Bürgschaften: 1 von 2."), "{shown}");
        let link = format!("href=\"/rolle/{}\"", role_id(3));
        assert!(shown.contains(&link) && shown.contains("Verbürgt von"));
    }
    let mut page = page(Panel::Role(role_id(2)), Lang::De, Viewer::Guest);
    if let Detail::Role { role, .. } = &mut page.detail {
        role.standing.weaver_since = Some(NOW);
        role.vouches_for = role.standing.vouched_by.clone();
    }
    let shown = html(&awake(page));
    assert!(shown.contains("Webt mit seit") && shown.contains("Bürgt für"));
}

#[test]
fn only_weavers_are_offered_to_vouch_and_others_read_why_not() {
    let vouch = Press::Vouch(role_id(2)).code();
    let of = |viewer| awake(page(Panel::Role(role_id(2)), Lang::De, viewer));
    let shown = html(&of(weaver()));
    assert!(shown.contains(&vouch) && shown.contains("Für Birgit bürgen"));
    let shown = html(&of(member()));
    assert!(!shown.contains(&vouch) && shown.contains("Bürgen kann, wer mitwebt."));
    assert!(!html(&of(Viewer::Guest)).contains("Bürgen kann"));
    // What needs a script is not offered before it runs.
    let asleep = State::new(page(Panel::Role(role_id(2)), Lang::De, weaver()));
    assert!(!html(&asleep).contains(&vouch));
    // For oneself nobody vouches.
    let own = awake(page(Panel::Role(role_id(1)), Lang::De, weaver()));
    assert!(!html(&own).contains("data-press=\"vouch"));
}

#[test]
fn ones_own_vouch_can_be_taken_back_until_it_has_confirmed_somebody() {
    let mut state = awake(page(Panel::Role(role_id(2)), Lang::De, weaver()));
    let role = state.role.as_mut().expect("the open role");
    role.standing.vouched_by[0].role = role_id(1);
    let withdraw = Press::WithdrawVouch(role_id(2)).code();
    assert!(html(&state).contains(&withdraw));
    let act = Act::VouchFor { role: role_id(2) };
    state.waiting = vec![waiting(1, act, Stage::Sending)];
    assert!(html(&state).contains("unterwegs"));
    let role = state.role.as_mut().expect("the open role");
    role.standing.weaver_since = Some(NOW);
    let shown = html(&state);
    assert!(!shown.contains(&withdraw) && !shown.contains("data-press=\"vouch"));
}

#[test]
fn ones_own_page_says_what_one_may_and_what_is_missing() {
    let guest = html(&awake(page(Panel::Me, Lang::De, member())));
    assert!(guest.contains("Was du darfst") && guest.contains("0 von 2 sind da."));
    let weaver = html(&awake(page(Panel::Me, Lang::De, weaver())));
    assert!(weaver.contains("Du webst mit") && !weaver.contains("vergibst"));
}

#[test]
fn what_waits_says_for_whom() {
    let mut state = awake(page(Panel::Me, Lang::De, weaver()));
    let withdraw = Act::WithdrawVouch { role: role_id(77) };
    state.waiting = vec![
        waiting(
            1,
            Act::VouchFor { role: role_id(77) },
            refused(Refusal::WeaverAlready),
        ),
        waiting(2, withdraw, Stage::Sending),
    ];
    let shown = html(&state);
    assert!(shown.contains("Für jemanden bürgen") && shown.contains("webt schon mit"));
    assert!(shown.contains("Bürgschaft für jemanden zurückziehen"));
}
