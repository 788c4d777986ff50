//! What members keep for themselves: the areas that they follow with their feeds, and what is new to them.

mod areas;
mod feeds;
mod news;

pub use areas::{
    Area, KeepError, Wanted, area, areas, feed_of, feed_secret, forget, keep, next_id, renew_feed,
    reword,
};
pub use feeds::{Listed, coming, newest};
pub use news::{Found, Seen, Why, count, look, names, news, texts};
