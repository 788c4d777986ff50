//! The named bounds of a hub, and what happens at each.

use domain::place::HELD_MAX;
use domain::wire::TALKS_MAX;

/// Bounds; [`Limits::default`] is what the product uses, tests choose small ones.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Clients at once; the next one is refused with `TooMany`.
    pub clients: usize,
    /// Cells of one client; more are refused with `TooManyRooms`.
    pub held: usize,
    /// Conversations of one client; as above.
    pub talks: usize,
    /// Rooms of all clients and the left ones; at it left ones are forgotten early, then wishes refused.
    pub rooms: usize,
    /// How long the state of a room without listeners is kept, in milliseconds.
    pub left_ms: i64,
    /// Changes remembered per room; older positions are answered with the full state.
    pub history_changes: usize,
    /// Bytes of JSON of the changes remembered per room; beyond it as above.
    pub history_bytes: usize,
    /// How long a change is remembered, in milliseconds; then as above.
    pub history_ms: i64,
    /// Bytes of JSON of all remembered changes; the oldest are forgotten first.
    pub history_total: usize,
    /// Bytes waiting for one client, beside which one room may always wait alone; what does not fit comes as full
    /// state when it has taken the rest.
    pub queue_bytes: usize,
    /// Bytes after which a frame of full states is closed; the other rooms follow in the next.
    pub frame_bytes: usize,
    /// Roles whose last acts are remembered for reads in flight; at it those reads are made again.
    pub recent_roles: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            clients: 12_000,
            held: HELD_MAX,
            talks: TALKS_MAX,
            rooms: 60_000,
            left_ms: 60_000,
            history_changes: 64,
            history_bytes: 256 * 1024,
            history_ms: 10 * 60_000,
            history_total: 64 * 1024 * 1024,
            queue_bytes: 256 * 1024,
            frame_bytes: 64 * 1024,
            recent_roles: 50_000,
        }
    }
}
