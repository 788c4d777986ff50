//! What a view is made from: the state, its words, and time and distance as people read them.

use domain::page::Viewer;
use domain::place::{Place, Radius};
use domain::time::{DAY_MS, Millis};
use domain::wire::LineState;

use crate::live::{Stage, State, Waiting};
use crate::markup::{Element, Text, el};
use crate::ports::Ports;
use crate::words::{Words, counted, fill, words};

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
/// From here on it is a day, to the nearest hour.
const NEARLY_A_DAY_MS: i64 = DAY_MS - HOUR_MS / 2;

/// One look at the state.
#[derive(Clone, Copy)]
pub struct Look<'a> {
    pub state: &'a State,
    pub words: &'static Words,
    /// Only once the page is awake: the first render must be the same on both sides.
    ports: Option<&'static dyn Ports>,
}

impl core::fmt::Debug for Look<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Look").finish_non_exhaustive()
    }
}

impl<'a> Look<'a> {
    /// A look at `state`, in the browser with its ports.
    #[must_use]
    pub fn new(state: &'a State, ports: Option<&'static dyn Ports>) -> Self {
        Self {
            state,
            words: words(state.page.lang),
            ports: ports.filter(|_| state.awake),
        }
    }

    /// What the community is called, else the name of what it runs on.
    #[must_use]
    pub fn site(&self) -> &'a str {
        let own = self.state.page.community.as_str();
        if own.is_empty() { self.words.site } else { own }
    }

    /// The moment in local time; before the page is awake in the server's, and saying which.
    #[must_use]
    pub fn date(&self, at: Millis) -> String {
        let (offset_min, zone) = self.zone(at);
        let mut date = date(self.words, at + i64::from(offset_min) * MINUTE_MS);
        date.push_str(&zone);
        date
    }

    /// The day of that moment as `<time>`, and the moment itself for those who ask: before the page is awake by the server's clocks,
    /// which mostly makes no difference.
    #[must_use]
    pub fn day(&self, at: Millis) -> Element {
        let (offset_min, _) = self.zone(at);
        let local = at + i64::from(offset_min) * MINUTE_MS;
        el("time")
            .attr("datetime", iso(at).into())
            .attr("title", self.date(at).into())
            .text(day(self.words, local).into())
    }

    /// How far ahead of UTC the clocks are, in minutes, and what names them where they may be others than the reader's: before the page
    /// is awake those where the server stands, as they are today.
    fn zone(&self, at: Millis) -> (i32, String) {
        match self.ports {
            Some(ports) => (ports.offset_min(at), String::new()),
            None => (self.state.page.offset_min, zone(self.state.page.offset_min)),
        }
    }

    /// Whether clocks in that time zone are known to tell another time then than the reader's.
    #[must_use]
    pub fn is_elsewhere(&self, zone: &str, at: Millis) -> bool {
        self.ports.is_some_and(|ports| {
            let there = ports.offset_in(zone, at);
            there.is_some_and(|there| there != ports.offset_min(at))
        })
    }

    /// "As of 19:15": how old is what nobody keeps true; before the page is awake by the server's clocks, and saying which.
    #[must_use]
    pub fn clock(&self, at: Millis) -> String {
        let (offset_min, zone) = self.zone(at);
        let civil = (at + i64::from(offset_min) * MINUTE_MS).civil();
        let mut time = two_digits(civil.hour);
        time.push(':');
        time.push_str(&two_digits(civil.minute));
        time.push_str(&zone);
        fill(self.words.line_still, "time", &time)
    }

    /// The moment as `<time>`.
    #[must_use]
    pub fn time(&self, at: Millis) -> Element {
        el("time")
            .attr("datetime", iso(at).into())
            .text(self.date(at).into())
    }

    /// The time zone of the reader's device; empty before the page is awake.
    #[must_use]
    pub fn own_zone(&self) -> String {
        self.ports.map(Ports::zone).unwrap_or_default()
    }

    /// The moment as `<input type="datetime-local">` reads it, by the clocks of that time zone, or the reader's where none is known.
    #[must_use]
    pub fn local_input(&self, at: Millis, zone: Option<&str>) -> String {
        let there = (self.ports.zip(zone)).and_then(|(ports, zone)| ports.offset_in(zone, at));
        let offset_min = there.unwrap_or_else(|| self.zone(at).0);
        let mut text = iso(at + i64::from(offset_min) * MINUTE_MS);
        text.pop();
        text
    }

    /// "3 hours ago", with the moment itself for those who ask.
    #[must_use]
    pub fn age(&self, at: Millis) -> Element {
        el("time")
            .attr("datetime", iso(at).into())
            .text(self.ago(at))
    }

    /// "3 hours ago".
    #[must_use]
    pub fn ago(&self, at: Millis) -> Text {
        let w = self.words;
        let age = (self.state.now - at).max(0);
        match age {
            ..MINUTE_MS => Text::Borrowed(w.age_now),
            MINUTE_MS..HOUR_MS => counted(w.age_minute, w.age_minutes, (age / MINUTE_MS) as usize),
            HOUR_MS..DAY_MS => counted(w.age_hour, w.age_hours, (age / HOUR_MS) as usize),
            _ => counted(w.age_day, w.age_days, (age / DAY_MS) as usize),
        }
    }

    /// How long a thread still holds.
    #[must_use]
    pub fn left(&self, expires_at: Option<Millis>) -> Text {
        let w = self.words;
        let Some(end) = expires_at else {
            return Text::Borrowed(w.left_yarn);
        };
        match end - self.state.now {
            ..=0 => Text::Borrowed(w.left_faded),
            1..HOUR_MS => Text::Borrowed(w.left_soon),
            // To the nearest: a thread drawn a moment ago has seven days.
            left @ HOUR_MS..NEARLY_A_DAY_MS => {
                let hours = (left + HOUR_MS / 2) / HOUR_MS;
                counted(w.left_hour, w.left_hours, hours as usize)
            }
            left => {
                let days = ((left + DAY_MS / 2) / DAY_MS).max(1);
                counted(w.left_day, w.left_days, days as usize)
            }
        }
    }

    /// See [`distance`].
    #[must_use]
    pub fn distance(&self, metres: u32) -> String {
        distance(self.words, metres)
    }

    /// A radius.
    #[must_use]
    pub fn radius(&self, radius: Radius) -> String {
        self.distance(u32::from(radius.metres()))
    }

    /// "48,4100° N, 15,6100° O".
    #[must_use]
    pub fn coordinates(&self, place: Place) -> String {
        let east = if self.words.lang == "de" { "O" } else { "E" };
        let mut text = self.degrees(place.lat, "N", "S");
        text.push_str(", ");
        text.push_str(&self.degrees(place.lon, east, "W"));
        text
    }

    fn degrees(&self, units: i32, positive: &str, negative: &str) -> String {
        let thousandths = units.unsigned_abs() / 1000;
        let mut text = (thousandths / 10_000).to_string();
        text.push_str(self.words.decimal);
        let digits = (thousandths % 10_000).to_string();
        for _ in digits.len()..4 {
            text.push('0');
        }
        text.push_str(&digits);
        text.push_str("° ");
        text.push_str(if units < 0 { negative } else { positive });
        text
    }

    /// What is said of those of one's open acts that are about something, until they are confirmed; `itself`: one of them made it.
    /// What is kept here without a network, or without an answer, is not on its way.
    #[must_use]
    pub fn on_its_way(&self, acts: &[&Waiting], itself: bool) -> &'static str {
        let w = self.words;
        let is_cut_off = matches!(self.state.line, LineState::Offline | LineState::Unanswered);
        let is_kept = |act: &&Waiting| matches!(act.stage, Stage::Kept { .. });
        match (is_cut_off && acts.iter().any(is_kept), itself) {
            (true, true) => w.node_kept,
            (true, false) => w.node_deed_kept,
            (false, true) => w.node_on_its_way,
            (false, false) => w.node_deed_on_its_way,
        }
    }

    /// One's acts that are still on their way.
    pub fn open(&self) -> impl Iterator<Item = &'a Waiting> + use<'a> {
        self.state
            .waiting
            .iter()
            .filter(|waiting| waiting.is_open())
    }

    /// How many acts the page says are waiting: one's own, and to a guest those whose author they may be.
    #[must_use]
    pub fn open_count(&self) -> usize {
        let others = match self.state.page.viewer {
            Viewer::Guest => self.state.others_waiting,
            Viewer::Account { .. } | Viewer::Role { .. } => 0,
        };
        self.open().count() + others
    }
}

/// "250 m", "1,2 km", "14 km", "16.284 km"; what belongs together is not broken.
pub(crate) fn distance(w: &Words, metres: u32) -> String {
    let mut text;
    if metres < 1000 {
        // Nobody's neighbourhood is measured to the metre.
        text = (metres / 10 * 10).to_string();
        text.push_str("\u{a0}m");
    } else {
        let tenths = metres / 100;
        text = grouped(w, tenths / 10);
        if tenths < 100 && !tenths.is_multiple_of(10) {
            text.push_str(w.decimal);
            text.push_str(&(tenths % 10).to_string());
        }
        text.push_str("\u{a0}km");
    }
    text
}

/// "284", "16.284".
fn grouped(w: &Words, number: u32) -> String {
    let (thousands, rest) = (number / 1000, number % 1000);
    if thousands == 0 {
        return rest.to_string();
    }
    let mut text = thousands.to_string();
    text.push_str(w.group);
    // A thousand more keeps the noughts before it.
    text.push_str(&(1000 + rest).to_string()[1..]);
    text
}

/// " UTC", " (UTC+1)", " (UTC+5:30)".
pub(crate) fn zone(offset_min: i32) -> String {
    if offset_min == 0 {
        return " UTC".to_owned();
    }
    let mut zone = String::from(" (UTC");
    zone.push(if offset_min < 0 { '−' } else { '+' });
    let minutes = offset_min.unsigned_abs();
    zone.push_str(&(minutes / 60).to_string());
    if !minutes.is_multiple_of(60) {
        zone.push(':');
        zone.push_str(&(minutes % 60).to_string());
    }
    zone.push(')');
    zone
}

/// A moment of local time as people read it.
pub(crate) fn date(w: &Words, local: Millis) -> String {
    let civil = local.civil();
    let mut time = two_digits(civil.hour);
    time.push(':');
    time.push_str(&two_digits(civil.minute));
    let date = fill(w.date, "date", &day(w, local));
    fill(&date, "time", &time)
}

fn day(w: &Words, local: Millis) -> String {
    let civil = local.civil();
    // 1970-01-01 was a Thursday; weeks begin on Monday.
    let weekday = (local.0.div_euclid(DAY_MS) + 3).rem_euclid(7) as usize;
    let nth = |list: &'static str, n: usize| list.split(',').nth(n).unwrap_or_default();
    let mut day = fill(w.day, "weekday", nth(w.weekdays, weekday));
    day = fill(&day, "day", &civil.day.to_string());
    day = fill(&day, "month", nth(w.months, usize::from(civil.month) - 1));
    fill(&day, "year", &civil.year.to_string())
}

/// The moment in ISO 8601.
pub(crate) fn iso(at: Millis) -> String {
    let civil = at.civil();
    let mut text = civil.year.to_string();
    for (before, number) in [
        ('-', civil.month),
        ('-', civil.day),
        ('T', civil.hour),
        (':', civil.minute),
    ] {
        text.push(before);
        text.push_str(&two_digits(number));
    }
    text.push('Z');
    text
}

fn two_digits(number: u8) -> String {
    let mut text = String::new();
    if number < 10 {
        text.push('0');
    }
    text.push_str(&number.to_string());
    text
}
