//! What one socket is told: the hub puts it in, the socket's task takes it out. Idle it takes no memory of its own, unlike a
//! channel, which keeps room for messages.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};

use super::messages::Tell;

#[derive(Debug, Default)]
struct Waiting {
    /// Without a bound of its own: the hub counts the bytes in it.
    tells: VecDeque<Tell>,
    listening: Option<Waker>,
    is_closed: bool,
}

/// Puts in.
#[derive(Debug)]
pub(super) struct Teller(Arc<Mutex<Waiting>>);

/// Takes out.
#[derive(Debug)]
pub(super) struct Told(Arc<Mutex<Waiting>>);

/// Both ends of one socket.
pub(super) fn telling() -> (Teller, Told) {
    let waiting = Arc::default();
    (Teller(Arc::clone(&waiting)), Told(waiting))
}

impl Teller {
    /// Tells it next; who is gone is told nothing.
    pub(super) fn tell(&self, tell: Tell) {
        let mut waiting = locked(&self.0);
        if !waiting.is_closed {
            waiting.tells.push_back(tell);
            wake(waiting);
        }
    }
}

impl Drop for Teller {
    fn drop(&mut self) {
        let mut waiting = locked(&self.0);
        waiting.is_closed = true;
        wake(waiting);
    }
}

impl Told {
    /// The next one; none once all was taken and nobody is left who tells. May be cut off: nothing is lost.
    pub(super) async fn next(&mut self) -> Option<Tell> {
        poll_fn(|context| {
            let mut waiting = locked(&self.0);
            if let Some(tell) = waiting.tells.pop_front() {
                if waiting.tells.is_empty() {
                    waiting.tells = VecDeque::new();
                }
                return Poll::Ready(Some(tell));
            }
            if waiting.is_closed {
                return Poll::Ready(None);
            }
            match &mut waiting.listening {
                Some(waker) => waker.clone_from(context.waker()),
                none => *none = Some(context.waker().clone()),
            }
            Poll::Pending
        })
        .await
    }
}

impl Drop for Told {
    fn drop(&mut self) {
        let mut waiting = locked(&self.0);
        *waiting = Waiting {
            is_closed: true,
            ..Waiting::default()
        };
    }
}

fn locked(waiting: &Mutex<Waiting>) -> MutexGuard<'_, Waiting> {
    waiting.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Wakes who waits, once the lock is free.
fn wake(mut waiting: MutexGuard<'_, Waiting>) {
    let listening = waiting.listening.take();
    drop(waiting);
    if let Some(waker) = listening {
        waker.wake();
    }
}

#[cfg(test)]
mod tests {
    use domain::wire::CloseCode;

    use super::*;

    fn text(told: Option<Tell>) -> Option<String> {
        match told? {
            Tell::Text(text) => Some(text.to_string()),
            Tell::Close(_) => None,
        }
    }

    #[tokio::test]
    async fn all_is_taken_in_order_and_then_the_end() {
        let (teller, mut told) = telling();
        let taking = tokio::spawn(async move {
            let mut taken = Vec::new();
            while let Some(next) = text(told.next().await) {
                taken.push(next);
            }
            (taken, told.next().await.is_none())
        });
        let numbers: Vec<String> = (0..100).map(|n| n.to_string()).collect();
        for number in &numbers {
            teller.tell(Tell::Text(number.as_str().into()));
            tokio::task::yield_now().await;
        }
        drop(teller);
        assert_eq!(taking.await.expect("no panic"), (numbers, true));
    }

    #[tokio::test]
    async fn who_is_gone_is_told_nothing() {
        let (teller, told) = telling();
        teller.tell(Tell::Close(CloseCode::Restart));
        drop(told);
        teller.tell(Tell::Close(CloseCode::Restart));
        assert!(locked(&teller.0).tells.is_empty());
    }
}
