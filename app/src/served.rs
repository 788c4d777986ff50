//! Panels that the server alone draws. The client does not carry them: it asks for their HTML and shows it, so that what they are
//! made of weighs nothing there. What they offer goes by links and by acts that their buttons carry (`domain::page::Carried`).

pub mod areas;
mod drawn;
pub mod history;
pub mod news;
pub mod pictures;
pub mod yarn;
