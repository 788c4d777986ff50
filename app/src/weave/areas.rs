//! What lies farther out than single knots are shown: how many there are where, nearest first. It is the list that
//! belongs to the map's balls of wool, and as live as they are.

use domain::page::NEAR_MAX;
use domain::view::CountRow;

use super::lenses::{hidden, lenses};
use super::list::{empty, head, insert_sorted, keep};
use crate::look::Look;
use crate::markup::{Element, el, of};
use crate::parts;
use crate::press::Press;
use crate::talk::parlour;
use crate::words::{counted, fill};

/// The areas around the middle of the map.
#[must_use]
pub(super) fn areas(look: &Look<'_>) -> Vec<Element> {
    let w = look.words;
    let state = look.state;
    let centre = state.page.camera.centre;
    let total = |rows: &[(u32, &CountRow)]| rows.iter().map(|(_, row)| row.total()).sum::<u32>();
    let mut rows: Vec<(u32, &CountRow)> = Vec::new();
    let seen = state.page.lens.counts(&state.view.counts);
    for row in &seen {
        let distance_m = centre.distance_m(row.cell.centre()) as u32;
        insert_sorted(&mut rows, (distance_m, row), |(distance_m, row)| {
            (*distance_m, row.cell)
        });
    }
    let count = total(&rows) as usize;
    let tally = counted(w.home_one, w.home_many, count);
    let lead = (!rows.is_empty()).then(|| w.home_areas.into());
    let head = head(look, lead, tally, count);
    if rows.is_empty() {
        let none = if state.page.lens.is_clear() {
            empty(look)
        } else {
            hidden(look)
        };
        let mut content = vec![head, parlour(look)];
        content.extend(lenses(look));
        content.extend([none, keep(look), parts::about(look)]);
        return content;
    }
    let (near, far) = rows.split_at(rows.len().min(usize::from(NEAR_MAX)));
    let lines = near
        .iter()
        .map(|(distance_m, row)| area(look, *distance_m, row));
    let mut content = vec![head, parlour(look)];
    content.extend(lenses(look));
    content.push(of("ol", "list").set("role", "list").all(lines.collect()));
    if !far.is_empty() {
        let text = fill(w.area_farther, "n", &total(far).to_string());
        content.push(parts::hint(text.into()));
    }
    content.extend([keep(look), parts::about(look)]);
    content
}

fn area(look: &Look<'_>, distance_m: u32, row: &CountRow) -> Element {
    let w = look.words;
    let count = counted(w.home_one, w.home_many, row.total() as usize);
    let mut kinds = String::new();
    for (kind, count) in &row.kinds {
        if !kinds.is_empty() {
            kinds.push_str(", ");
        }
        kinds.push_str(&count.to_string());
        kinds.push_str("\u{a0}×\u{a0}");
        kinds.push_str(parts::kind_word(w, *kind));
    }
    el("li")
        .key(u128::from(row.cell.to_i64().unsigned_abs()))
        .child(
            parts::button("row", Press::Nearer(row.cell.centre()))
                .child(of("span", "seal").child(parts::icon("zoom")))
                .child(
                    of("span", "row-text")
                        .child(of("span", "row-title").text(count))
                        .child(of("span", "row-facts").text(kinds.into())),
                )
                .child(
                    of("span", "row-end")
                        .child(of("span", "distance").text(look.distance(distance_m).into())),
                ),
        )
}
