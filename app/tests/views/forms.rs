//! What forms ask for, and what they say of what was sent.

use super::*;

#[test]
fn a_form_that_needs_a_place_asks_to_go_nearer_before_one_can_be_meant() {
    for (panel, form) in [(Panel::Weave, Form::Weave), (Panel::Me, Form::Place)] {
        let mut state = awake(page(panel, Lang::De, member()));
        // Whose place is kept need not mean another.
        if let Some(me) = &mut state.me {
            me.placed = Placed::Hidden;
        }
        let nearer = Press::Nearer(state.page.camera.centre).code();
        assert!(state.place().is_some() && !html(&state).contains(&nearer));
        state.page.camera.zoom_centi = PLACING_ZOOM_CENTI - 1;
        assert_eq!(state.place(), None);
        let shown = html(&state);
        assert!(shown.contains("zeigt noch zu viel, um einen Ort zu meinen"));
        assert_eq!(shown.matches(&nearer).count(), 1);
        assert!(shown.contains("data-press=\"locate\""));
        if panel == Panel::Weave {
            let before = shown.split("title-of-knot").next();
            assert!(
                before.is_some_and(|before| before.contains(&nearer)),
                "first of all"
            );
        }
        state.refused = Some((form, Denied::TooFarOut));
        assert!(html(&state).contains("Von so weit weg ist kein Ort zu treffen."));
        // What was chosen from near stays meant.
        state.chosen = Some(scenes::place(1));
        assert_eq!(state.place(), state.chosen);
        assert!(!html(&state).contains("Von so weit weg"));
        state.chosen = None;
        state.mapless = true;
        assert!(!html(&state).contains(&nearer), "there is no map to zoom");
    }
}

#[test]
fn ones_own_page_begins_at_the_point_that_is_shown() {
    let mut state = awake(page(Panel::Me, Lang::De, member()));
    let own = scenes::place(2);
    if let Some(me) = &mut state.me {
        (me.placed, me.place) = (Placed::Exact, Some(own));
    }
    state.page.camera.zoom_centi = PLACING_ZOOM_CENTI - 1;
    assert_eq!(state.place(), Some(own), "however far out the map is");
    let shown = html(&state);
    assert!(shown.contains("Er bleibt, wo er ist.") && shown.contains(&Press::Middle.code()));
    state.chosen = Some(scenes::place(1));
    assert_eq!(state.place(), state.chosen);
    // To weave there is no reason to mean one's own place.
    state.chosen = None;
    state.page.panel = Panel::Weave;
    assert_eq!(state.place(), None);
}

#[test]
fn a_form_that_was_sent_says_what_became_of_it() {
    let mut state = awake(page(Panel::Me, Lang::De, member()));
    assert!(!html(&state).contains("class=\"done\""));
    state.sent = Some(Form::Rename);
    assert!(html(&state).contains("Dein neuer Name gilt."));
    let rename = |stage| {
        let name = "Änne".to_owned();
        vec![waiting(1, Act::RenameRole { name }, stage)]
    };
    state.waiting = rename(Stage::Kept { problem: None });
    let kept = html(&state);
    assert!(
        kept.contains("Aufgehoben. Es wird von selbst gesendet.")
            && !kept.contains("class=\"done\"")
    );
    state.waiting = rename(refused(Refusal::RoleUnknown));
    assert!(!html(&state).contains("class=\"done\""));
    state.waiting.clear();
    state.sent = Some(Form::Register);
    assert!(html(&state).contains("Deine Garnrolle ist angelegt."));
}

#[test]
fn what_cannot_be_right_is_told_in_the_pages_own_words() {
    let mut guest = page(Panel::SignIn, Lang::De, Viewer::Guest);
    let asleep = frame::page(&Look::new(&State::new(guest.clone()), None)).html();
    assert!(
        !asleep.contains("novalidate"),
        "then only the browser checks"
    );
    let mut state = awake(guest.clone());
    state.sign_in.flaw = Some(Flaw::Email);
    let shown = html(&state);
    assert!(shown.contains("novalidate") && shown.contains("nicht nach einer E-Mail-Adresse"));
    guest.sign_in = SignInStep::Code {
        email: "anna@example.org".to_owned(),
    };
    let mut state = awake(guest);
    state.sign_in.flaw = Some(Flaw::Code);
    assert!(html(&state).contains("Der Code hat 8 Ziffern."));
}

#[test]
fn a_refusal_of_the_form_stands_beside_its_field() {
    let mut state = awake(page(Panel::Weave, Lang::De, member()));
    state.refused = Some((
        Form::Weave,
        Denied::Rule(Refusal::TitleLength { max: 120, got: 0 }),
    ));
    let html = html(&state);
    assert!(html.contains("aria-describedby=\"title-of-knot-error\""));
    assert!(html.contains("Ein Titel hat 1 bis 120 Zeichen, dieser hat 0."));
}

#[test]
fn signing_in_goes_step_by_step() {
    let mut page = page(Panel::SignIn, Lang::De, Viewer::Guest);
    let step = |page: &Page| html(&awake(page.clone()));
    assert!(step(&page).contains("Mail schicken"));
    page.sign_in = SignInStep::Code {
        email: "anna@example.org".to_owned(),
    };
    assert!(step(&page).contains("anna@example.org") && step(&page).contains("one-time-code"));
    page.sign_in = SignInStep::CodeWrong {
        email: "anna@example.org".to_owned(),
    };
    assert!(step(&page).contains("Dieser Code ist falsch oder abgelaufen."));
    page.sign_in = SignInStep::EmailWrong {
        email: "anna@".to_owned(),
    };
    assert!(
        step(&page).contains("nicht nach einer E-Mail-Adresse")
            && step(&page).contains("value=\"anna@\"")
    );
    page.sign_in = SignInStep::TooMany;
    assert!(step(&page).contains("spätestens in einer Stunde"));
}
