//! Lenses: what the list shows through them, and how they are chosen.

use domain::lens::Lens;
use domain::view::CountRow;

use super::*;

/// A page at home that looks through a lens, with all rooms held.
fn through(lens: &str, viewer: Viewer) -> State {
    let mut page = page(Panel::Home, Lang::En, viewer);
    page.lens = lens.parse().expect("a lens");
    let mut state = awake(page);
    state.heard = Heard::Things;
    for (role, kind, node, left) in [
        (1, ThreadKind::Create, 1, Some(6)),
        (2, ThreadKind::Join, 1, None),
        (2, ThreadKind::Join, 4, Some(5)),
    ] {
        let row = thread(role, "Anna", kind, node, left);
        state.view.threads.insert(row.id, row);
    }
    state
}

fn rows(html: &str) -> Vec<&str> {
    let titles = html.split("class=\"row-title\">").skip(1);
    titles.filter_map(|rest| rest.split('<').next()).collect()
}

#[test]
fn the_list_shows_what_the_lens_shows_and_says_that_there_is_one() {
    let all = html(&through("", Viewer::Guest));
    assert_eq!(rows(&all).len(), 6);
    assert!(!all.contains("lensed"));
    let tools = html(&through("tool", Viewer::Guest));
    assert_eq!(rows(&tools).len(), 1);
    assert!(tools.contains("class=\"lensed\""), "{tools}");
    assert_eq!(
        rows(&html(&through("garn", Viewer::Guest))),
        ["Gemeinsam Brot backen"]
    );
    let none = html(&through("garn.tool", Viewer::Guest));
    assert_eq!(rows(&none).len(), 0);
    assert!(none.contains(words(Lang::En).lens_nothing));
    // Where the server has listed what is near, it has looked through the lens.
    let mut page = page(Panel::Home, Lang::En, Viewer::Guest);
    page.lens = "garn".parse().expect("a lens");
    page.near.truncate(2);
    assert_eq!(rows(&html(&State::new(page))).len(), 2);
}

#[test]
fn each_choice_says_what_it_would_leave_and_leads_to_it() {
    let chips = |html: &str| -> Vec<(String, String)> {
        let chips = html.split("class=\"chip\"").skip(1);
        chips
            .map(|chip| {
                let part = |from: &str, to: &str| {
                    let rest = chip.split_once(from).map_or("", |(_, rest)| rest);
                    rest.split(to).next().unwrap_or_default().to_owned()
                };
                (part("<span>", "<"), part("\"figures\">", "<"))
            })
            .collect()
    };
    let own = |pairs: &[(&str, &str)]| -> Vec<(String, String)> {
        let pair = |(word, count): &(&str, &str)| ((*word).to_owned(), (*count).to_owned());
        pairs.iter().map(pair).collect()
    };
    let w = words(Lang::En);
    let (day, three) = (w.lens_day, w.lens_three_days);
    let kinds = [
        (w.kind_idea, "1"),
        (w.kind_event, "1"),
        (w.kind_place, "1"),
        (w.kind_tool, "1"),
        (w.kind_bed, "1"),
        (w.kind_structure, "1"),
    ];
    let guest = html(&through("", Viewer::Guest));
    let of_threads = [(day, "2"), (three, "2"), (w.lens_yarn, "1")];
    assert_eq!(chips(&guest), own(&[&kinds[..], &of_threads].concat()));
    // Anna has knotted all six.
    let member = html(&through("", member()));
    let mine = [
        (day, "2"),
        (three, "2"),
        (w.lens_yarn, "1"),
        (w.lens_mine, "6"),
    ];
    assert_eq!(chips(&member), own(&[&kinds[..], &mine].concat()));
    // Beside what is chosen only what would leave something; what is chosen can always be taken back.
    let yarn = html(&through("garn.bed", Viewer::Guest));
    let left = [(w.kind_idea, "1"), (w.kind_bed, "0"), (w.lens_yarn, "0")];
    assert_eq!(chips(&yarn), own(&left));
    assert!(
        yarn.contains("linse=idea.bed.garn"),
        "a kind beside the other"
    );
    assert!(yarn.contains("linse=bed\""), "without yarn");
    assert!(yarn.contains("data-press=\"through \""), "everything");
}

#[test]
fn farther_out_kinds_are_counted() {
    let mut state = through("idea", Viewer::Guest);
    state.heard = Heard::Counts;
    state.view.counts = vec![CountRow {
        cell: scenes::place(0).cell().parent(6),
        kinds: vec![(NodeKind::Idea, 3), (NodeKind::Tool, 4)],
    }];
    let html = html(&state);
    assert_eq!(rows(&html).len(), 1);
    assert!(
        html.contains("3\u{a0}×\u{a0}") && !html.contains("4\u{a0}×\u{a0}"),
        "{html}"
    );
    assert!(
        html.contains("\"figures\">4<"),
        "how many tools there would be"
    );
    assert!(
        !html.contains(words(Lang::En).lens_yarn),
        "counts know no threads"
    );
    state.page.lens = Lens::default();
    state.view.counts.clear();
    state.view.nodes.clear();
    assert!(
        !super::html(&state).contains("class=\"lenses\""),
        "nothing to choose from"
    );
}
