//! What the views ask of the browser: implemented by `frontend`, never called on the server.

use domain::command::Act;
use domain::id::CommandId;
use domain::lens::Lens;
use domain::link::Panel;
use domain::page::Lang;
use domain::place::Place;
use domain::search::Search;
use domain::time::Millis;
use uuid::Uuid;

/// Everything outside the page that an act of the user can reach.
pub trait Ports: Send + Sync {
    /// Opens a panel: address, history, and what the server knows about it.
    fn navigate(&self, panel: Panel);
    /// Puts an act into the outbox (on disk first), predicts it, and opens `then` when it is kept. Where it
    /// cannot be kept, the panel stays and [`crate::live::Notice::NotKept`] is shown.
    fn submit(&self, act: Act, then: Option<Panel>);
    /// Takes an act that still waits out of the outbox.
    fn withdraw(&self, command: CommandId);
    /// Forgets an act that was refused or set aside.
    fn discard(&self, command: CommandId);
    /// A fresh UUIDv7.
    fn new_id(&self) -> Uuid;
    /// Asks for a mail with link and code; then [`crate::live::SignIn`] changes.
    fn ask_mail(&self, email: String);
    /// Signs in with the code of the mail; then the page is another viewer's.
    fn send_code(&self, email: String, code: String);
    /// Ends the session.
    fn sign_out(&self);
    /// Minutes that local time is ahead of UTC at that moment.
    fn offset_min(&self, at: Millis) -> i32;
    /// The time zone of this device, as IANA names it; empty where the browser does not say.
    fn zone(&self) -> String;
    /// Minutes that clocks in that time zone, as IANA names it, are ahead of UTC at that moment; none where the browser does not know
    /// the zone.
    fn offset_in(&self, zone: &str, at: Millis) -> Option<i32>;
    /// The moment of a local time as `<input type="datetime-local">` writes it, by the clocks of that zone, or of this device where it is
    /// empty; none where it is nonsense.
    fn moment_of(&self, text: &str, zone: &str) -> Option<Millis>;
    /// Remembers the language and shows the page in it.
    fn speak(&self, lang: Lang);
    /// Moves the map to where the device is, after asking the person.
    fn locate(&self);
    /// Moves the map to a place.
    fn look_at(&self, place: Place);
    /// Asks for the messages of the open conversation before those at hand.
    fn older_messages(&self);
    /// Moves the map to a place and some steps nearer.
    fn nearer(&self, place: Place);
    /// Shows what is seen through a lens, on the map and in the list.
    fn look_through(&self, lens: Lens);
    /// Looks for words, once nobody has typed for a moment.
    fn search(&self, search: Search);
    /// Brings the page's newest state: after an error or when a panel's subject has gone.
    fn reload(&self);
    /// Tries at once what is tried again and again by itself: the channel, what was asked, what waits.
    fn again(&self);
}
