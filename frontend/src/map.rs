//! The map joins after the page has woken: it is opened, told what is shown, and says where it looks.

use app::live::{NEAR_ZOOM_CENTI, Notice, State, is_near};
use domain::cover::Bounds;
use domain::link::{Camera, Panel};
use domain::place::Place;
use leptos::prelude::{Effect, With, WithUntracked};
use leptos::task::spawn_local;

use crate::browser;
use crate::client::{Client, client};
use crate::{navigate, search, socket};

/// One step nearer, in hundredths: from the middle of Europe to a street in four.
const NEARER_ZOOM_CENTI: u16 = 300;

/// Opens the map and keeps its mark where the open form means, and lit what was found.
pub(crate) fn start(client: &'static Client) {
    let state = client.live.state;
    Effect::new(move |before: Option<Option<Place>>| {
        let meant = state.with(meant);
        if before != Some(meant) {
            mark(meant);
        }
        meant
    });
    Effect::new(move |before: Option<String>| {
        let found = state.with(search::glowing);
        if before.as_ref() != Some(&found) {
            browser::map_glow(&found);
        }
        found
    });
    let camera = move || state.with_untracked(|state| state.page.camera);
    // Until the map tells better, and for good where there is none.
    socket::look_without_map(client, camera());
    spawn_local(async move {
        browser::map_wanted().await;
        let camera = camera();
        // What was wanted until now it begins with.
        client.ahead.take();
        let open = browser::map_open(
            camera.centre.lat_degrees(),
            camera.centre.lon_degrees(),
            f64::from(camera.zoom_centi) / 100.0,
            client.offset() as f64,
        )
        .await;
        client.map_open.set(open);
        client.change(|state| state.mapless = !open);
        client.draw();
        if let Some(camera) = client.ahead.take().filter(|_| open) {
            look_through(client, camera);
        }
        mark(state.with_untracked(meant));
    });
}

/// The point that an open form means.
fn meant(state: &State) -> Option<Place> {
    state.placing().then(|| state.place()).flatten()
}

fn mark(place: Option<Place>) {
    let (lat, lon) = place.map_or((f64::NAN, f64::NAN), |place| {
        (place.lat_degrees(), place.lon_degrees())
    });
    browser::map_mark(lat, lon);
}

/// The map has come to rest somewhere.
pub(crate) fn moved(camera: Camera, bounds: Bounds) {
    let Some(client) = client() else { return };
    if client.ahead.get().is_some() {
        // It tells where it has opened, and goes on from there at once.
        return;
    }
    client.change(|state| state.page.camera = camera);
    navigate::show_camera(client);
    search::look(client);
    socket::look(client, bounds);
}

/// A point was chosen on the map. From too far out it is where one wants to go nearer.
pub(crate) fn picked(place: Place, long: bool) {
    let Some(client) = client() else { return };
    let (near, placing) = client
        .live
        .state
        .with_untracked(|state| (is_near(&state.page.camera), state.placing()));
    if !placing && !long {
        return;
    }
    if near {
        client.change(|state| state.chosen = Some(place));
    }
    if !placing {
        navigate::to(Panel::Weave);
    }
    if !near {
        nearer(place);
    }
}

/// Moves the map near enough to see what is at `place`; where there is no map, the list.
pub(crate) fn look_at(place: Place) {
    let Some(client) = client() else { return };
    let zoom = client
        .live
        .state
        .with_untracked(|state| state.page.camera.zoom_centi);
    let camera = Camera {
        centre: place,
        zoom_centi: zoom.max(NEAR_ZOOM_CENTI),
    };
    look_through(client, camera);
}

/// Moves the map to `place` and some steps nearer, but no nearer than one has to be.
pub(crate) fn nearer(place: Place) {
    let Some(client) = client() else { return };
    let zoom = client
        .live
        .state
        .with_untracked(|state| state.page.camera.zoom_centi);
    let camera = Camera {
        centre: place,
        zoom_centi: (zoom + NEARER_ZOOM_CENTI).min(zoom.max(NEAR_ZOOM_CENTI)),
    };
    look_through(client, camera);
}

/// Moves the map to a camera; where there is no map, the list.
pub(crate) fn look_through(client: &'static Client, camera: Camera) {
    let centre = camera.centre;
    if client.map_open.get() {
        let zoom = f64::from(camera.zoom_centi) / 100.0;
        browser::map_fly(centre.lat_degrees(), centre.lon_degrees(), zoom);
        return;
    }
    client.ahead.set(Some(camera));
    client.change(|state| state.page.camera = camera);
    navigate::show_camera(client);
    search::look(client);
    socket::look_without_map(client, camera);
}

/// The device told where it is, or did not.
pub(crate) fn located(place: Option<Place>) {
    match (place, client()) {
        (Some(place), Some(client)) => {
            if client.live.state.with_untracked(State::placing) {
                client.change(|state| state.chosen = Some(place));
            }
            look_at(place);
        }
        (None, Some(client)) => client.notice(Notice::NoLocation),
        (_, None) => {}
    }
}

/// The map can't be drawn any more: the list stays.
pub(crate) fn lost() {
    let Some(client) = client() else { return };
    client.map_open.set(false);
    client.change(|state| state.mapless = true);
}
