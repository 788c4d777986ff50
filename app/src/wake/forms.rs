//! What forms send. Fields keep what is typed; they are read when the form is sent.

use std::mem::discriminant;

use domain::command::Act;
use domain::id::NodeId;
use domain::link::Panel;
use domain::place::{Place, Radius};
use domain::refusal::Refusal;
use domain::spool::{Placement, Profile};
use domain::tidy::without_control;
use domain::time::Millis;
use domain::view::NodeRow;
use domain::weave::{NodeKind, Particulars};
use leptos::prelude::{Update, WithUntracked, request_animation_frame};
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::{Element, HtmlElement, HtmlInputElement};

use super::{element, focus};
use crate::live::{Denied, Flaw, Form, Live, State};

const MINUTE_MS: i64 = 60_000;
/// Digits of the code that a mail brings.
const CODE_DIGITS: usize = 8;

pub(super) fn send(live: Live, form: &Element) {
    let name = form.get_attribute("data-form").unwrap_or_default();
    match name.as_str() {
        "weave" => weave(live, form),
        "change" => change(live, form),
        "register" => {
            if let Some(placement) = placement(live, Form::Register, form) {
                let name = value(form, "[name=name]");
                let act = Act::RegisterRole { name, placement };
                if act_of(live, Form::Register, act, None) {
                    // The form goes; what it made stands at the top.
                    request_animation_frame(|| focus("title"));
                }
            }
        }
        "rename" => {
            let act = Act::RenameRole {
                name: value(form, "[name=name]"),
            };
            act_of(live, Form::Rename, act, None);
        }
        "describe" => describe(live, form),
        "place" => {
            if let Some(placement) = placement(live, Form::Place, form) {
                act_of(live, Form::Place, Act::PlaceRole { placement }, None);
            }
        }
        "mail" => {
            let email = value(form, "[name=email]");
            if is_right(live, is_address(&email), Flaw::Email) {
                live.ports.ask_mail(email);
            }
        }
        "code" => {
            let email = value(form, "[name=email]");
            // As it stands in the mail it may have gaps.
            let code: String = value(form, "[name=code]")
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            if is_right(live, is_address(&email), Flaw::Email)
                && is_right(live, code.len() == CODE_DIGITS, Flaw::Code)
            {
                live.ports.send_code(email, code);
            }
        }
        "talk" => super::talk::send(live, form),
        "search" => super::search::send(live, form),
        "sign-out" => live.ports.sign_out(),
        _ => {}
    }
    // What is typed in it is not kept for coming back, until more is typed.
    if live.state.with_untracked(|state| state.sent.is_some()) {
        _ = form.set_attribute("data-sent", "");
    }
}

/// Whether a field can be right; says so beside it where it can't.
fn is_right(live: Live, is_right: bool, flaw: Flaw) -> bool {
    live.state.update(|state| {
        state.sign_in.busy = is_right;
        state.sign_in.problem = None;
        state.sign_in.flaw = (!is_right).then_some(flaw);
    });
    if !is_right {
        show_what_is_wrong();
    }
    is_right
}

/// Whether mail could be sent there, as far as one sees without sending any.
fn is_address(text: &str) -> bool {
    let parts = text.trim().split_once('@');
    parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty() && !host.contains('@'))
}

fn weave(live: Live, form: &Element) {
    let Some(place) = live.state.with_untracked(State::place) else {
        refuse(live, Form::Weave, Denied::TooFarOut);
        return;
    };
    let node = NodeId(live.ports.new_id());
    if let Some(act) = knot(live, form, node, place) {
        act_of(live, Form::Weave, act, Some(Panel::Node(node)));
    } else {
        refuse(live, Form::Weave, Denied::Rule(Refusal::ZoneInvalid));
    }
}

/// What the form to weave would knot there; none where no clocks are known by which its times were typed.
fn knot(live: Live, form: &Element, node: NodeId, place: Place) -> Option<Act> {
    let kind = NodeKind::from_code(&value(form, "[name=kind]:checked")).unwrap_or(NodeKind::Idea);
    let said = particulars(live, form, kind, &Particulars::default())?;
    let start = value(form, "[name=start]");
    let starts_at = (kind == NodeKind::Event)
        .then(|| moment_of(live, &start, said.zone.as_deref()))
        .flatten();
    Some(Act::KnotNode {
        node,
        kind,
        title: value(form, "[name=title-of-knot]"),
        text: value(form, "[name=text]"),
        place,
        starts_at,
        particulars: said,
    })
}

/// What a form says of its knot's own kind; a moment that is `before` to the minute is that one still. None where nobody here knows the
/// time zone that was typed anew.
fn particulars(
    live: Live,
    form: &Element,
    kind: NodeKind,
    before: &Particulars,
) -> Option<Particulars> {
    let zone = value(form, "[name=zone]").trim().to_owned();
    let zone = Some(zone).filter(|zone| kind == NodeKind::Event && !zone.is_empty());
    // One that was there already may stay, whoever knows it.
    if zone != before.zone && zone.as_deref().is_some_and(|zone| !is_known(live, zone)) {
        return None;
    }
    let moment = |of: NodeKind, name: &str, before: Option<Millis>| {
        let typed = (kind == of).then(|| moment_of(live, &value(form, name), zone.as_deref()));
        let typed = typed.flatten();
        if minute(typed) == minute(before) {
            before
        } else {
            typed
        }
    };
    // What is no number is none of those that there are, and the rule says which these are.
    let number = |name: &str| {
        let typed = value(form, name);
        (kind == NodeKind::Bed && !typed.is_empty()).then(|| typed.parse().unwrap_or(0))
    };
    Some(Particulars {
        ends_at: moment(NodeKind::Event, "[name=end]", before.ends_at),
        nights: number("[name=nights]"),
        guests: number("[name=guests]"),
        lent_until: moment(NodeKind::Tool, "[name=lent]", before.lent_until),
        zone,
    })
}

/// Whether this browser knows that time zone.
fn is_known(live: Live, zone: &str) -> bool {
    live.ports.offset_in(zone, Millis(0)).is_some()
}

/// The moment that was typed, by the clocks of the time zone that stands beside it, or of this device where nobody knows it: as the
/// form showed it.
fn moment_of(live: Live, typed: &str, zone: Option<&str>) -> Option<Millis> {
    let zone = zone.filter(|zone| is_known(live, zone));
    live.ports.moment_of(typed, zone.unwrap_or_default())
}

/// Fields have no seconds.
fn minute(at: Option<Millis>) -> Option<i64> {
    at.map(|at| at.0.div_euclid(MINUTE_MS))
}

/// Names what is different from the knot as it was seen; the rest stays as it is.
fn change(live: Live, form: &Element) {
    let read = |state: &State| Some(changed(live, state, state.base()?, form));
    match live.state.with_untracked(read) {
        Some(Ok((node, act))) => {
            act_of(live, Form::Change, act, Some(Panel::Node(node)));
        }
        Some(Err(refusal)) => refuse(live, Form::Change, Denied::Rule(refusal)),
        None => {}
    }
}

/// What the form says that `base` does not.
fn changed(
    live: Live,
    state: &State,
    base: &NodeRow,
    form: &Element,
) -> Result<(NodeId, Act), Refusal> {
    let (title, text) = (
        value(form, "[name=title-of-knot]"),
        value(form, "[name=text]"),
    );
    let before = &base.particulars;
    let said = particulars(live, form, base.kind, before);
    let mut said = said.ok_or(Refusal::ZoneInvalid)?;
    let starts_at = moment_of(live, &value(form, "[name=start]"), said.zone.as_deref());
    if base.kind == NodeKind::Event && starts_at.is_none() {
        return Err(Refusal::StartMissing);
    }
    let same_title = domain::weave::title(&title).is_ok_and(|title| title == base.title);
    let same_text = domain::weave::text(&text).is_ok_and(|text| text == base.text);
    let starts_at = starts_at
        .filter(|_| base.kind == NodeKind::Event && minute(starts_at) != minute(base.starts_at));
    // The field begins with one's own zone where none was said; that alone is no change.
    let has_same_times = starts_at.is_none() && said.ends_at == before.ends_at;
    if before.zone.is_none() && has_same_times && said.zone == Some(live.ports.zone()) {
        said.zone = None;
    }
    let act = Act::ChangeNode {
        node: base.id,
        based_on: base.version,
        kind: None,
        title: (!same_title).then_some(title),
        text: (!same_text).then_some(text),
        place: state.chosen.filter(|place| *place != base.place),
        starts_at,
        particulars: said.differences(before),
    };
    Ok((base.id, act))
}

/// Names what is different from what one's role said when the form began, and from what it says by now; the rest stays as it is,
/// also where it was changed on another device meanwhile.
fn describe(live: Live, form: &Element) {
    let read = |state: &State| {
        Some(described(
            &state.profile_before,
            &state.me.as_ref()?.profile,
            form,
        ))
    };
    let Some((act, after, flawed)) = live.state.with_untracked(read) else {
        return;
    };
    live.state.update(|state| state.flawed = flawed);
    if act_of(live, Form::Describe, act, None) {
        live.state.update(|state| state.profile_before = after);
    }
}

/// The act, what the role says after it, and the first field that can't be right.
fn described(
    before: &Profile,
    now: &Profile,
    form: &Element,
) -> (Act, Profile, Option<&'static str>) {
    let typed = value(form, "[name=about]");
    let about = domain::spool::about(&typed);
    let is_same = |about: &String| *about == before.about || *about == now.about;
    let new_about = (!about.as_ref().is_ok_and(is_same)).then_some(typed);
    let mut flawed = about.is_err().then_some("about");
    let mut after = before.clone();
    after.about = about.unwrap_or_default();
    let mut list = |name, selector, lists: [&Vec<String>; 2], after: &mut Vec<String>| {
        let typed = value(form, selector);
        let typed: Vec<String> = domain::spool::apart(&typed).map(str::to_owned).collect();
        let tags = domain::spool::tags(&typed);
        if tags.is_err() {
            flawed.get_or_insert(name);
        }
        let is_same = tags.as_ref().is_ok_and(|tags| lists.contains(&tags));
        *after = tags.unwrap_or_default();
        (!is_same).then_some(typed)
    };
    let act = Act::DescribeRole {
        about: new_about,
        goods: list(
            "goods",
            "[name=goods]",
            [&before.goods, &now.goods],
            &mut after.goods,
        ),
        skills: list(
            "skills",
            "[name=skills]",
            [&before.skills, &now.skills],
            &mut after.skills,
        ),
        languages: list(
            "languages",
            "[name=languages]",
            [&before.languages, &now.languages],
            &mut after.languages,
        ),
    };
    (act, after, flawed)
}

/// Asks the domain, then keeps and sends; what it says no to stands in words beside the field. Whether it
/// was kept.
pub(super) fn act_of(live: Live, form: Form, act: Act, then: Option<Panel>) -> bool {
    let judged = live.state.with_untracked(|state| state.judge(act.clone()));
    let judged = match judged {
        // The server says so with the other version beside it, and this one is on disk by then.
        Err(Refusal::NodeChanged { .. }) => Ok(()),
        judged => judged,
    };
    live.state.update(|state| {
        state.notice = None;
        state.refused = judged
            .err()
            .map(|refusal: Refusal| (form, Denied::Rule(refusal)));
        state.sent = judged.is_ok().then_some(form);
    });
    if judged.is_ok() {
        let again = discriminant(&act);
        live.ports.submit(act, then);
        let replaced = live.state.with_untracked(|state| {
            let draft = state.draft.as_ref();
            draft
                .filter(|draft| discriminant(&draft.act) == again)?
                .replaces
        });
        if let Some(replaced) = replaced {
            live.ports.discard(replaced);
            live.state.update(|state| state.draft = None);
        }
        return true;
    }
    show_what_is_wrong();
    false
}

/// Says beside a form why it is not sent.
fn refuse(live: Live, form: Form, why: Denied) {
    live.state.update(|state| {
        state.notice = None;
        state.sent = None;
        state.refused = Some((form, why));
    });
    show_what_is_wrong();
}

/// Brings what is wrong into sight, and to those who listen.
fn show_what_is_wrong() {
    request_animation_frame(|| {
        let wrong = element("panel").and_then(|panel| {
            panel
                .query_selector("[aria-invalid], form [role=alert]")
                .ok()
                .flatten()
        });
        if let Some(wrong) = wrong {
            _ = wrong.unchecked_into::<HtmlElement>().focus();
        }
    });
}

/// Where a role is to be shown; none where that needs a point and none can be meant.
fn placement(live: Live, of: Form, form: &Element) -> Option<Placement> {
    let show = value(form, "[name=show]:checked");
    if show != "exact" && show != "radius" {
        return Some(Placement::Hidden);
    }
    let metres = value(form, "[name=radius]").parse().ok();
    let radius = metres.and_then(Radius::from_metres).unwrap_or(Radius::M500);
    let kept = Placement::Kept {
        radius: (show == "radius").then_some(radius),
    };
    let (place, keeps) = live
        .state
        .with_untracked(|state| (state.place(), state.keeps_unseen()));
    match place {
        Some(place) => Some(kept.at(place)),
        None if keeps => Some(kept),
        None => {
            refuse(live, of, Denied::TooFarOut);
            None
        }
    }
}

/// The value of a field (inputs, text areas and selects all have one), without what nobody sees in it.
pub(super) fn value(form: &Element, selector: &str) -> String {
    match form.query_selector(selector) {
        Ok(Some(field)) => without_control(&field.unchecked_into::<HtmlInputElement>().value()),
        Ok(None) | Err(_) => String::new(),
    }
}
