//! The page: views as pure functions of one state, rendered on the server and woken in the browser.

pub mod live;
pub mod ports;
