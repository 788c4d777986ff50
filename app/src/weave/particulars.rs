//! What a knot says of its own kind: told in a line, and as fields of its forms.

use domain::refusal::Refusal;
use domain::time::Millis;
use domain::view::NodeRow;
use domain::weave::{GUESTS_MAX, NIGHTS_MAX, NodeKind, Particulars};

use super::form::error;
use crate::live::Form;
use crate::look::Look;
use crate::markup::{Element, Text, el};
use crate::parts;
use crate::words::{counted, fill};

/// "bis Fr, 5. März 2027, 22:00 Uhr", "2 Gäste, bis 3 Nächte", "verliehen bis …"; nothing where nothing is said.
#[must_use]
pub(crate) fn told(look: &Look<'_>, said: &Particulars) -> Option<Text> {
    let w = look.words;
    let until = |word, at: Millis| fill(word, "at", &look.date(at));
    let number = |one, many, n: u32| counted(one, many, n as usize).into_owned();
    let mut parts: Vec<String> = Vec::new();
    parts.extend(said.ends_at.map(|at| until(w.told_end, at)));
    parts.extend(said.guests.map(|n| number(w.told_guest, w.told_guests, n)));
    parts.extend(said.nights.map(|n| number(w.told_night, w.told_nights, n)));
    parts.extend(said.lent_until.map(|at| until(w.told_lent, at)));
    (!parts.is_empty()).then(|| parts.join(", ").into())
}

/// As [`told`] of a knot as it is now: what was lent and is back is nothing to tell any more.
#[must_use]
pub(crate) fn told_now(look: &Look<'_>, node: &NodeRow) -> Option<Text> {
    let is_back = |at: &Millis| *at <= look.state.now;
    let said = &node.particulars;
    told(look, said).filter(|_| !said.lent_until.as_ref().is_some_and(is_back))
}

/// The fields of a form for a knot of that kind; for one whose kind is still chosen those of all kinds.
pub(super) fn fields(
    look: &Look<'_>,
    form: Form,
    kind: Option<NodeKind>,
    said: &Particulars,
) -> Vec<Element> {
    let w = look.words;
    let at = |moment: Option<Millis>, zone: Option<&str>| {
        let value = moment.map_or(String::new(), |at| look.local_input(at, zone));
        let input = el("input").set("type", "datetime-local");
        input.attr("value", value.into())
    };
    let number = |number: Option<u32>, max: u32| {
        let value = number.map_or(String::new(), |number| number.to_string());
        let input = el("input")
            .set("type", "number")
            .set("inputmode", "numeric");
        let input = input.set("min", "1").attr("max", max.to_string().into());
        input.attr("value", value.into())
    };
    let zone = || {
        let value = said.zone.clone().unwrap_or_else(|| look.own_zone());
        let input = el("input").set("type", "text").set("autocomplete", "off");
        let input = input.set("spellcheck", "false").set("list", "zones");
        let input = input.set("autocapitalize", "off");
        input.attr("value", value.into())
    };
    let wrong = |here| error(look, form, here);
    let all = [
        (
            NodeKind::Event,
            ("end", w.weave_end, w.weave_text_hint),
            at(said.ends_at, said.zone.as_deref()),
            wrong(|why| matches!(why, Refusal::EndBeforeStart | Refusal::EndOutOfRange { .. })),
        ),
        (
            NodeKind::Event,
            ("zone", w.weave_zone, w.weave_zone_hint),
            zone(),
            wrong(|why| matches!(why, Refusal::ZoneInvalid)),
        ),
        (
            NodeKind::Bed,
            ("guests", w.weave_guests, w.weave_text_hint),
            number(said.guests, GUESTS_MAX),
            wrong(|why| matches!(why, Refusal::GuestsOutOfRange { .. })),
        ),
        (
            NodeKind::Bed,
            ("nights", w.weave_nights, w.weave_text_hint),
            number(said.nights, NIGHTS_MAX),
            wrong(|why| matches!(why, Refusal::NightsOutOfRange { .. })),
        ),
        (
            NodeKind::Tool,
            ("lent", w.weave_lent, w.weave_lent_hint),
            at(said.lent_until, None),
            wrong(|why| matches!(why, Refusal::LentOutOfRange)),
        ),
    ];
    let mut fields = Vec::new();
    for (of, (id, label, hint), input, wrong) in all {
        if kind.is_none_or(|kind| kind == of) {
            let field = parts::field(id, label, hint, input, wrong);
            fields.push(field.set("data-only", of.code()));
        }
    }
    fields
}
