//! What the server renders: every panel, in both languages, and nothing that gets out of its place.

#[path = "views/alike.rs"]
mod alike;
#[path = "views/belonging.rs"]
mod belonging;
mod changes;
#[path = "views/covered.rs"]
mod covered;
#[path = "views/forms.rs"]
mod forms;
#[path = "views/holds.rs"]
mod holds;
#[path = "views/lens.rs"]
mod lens;
#[path = "views/marks.rs"]
mod marks;
#[path = "views/outbox.rs"]
mod outbox;
#[path = "views/particulars.rs"]
mod particulars;
#[path = "views/pictures.rs"]
mod pictures;
#[path = "views/placed.rs"]
mod placed;
#[path = "views/plain_forms.rs"]
mod plain_forms;
#[path = "views/said.rs"]
mod said;
mod scenes;
#[path = "views/search.rs"]
mod search;
#[path = "views/served.rs"]
mod served;
#[path = "views/talk.rs"]
mod talk;
#[path = "views/unread.rs"]
mod unread;

use app::live::{Denied, Draft, Flaw, Form, Heard, Notice, PLACING_ZOOM_CENTI, Stage, State};
use app::look::Look;
use app::ports::Ports;
use app::press::Press;
use app::shell::{Around, Assets};
use app::words::words;
use app::{frame, shell, why};
use domain::command::Act;
use domain::id::{CommandId, NodeId};
use domain::lens::Lens;
use domain::link::Panel;
use domain::page::{Detail, End, Lang, Page, SignInStep, Viewer};
use domain::place::Place;
use domain::problem::ProblemKind;
use domain::refusal::Refusal;
use domain::search::Search;
use domain::spool::Placed;
use domain::time::Millis;
use domain::view::{CellView, CountRow};
use domain::weave::{JoinLevel, NodeKind, ThreadKind};
use domain::wire::LineState;
use scenes::{
    HOSTILE, NOW, account_id, awake, knot, me, member, node_id, page, panels, role_id, thread,
    waiting,
};

fn refused(refusal: Refusal) -> Stage {
    Stage::Refused {
        refusal,
        other: None,
    }
}

const LANGUAGES: [Lang; 2] = [Lang::De, Lang::En];

/// A browser in Vienna's winter.
struct Vienna;

impl Ports for Vienna {
    fn navigate(&self, _: Panel) {}
    fn submit(&self, _: Act, _: Option<Panel>) {}
    fn withdraw(&self, _: CommandId) {}
    fn discard(&self, _: CommandId) {}
    fn new_id(&self) -> uuid::Uuid {
        uuid::Uuid::nil()
    }
    fn ask_mail(&self, _: String) {}
    fn send_code(&self, _: String, _: String) {}
    fn sign_out(&self) {}
    fn offset_min(&self, _: Millis) -> i32 {
        60
    }
    fn zone(&self) -> String {
        "Europe/Vienna".to_owned()
    }
    fn offset_in(&self, zone: &str, _: Millis) -> Option<i32> {
        match zone {
            "America/Lima" => Some(-300),
            "Europe/Vienna" => Some(60),
            _ => None,
        }
    }
    fn moment_of(&self, _: &str, _: &str) -> Option<Millis> {
        None
    }
    fn speak(&self, _: Lang) {}
    fn locate(&self) {}
    fn look_at(&self, _: Place) {}
    fn older_messages(&self) {}
    fn nearer(&self, _: Place) {}
    fn look_through(&self, _: Lens) {}
    fn search(&self, _: Search) {}
    fn reload(&self) {}
    fn again(&self) {}
}

fn html(state: &State) -> String {
    frame::page(&Look::new(state, Some(&Vienna))).html()
}

fn around<'a>(assets: &'a Assets, nonce: &'a str) -> Around<'a> {
    Around {
        assets,
        basemap: None,
        nonce,
        base: "https://weben.example.org",
        weave: "<svg></svg>",
        said: "",
    }
}

fn assets() -> Assets {
    Assets {
        css: "/pkg/weltgewebe.1.css".to_owned(),
        client_js: "/pkg/weltgewebe.1.js".to_owned(),
        client_wasm: "/pkg/weltgewebe.1_bg.wasm".to_owned(),
        basemap_js: "/js/basemap.1.js".to_owned(),
        areas_js: "/js/areas.1.js".to_owned(),
        panic_js: "/js/panic.1.js".to_owned(),
        sheet_js: "/js/sheet.1.js".to_owned(),
        ..Assets::default()
    }
}

#[test]
fn every_panel_renders_the_same_twice_in_both_languages_and_without_inline_style() {
    for lang in LANGUAGES {
        for panel in panels() {
            for viewer in [
                Viewer::Guest,
                Viewer::Account {
                    account: account_id(),
                    email: "a@example.org".to_owned(),
                },
                member(),
            ] {
                let page = page(panel, lang, viewer);
                let document = shell::render(page.clone(), &around(&assets(), "n0nce"));
                assert_eq!(
                    document,
                    shell::render(page.clone(), &around(&assets(), "n0nce"))
                );
                assert!(document.contains(&format!("lang=\"{}\"", words(lang).lang)));
                assert!(!document.contains("style="), "inline style on {panel:?}");
                assert!(
                    !document.contains("{n}") && !document.contains("{name}"),
                    "a gap on {panel:?}"
                );
                assert_eq!(document.matches("<h1").count(), 1, "one title on {panel:?}");
                // Scripts run by nonce only.
                for script in document.split("<script").skip(1) {
                    let tag = script.split_once('>').map_or("", |(tag, _)| tag);
                    assert!(
                        tag.contains("nonce=\"n0nce\"") || tag.contains("application/json"),
                        "{tag}"
                    );
                }
            }
        }
    }
}

#[test]
fn the_page_can_be_read_back_from_its_document() {
    let page = page(Panel::Node(node_id(1)), Lang::De, member());
    let document = shell::render(page.clone(), &around(&assets(), "n"));
    let (_, rest) = document
        .split_once("id=\"page\">")
        .expect("the page's data");
    let (json, _) = rest.split_once("</script>").expect("its end");
    assert_eq!(domain::json::read::<Page>(json).expect("a page"), page);
}

#[test]
fn what_a_link_shows_is_the_knot_as_long_as_it_holds() {
    let mut page = page(Panel::Node(node_id(1)), Lang::De, Viewer::Guest);
    let Detail::Node { node, .. } = &mut page.detail else {
        panic!("a knot");
    };
    node.text.clear();
    node.title = HOSTILE.to_owned();
    let title = "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;";
    let document = shell::render(page.clone(), &around(&assets(), "n"));
    assert!(document.contains(&format!("\"og:title\" content=\"{title}")));
    assert!(document.contains(", geknüpft von "), "{document}");
    assert!(document.contains("/bild.png\">") && !document.contains("noindex"));

    let Detail::Node { node, .. } = &mut page.detail else {
        panic!("a knot");
    };
    node.dissolved_at = Some(NOW);
    let document = shell::render(page, &around(&assets(), "n"));
    assert!(document.contains("\"og:title\" content=\"Weltgewebe\""));
    assert!(document.contains("noindex") && !document.contains("rel=\"canonical\""));
}

#[test]
fn hostile_text_stays_text_everywhere() {
    for panel in panels() {
        let mut page = page(panel, Lang::De, member());
        for near in &mut page.near {
            near.node.title = HOSTILE.to_owned();
            near.node.text = HOSTILE.to_owned();
            near.node.owner_name = HOSTILE.to_owned();
        }
        match &mut page.detail {
            Detail::Node { node, threads, .. } => {
                node.title = HOSTILE.to_owned();
                node.text = HOSTILE.to_owned();
                threads[0].role_name = HOSTILE.to_owned();
            }
            Detail::Role { role, threads } => {
                role.name = HOSTILE.to_owned();
                role.profile.about = HOSTILE.to_owned();
                role.profile.goods = vec![HOSTILE.to_owned()];
                threads[0].title = HOSTILE.to_owned();
                role.standing.vouched_by[0].name = HOSTILE.to_owned();
            }
            Detail::Thread { thread, end } => {
                thread.role_name = HOSTILE.to_owned();
                if let End::Node(node) = end {
                    node.title = HOSTILE.to_owned();
                }
            }
            Detail::Search { search, hits, .. } => {
                search.text = HOSTILE.to_owned();
                hits[0].title = HOSTILE.to_owned();
                hits[0].excerpt = HOSTILE.to_owned();
            }
            Detail::Served { .. } | Detail::None | Detail::Missing => {}
        }
        page.viewer = match member() {
            Viewer::Role { mut me, .. } => {
                me.name = HOSTILE.to_owned();
                me.profile.about = HOSTILE.to_owned();
                me.profile.skills = vec![HOSTILE.to_owned()];
                Viewer::Role {
                    account: account_id(),
                    email: HOSTILE.to_owned(),
                    me,
                }
            }
            other => other,
        };
        page.sign_in = SignInStep::Code {
            email: HOSTILE.to_owned(),
        };
        let document = shell::render(page.clone(), &around(&assets(), "n"));
        assert!(!document.contains("<img src=x"), "{panel:?}");
        assert_eq!(document.matches("</script>").count(), 4, "{panel:?}");
        let mut state = awake(page);
        state.waiting = vec![waiting(1, knot(HOSTILE), Stage::Kept { problem: None })];
        assert!(!html(&state).contains("<img src=x"), "{panel:?}");
    }
}

#[test]
fn a_page_without_script_offers_only_what_works_without_it() {
    let state = State::new(page(Panel::Node(node_id(1)), Lang::De, member()));
    let html = html(&state);
    assert!(html.contains("brauchen JavaScript"));
    for button in html.split('<').filter(|tag| tag.contains("data-press")) {
        assert!(
            button.contains("data-only-script"),
            "it does nothing: {button}"
        );
    }
    let weave = "href=\"/weben\" data-item=\"plus\" class=\"item primary\" data-only-script";
    assert!(html.contains(weave), "nobody can weave without it");
    // It is as old as it says, and its times are in UTC.
    assert!(html.contains("Stand von 18:15 UTC") && !html.contains("Live"));
    assert!(html.contains("2. Dezember 2026, 18:15 Uhr UTC"));
    for (offset_min, time) in [(60, "19:15 Uhr (UTC+1)"), (-210, "14:45 Uhr (UTC−3:30)")] {
        let page = Page {
            offset_min,
            ..page(Panel::Node(node_id(1)), Lang::De, member())
        };
        let asleep = State::new(page);
        let html = frame::page(&Look::new(&asleep, None)).html();
        assert!(html.contains(time), "by the clocks where the server stands");
    }
    for form in ["action=\"/anmelden\"", "action=\"/anmelden/code\""] {
        let guest = State::new(page(Panel::SignIn, Lang::De, Viewer::Guest));
        assert!(frame::page(&Look::new(&guest, None)).html().contains(form));
    }
}

#[test]
fn awake_the_page_speaks_of_local_time_and_of_the_line_as_it_is() {
    let mut state = awake(page(Panel::Node(node_id(1)), Lang::De, member()));
    assert!(html(&state).contains("2. Dezember 2026, 19:15 Uhr"));
    for (line, word) in [
        (LineState::Live, "Live"),
        (LineState::Reconnecting, "Verbinde …"),
        (LineState::Unanswered, "Keine Antwort"),
        (LineState::Deaf, "Nicht live"),
        (LineState::Offline, "Offline"),
    ] {
        state.line = line;
        let html = html(&state);
        assert!(html.contains(&format!("<span>{word}</span>")));
        assert_eq!(html.contains(">Live<"), line == LineState::Live);
        assert_eq!(html.contains("Kein Netz"), line == LineState::Offline);
        assert_eq!(
            html.contains("Der Server antwortet nicht"),
            line == LineState::Unanswered
        );
        assert_eq!(
            html.contains("Neues kommt gerade nicht live durch"),
            line == LineState::Deaf
        );
    }
    state.waiting = vec![
        waiting(1, knot("Rad"), Stage::Sending),
        waiting(2, knot("Zelt"), Stage::Kept { problem: None }),
    ];
    assert!(html(&state).contains("2 warten"));
}

#[test]
fn only_what_the_server_calls_missing_is_missing() {
    let (knot, role) = (Panel::Node(node_id(99)), Panel::Role(role_id(99)));
    for (panel, missing) in [
        (knot, "Diesen Knoten gibt es hier nicht."),
        (role, "Diese Garnrolle gibt es nicht."),
    ] {
        let mut state = awake(page(panel, Lang::De, Viewer::Guest));
        for (detail, is_away, is_loading, said) in [
            (Detail::None, false, true, "Wird geholt …"),
            (Detail::None, true, true, "Wird geholt …"),
            (
                Detail::None,
                true,
                false,
                "Das lässt sich gerade nicht zeigen.",
            ),
            (Detail::Missing, false, false, missing),
        ] {
            state.page.detail = detail;
            (state.away, state.loading) = (is_away, is_loading);
            let shown = html(&state);
            assert!(shown.contains(said), "{said}");
            assert_eq!(shown.contains(missing), said == missing);
        }
    }
    let mut state = awake(page(Panel::Home, Lang::De, Viewer::Guest));
    state.line = LineState::Live;
    state.away = true;
    let away = html(&state);
    assert!(away.contains("nicht zu erreichen; es wird wieder versucht"));
    assert!(away.contains(">Nicht live<") && !away.contains(">Live<"));
    state.line = LineState::Offline;
    assert!(
        !html(&state).contains("nicht zu erreichen"),
        "it is told once"
    );
}

#[test]
fn too_wide_a_view_is_not_live_and_says_how_old_its_list_is() {
    let mut state = awake(page(Panel::Home, Lang::De, Viewer::Guest));
    state.line = LineState::Live;
    assert!(html(&state).contains(">Live<"));
    state.heard = Heard::Nothing;
    let shown = html(&state);
    assert!(shown.contains("Nicht live") && !shown.contains(">Live<"));
    assert!(shown.contains("Stand von 19:15 – nicht live."));
    assert!(shown.contains(&Press::Nearer(state.page.camera.centre).code()));
    state.line = LineState::Offline;
    assert!(html(&state).contains("Kein Netz"));
}

#[test]
fn where_knots_are_counted_the_list_tells_the_same_number_by_area() {
    let mut state = awake(page(Panel::Home, Lang::De, Viewer::Guest));
    state.heard = Heard::Counts;
    let area = |n: i32| scenes::place(n * 900).cell().parent(7);
    for (n, kinds) in [
        (1, vec![(NodeKind::Idea, 2), (NodeKind::Tool, 1)]),
        (0, vec![(NodeKind::Bed, 4)]),
    ] {
        let cell = area(n);
        state.view.counts.push(CountRow { cell, kinds });
    }
    let shown = html(&state);
    assert!(shown.contains("7 Knoten in dieser Gegend.") && shown.contains(">7 Knoten</span>"));
    assert!(
        !shown.contains("Gemeinsam Brot backen"),
        "no list of before"
    );
    let at = |text: &str| shown.find(text).expect("is listed");
    assert!(
        at("4\u{a0}×\u{a0}Bett") < at("2\u{a0}×\u{a0}Idee")
            && at("2\u{a0}×\u{a0}Idee") < at("1\u{a0}×\u{a0}Werkzeug")
    );
    assert!(shown.contains(&Press::Nearer(area(1).centre()).code()));
}

#[test]
fn a_knot_outside_the_map_says_how_old_it_is() {
    let mut state = awake(page(Panel::Node(node_id(1)), Lang::De, Viewer::Guest));
    assert!(!html(&state).contains("nicht live nachgeführt"));
    state.unheard = true;
    assert!(html(&state).contains("Stand von 19:15 – liegt außerhalb der Karte"));
}

#[test]
fn the_list_is_sorted_by_distance_and_empty_it_has_a_next_step() {
    let mut page = page(Panel::Home, Lang::En, Viewer::Guest);
    page.near.reverse();
    let state = State::new(page.clone());
    let shown = html(&state);
    let at = |title: &str| shown.find(title).expect("is listed");
    assert!(at("Gemeinsam Brot backen") < at("Nachbarschaftsgarten"));
    assert!(shown.contains("2 threads") && shown.contains("6 knots"));
    page.near.clear();
    let empty = html(&State::new(page));
    assert!(empty.contains("Nothing is woven here yet.") && empty.contains("href=\"/weben\""));
    assert!(empty.contains("To the nearest knot, 110\u{a0}m from here"));
    assert!(empty.contains("href=\"/?@48.41090,15.60930,15.00\""));
}

#[test]
fn one_can_do_what_the_domain_allows_and_reads_why_not() {
    let open = |change: fn(&mut State)| {
        let mut state = awake(page(Panel::Node(node_id(1)), Lang::De, member()));
        change(&mut state);
        html(&state)
    };
    let mine = thread(1, "Anna", ThreadKind::Create, 1, Some(6));
    let twist = format!("\"{}\"", Press::Twist(mine.id, node_id(1).into()).code());
    assert!(open(|_| {}).contains(&twist) && open(|_| {}).contains("Ich kümmere mich"));

    let yarn = open(|state| {
        for thread in state
            .view
            .threads
            .values_mut()
            .filter(|thread| thread.role == me().role)
        {
            thread.expires_at = None;
        }
    });
    assert!(
        yarn.contains(&Press::Untwist(mine.id, node_id(1).into()).code()) && !yarn.contains(&twist)
    );

    let joined = open(|state| {
        let mut join = thread(1, "Anna", ThreadKind::Join, 1, Some(2));
        join.level = Some(JoinLevel::Promise);
        state.view.threads.insert(join.id, join);
    });
    // What one has chosen is the one that is pressed, and can be pressed again.
    let pressed = |level| {
        let code = Press::Join(node_id(1), level).code();
        joined.contains(&format!("data-press=\"{code}\" aria-pressed=\"true\""))
    };
    assert!(pressed(JoinLevel::Promise) && !pressed(JoinLevel::Interest));
    assert!(joined.contains("beginnen deine sieben Tage von vorn"));

    let guest = awake(page(Panel::Node(node_id(1)), Lang::De, Viewer::Guest));
    assert!(html(&guest).contains("Melde dich an, um mit einem Faden dabei zu sein."));

    let refused =
        open(|state| state.refused = Some((Form::Act, Denied::Rule(Refusal::AlreadyTwisted))));
    assert!(refused.contains("Der Faden ist schon Garn."));
}

#[test]
fn what_a_page_knows_of_before_the_rooms_do_can_be_acted_on() {
    let mut state = awake(page(Panel::Node(node_id(2)), Lang::De, member()));
    state.view = CellView::default();
    let shown = html(&state);
    assert!(shown.contains("Ich bin dabei"), "it is there");
    assert!(!shown.contains("Diesen Knoten gibt es nicht"));
}

#[test]
fn what_has_come_undone_says_so_with_its_date() {
    let mut page = page(Panel::Node(node_id(1)), Lang::De, member());
    if let Detail::Node { node, threads, .. } = &mut page.detail {
        node.dissolved_at = Some(NOW);
        threads.clear();
    }
    page.near.clear();
    let html = html(&awake(page));
    assert!(html.contains("Aufgelöst") && html.contains("25. November 2026, 19:15 Uhr"));
    assert!(!html.contains("data-press=\"join"));

    // A deadline closes though no timer ran.
    let mut late = awake(scenes::page(Panel::Node(node_id(1)), Lang::De, member()));
    late.now = NOW + 8 * domain::time::DAY_MS;
    assert!(self::html(&late).contains("Aufgelöst"));
}

#[test]
fn an_approximate_place_says_so_to_everyone() {
    let role = html(&awake(page(
        Panel::Role(role_id(2)),
        Lang::De,
        Viewer::Guest,
    )));
    assert!(role.contains("Ungefähr auf der Karte, im Umkreis von 1\u{a0}km."));
    let own = html(&awake(page(Panel::Me, Lang::De, member())));
    assert!(own.contains("ungefähr auf der Karte, im Umkreis von 500\u{a0}m"));
}

#[test]
fn every_refusal_and_problem_has_its_words_in_both_languages() {
    let refusals = [
        Refusal::NameLength { max: 60, got: 0 },
        Refusal::NameMixed,
        Refusal::NameAlike,
        Refusal::TitleLength { max: 120, got: 0 },
        Refusal::TextLength {
            max: 4000,
            got: 4001,
        },
        Refusal::MessageLength {
            max: 2000,
            got: 2001,
        },
        Refusal::MessageTaken,
        Refusal::ControlCharacters,
        Refusal::PlaceInvalid,
        Refusal::StartMissing,
        Refusal::StartWithoutEvent,
        Refusal::StartOutOfRange,
        Refusal::EndBeforeStart,
        Refusal::EndOutOfRange { days: 366 },
        Refusal::ZoneInvalid,
        Refusal::NightsOutOfRange { max: 90, got: 91 },
        Refusal::GuestsOutOfRange { max: 20, got: 0 },
        Refusal::LentOutOfRange,
        Refusal::OfAnotherKind,
        Refusal::StructureByHand,
        Refusal::StructureStays,
        Refusal::CentreMissing,
        Refusal::RadiusOutOfRange {
            min: 50,
            max: 50_000,
            got: 7,
        },
        Refusal::RoleTaken,
        Refusal::RoleUnknown,
        Refusal::NodeTaken,
        Refusal::NodeUnknown,
        Refusal::NodeDissolved { at: NOW },
        Refusal::NodeChanged { version: 3 },
        Refusal::NodeNotYours {
            vouches: 1,
            needed: 2,
        },
        Refusal::NodeCovered,
        Refusal::NothingChanged,
        Refusal::ThreadUnknown,
        Refusal::ThreadFaded { at: NOW },
        Refusal::NotYours,
        Refusal::AlreadyTwisted,
        Refusal::NotTwisted,
        Refusal::WeaverNeeded {
            vouches: 1,
            needed: 2,
        },
        Refusal::AdminNeeded,
        Refusal::VouchForOneself,
        Refusal::VouchGiven,
        Refusal::VouchMissing,
        Refusal::VouchConfirmed { at: NOW },
        Refusal::WeaverAlready,
        Refusal::RightHeld,
        Refusal::RightMissing,
        Refusal::ReasonLength { max: 300, got: 0 },
        Refusal::VouchesOutOfRange { max: 20, got: 21 },
        Refusal::CommandReused,
        Refusal::CommandExpired,
        Refusal::CommandVersion { v: 9 },
    ];
    let problems = [
        ProblemKind::Refused,
        ProblemKind::Malformed,
        ProblemKind::TooLarge,
        ProblemKind::UnsupportedMedia,
        ProblemKind::MethodNotAllowed,
        ProblemKind::NotFound,
        ProblemKind::CodeWrong,
        ProblemKind::EmailWrong,
        ProblemKind::SignedOut,
        ProblemKind::ForeignRole,
        ProblemKind::ForeignOrigin,
        ProblemKind::TooMany,
        ProblemKind::Unavailable,
        ProblemKind::Internal,
    ];
    let mut said = std::collections::BTreeSet::new();
    for lang in LANGUAGES {
        let state = State::new(page(Panel::Home, lang, Viewer::Guest));
        let look = Look::new(&state, None);
        for refusal in &refusals {
            let text = why::refusal(&look, refusal).into_owned();
            assert!(!text.is_empty() && !text.contains('{'), "{text}");
            assert!(said.insert(text), "{refusal:?} says what another one says");
        }
        for kind in problems {
            assert!(!why::problem(&look, kind).is_empty());
        }
        for notice in [Notice::NotKept, Notice::NoLocation] {
            let mut state = state.clone();
            state.notice = Some(notice);
            assert!(html(&state).contains("data-tone=\"loud\""));
        }
    }
}

#[test]
fn a_press_survives_its_text() {
    let thread = thread(1, "Anna", ThreadKind::Join, 1, None).id;
    let node = node_id(1);
    let command = CommandId(uuid::Uuid::from_u128(5));
    for press in [
        Press::Join(node, JoinLevel::Interest),
        Press::Join(node, JoinLevel::Responsibility),
        Press::Twist(thread, node.into()),
        Press::Untwist(thread, role_id(3).into()),
        Press::Vouch(role_id(2)),
        Press::WithdrawVouch(role_id(2)),
        Press::Withdraw(command),
        Press::Discard(command),
        Press::Edit(command),
        Press::Mine(command),
        Press::Middle,
        Press::Unchoose,
        Press::Sheet(app::live::Sheet::Low),
        Press::Sheet(app::live::Sheet::Half),
        Press::Sheet(app::live::Sheet::Full),
        Press::Locate,
        Press::Show(Place { lat: -5, lon: 7 }),
        Press::Nearer(Place { lat: 5, lon: -7 }),
        Press::OtherEmail,
        Press::HaveCode,
        Press::CloseNotice,
        Press::Older,
    ] {
        assert_eq!(Press::from_code(&press.code()), Some(press));
    }
    for bad in [
        "",
        "join",
        "join x",
        "join 00000000-0000-0000-0000-000000000001 much",
        "sheet wide",
        "twist 1",
        "show 1",
        "delete",
    ] {
        assert_eq!(Press::from_code(bad), None, "{bad}");
    }
}
