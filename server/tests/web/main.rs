//! The product from outside, over HTTP, on a real PostgreSQL and Redis: what every answer looks like, signing in,
//! and what must hold when a client misbehaves.

mod bad_input;
mod basemap;
mod calendar;
mod cells;
mod community;
mod due_figures;
mod encrypted;
mod feeds;
mod health;
mod history;
mod instance;
mod letters;
mod log;
mod marks;
mod noticed;
mod outages;
mod outward;
mod pages;
mod particulars;
mod pictures;
mod preview;
mod prose;
mod proxies;
mod rights;
mod search;
mod sign_in;
mod talk;
mod true_points;
mod uploads;
mod wire;

#[path = "../services/redis.rs"]
mod redis;
