//! The live channel: `/ws`, the bus between instances, and the rooms that this instance serves.
//!
//! ```text
//! log ──relay──► Redis Stream wg:{epoch}:events ──bus::follow──┐
//!  └────────── read instead, while the bus is silent ──────────┤ follower: waits for the projection
//!                                                              ▼
//!            sockets ◄── frames ── hub task (owns live::Hub) ◄─┘── reads touched rooms each tick
//! ```
//!
//! Who mounts it needs three calls:
//! ```ignore
//! let rooms = rooms::start(store, &redis_url);                 // spawns its tasks; a cheap handle
//! // GET /ws, behind the check of Origin:
//! rooms::upgrade(&rooms, upgrade /* axum's WebSocketUpgrade */, Caller { address, role, session })
//! rooms.sign_out(&token);                                      // when a session ends
//! rooms.status();                                              // for /health/ready
//! rooms.stop().await;                                          // closes every socket with 4000
//! ```
