//! What the browser tells the client: one object, handed to `js/browser.js` and to the map's script.

use domain::cover::Bounds;
use domain::link::Camera;
use domain::place::Place;
use wasm_bindgen::prelude::*;

use crate::browser::Timer;
use crate::client::client;
use crate::{map, navigate, right, search, sender, socket, talk};

/// Asks for all that may have changed, and sends what waits.
pub(crate) fn catch_up() {
    if let Some(client) = client() {
        socket::looked_at(client);
        // Meanwhile someone may have signed in or out elsewhere.
        navigate::reload();
        client.tick();
    }
    sender::hurry();
}

/// The ears of the client.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Hooks;

#[wasm_bindgen]
impl Hooks {
    /// A message of the live channel.
    pub fn heard(&self, text: &str) {
        if let Some(client) = client() {
            socket::heard(client, text);
        }
    }

    /// The live channel has closed.
    pub fn closed(&self, code: u16) {
        if let Some(client) = client() {
            socket::closed(client, code);
        }
    }

    /// A timer has rung.
    pub fn woke(&self, which: u8) {
        let Some(client) = client() else { return };
        match which {
            which if which == Timer::Line as u8 => socket::woke(client),
            which if which == Timer::Sender as u8 => sender::nudge(),
            which if which == Timer::Lease as u8 => right::renew(),
            which if which == Timer::Page as u8 => navigate::again(client),
            which if which == Timer::Search as u8 => search::ask(client),
            _ => client.tick(),
        }
    }

    /// The device has found or lost its network.
    pub fn network(&self, online: bool) {
        if let Some(client) = client() {
            socket::network(client, online);
            if online {
                navigate::again(client);
            }
        }
        if online {
            sender::hurry();
        }
    }

    /// The newest message of the open conversation is on the screen.
    pub fn seen(&self) {
        if let Some(client) = client() {
            talk::seen(client);
        }
    }

    /// Someone looks at the page again.
    pub fn looked_at(&self) {
        catch_up();
    }

    /// Another tab has changed the outbox, or who is signed in.
    pub fn others(&self, who: bool) {
        if who {
            navigate::reload();
        }
        sender::read_again();
    }

    /// The person went back or forward.
    pub fn went(&self, path: &str, query: &str) {
        navigate::went(path, query);
    }

    /// Where the device is; not a number where it is not told.
    pub fn located(&self, lat: f64, lon: f64) {
        map::located(Place::from_degrees(lat, lon));
    }

    /// The map has come to rest: latitude, longitude and zoom of its middle, then its south, west, north
    /// and east, in degrees.
    pub fn moved(&self, view: &[f64]) {
        let &[lat, lon, zoom, south, west, north, east] = view else {
            return;
        };
        let centre = Place::from_degrees(lat, lon);
        let south_west = Place::from_degrees(south, west);
        let north_east = Place::from_degrees(north, east);
        if let (Some(centre), Some(south_west), Some(north_east)) = (centre, south_west, north_east)
        {
            let camera = Camera {
                centre,
                zoom_centi: (zoom.clamp(0.0, 22.0) * 100.0 + 0.5) as u16,
            };
            let bounds = Bounds {
                south_west,
                north_east,
            };
            map::moved(camera, bounds);
        }
    }

    /// A knot or a spool was tapped: the path of its panel.
    pub fn tapped(&self, path: &str) {
        navigate::to(domain::link::Panel::from_path(path));
    }

    /// A point of the map was chosen: by a tap while a form asks for one, else by a long press.
    pub fn picked(&self, lat: f64, lon: f64, long: bool) {
        if let Some(place) = Place::from_degrees(lat, lon) {
            map::picked(place, long);
        }
    }

    /// What was typed into the open form is there again: the point that was chosen in it, not a number where none was, and the
    /// version of what it is about.
    pub fn typed_again(&self, lat: f64, lon: f64, version: u32) {
        if let Some(client) = client() {
            let chosen = Place::from_degrees(lat, lon);
            client.change(|state| state.go_on_typing(chosen, version));
        }
    }

    /// The map can't be drawn any more.
    pub fn map_lost(&self) {
        map::lost();
    }
}
