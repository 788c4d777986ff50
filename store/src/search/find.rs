//! What is found for a question.

use std::cmp::Reverse;

use domain::place::Place;
use domain::search::{HITS_MAX, Hit, Order, Search};
use sqlx::{Connection, PgConnection};

use super::rows::{Ranked, SqlMessage, SqlNode, SqlRole, SqlSign, Telling};
use crate::moment::stamp;
use crate::{Store, StoreError};

/// Words of a question that are looked for; what follows them is not.
const WORDS_MAX: i32 = 8;
/// Of one sort of things so many are compared with what was asked, whatever else there is, and so many are measured.
const COMPARED_MAX: i64 = 1_000;
const MEASURED_MAX: i64 = 5_000;
/// Of messages so many are looked through: each leads to its knot, whose place is asked.
const SAID_MAX: i64 = 1_000;
/// Where a word alone names whose words the others are, so many of either are looked through.
const APART_MAX: i64 = 200;
/// Where fewer are found, what is only written alike is looked for as well.
const FEW: usize = 5;
/// Letters from which on a word is told from others by its trigrams.
const LETTERS_MIN: usize = 4;
/// What is written alike, of one sort.
const ALIKE_MAX: i64 = 10;
/// What is written less alike than this (of 8) is not told where something has the very words.
const ALIKE_MIN: i32 = 5;

/// One statement may take a second, and what shares a third of its trigrams is alike. Until a table that has grown is analyzed again, reading it
/// row by row seems cheap for a common word; making each row's words anew is what that costs (35 ms for a thousand messages).
const BEGIN: &str = "BEGIN READ ONLY; SET LOCAL statement_timeout = 1000; SET LOCAL enable_seqscan = off; \
    SET LOCAL pg_trgm.word_similarity_threshold = 0.35";

/// What is found for `search` around a place, the first ones in its order: knots that hold by title and text, roles by their name and
/// what they say of themselves, and the newest message of each such knot's conversation by its text. Where these are few, what is
/// called nearly so follows. What knots say
/// is quoted as `plain` tells it, without the signs that mark it up.
///
/// # Errors
/// When the database can't be reached, or takes longer than a second for one of the sorts.
pub async fn find(
    store: &Store,
    search: &Search,
    around: Place,
    plain: fn(&str) -> String,
) -> Result<Vec<Hit>, StoreError> {
    if search.text.is_empty() {
        return Ok(Vec::new());
    }
    let mut connection = store.reads().acquire().await?;
    let mut transaction = connection.begin_with(BEGIN).await?;
    let words = sqlx::query_file!("src/search/sql/asked.sql", &search.text, WORDS_MAX)
        .fetch_all(&mut *transaction)
        .await?;
    let found_by: Vec<String> = words.iter().map(|row| row.found_by.clone()).collect();
    let words: Vec<String> = words.into_iter().map(|row| row.word).collect();
    let question = Question {
        store,
        search,
        telling: Telling {
            around,
            words: &words,
            plain,
        },
        asked: words.join(" "),
    };
    let ranked = if found_by.is_empty() {
        question.signs(&mut transaction).await?
    } else {
        let mut ranked = question.in_words(&mut transaction, &found_by).await?;
        if ranked.len() < FEW && question.asked.chars().count() >= LETTERS_MIN {
            question.alike(&mut transaction, &mut ranked).await?;
        }
        ranked
    };
    transaction.rollback().await?;
    let hits = ranked.into_iter().map(|ranked| ranked.hit);
    Ok(hits.take(usize::from(HITS_MAX)).collect())
}

struct Question<'a> {
    store: &'a Store,
    search: &'a Search,
    telling: Telling<'a>,
    /// The words that are looked for, in one line.
    asked: String,
}

impl Question<'_> {
    /// What has all of the words, each by one of the ways in which it is found.
    async fn in_words(
        &self,
        connection: &mut PgConnection,
        found_by: &[String],
    ) -> Result<Vec<Ranked>, StoreError> {
        let all = all_of(found_by.iter());
        let (mut ones, mut rests) = (Vec::new(), Vec::new());
        for at in 0..found_by.len() {
            let others = found_by
                .iter()
                .enumerate()
                .filter(|(other, _)| *other != at);
            let rest = all_of(others.map(|(_, found_by)| found_by));
            if !rest.is_empty() {
                ones.push(found_by[at].clone());
                rests.push(rest);
            }
        }
        let is_nearest = self.search.order == Order::Distance;
        let candidates = if is_nearest {
            MEASURED_MAX
        } else {
            COMPARED_MAX
        };
        let (now, narrowing) = (stamp(self.store.now()), self.telling.around.narrowing());
        let Place { lat, lon } = self.telling.around;
        let limit = i64::from(HITS_MAX);
        let mut ranked = Vec::new();
        let nodes = sqlx::query_file_as!(
            SqlNode,
            "src/search/sql/nodes.sql",
            now,
            all,
            candidates,
            is_nearest,
            self.asked,
            lat,
            lon,
            narrowing,
            limit
        )
        .fetch_all(&mut *connection)
        .await?;
        for row in nodes {
            ranked.push(self.telling.node(row)?);
        }
        let roles = sqlx::query_file_as!(
            SqlRole,
            "src/search/sql/roles.sql",
            all,
            candidates,
            &ones,
            &rests,
            APART_MAX,
            is_nearest,
            self.asked,
            lat,
            lon,
            narrowing,
            limit
        )
        .fetch_all(&mut *connection)
        .await?;
        ranked.extend(roles.into_iter().map(|row| self.telling.role(row)));
        let messages = sqlx::query_file_as!(
            SqlMessage,
            "src/search/sql/messages.sql",
            now,
            all,
            SAID_MAX,
            &ones,
            &rests,
            APART_MAX,
            lat,
            lon,
            narrowing,
            limit
        )
        .fetch_all(&mut *connection)
        .await?;
        for row in messages {
            ranked.push(self.telling.message(row)?);
        }
        self.sort(&mut ranked);
        Ok(ranked)
    }

    /// Appends what is called nearly so, where nothing else is much nearer.
    async fn alike(
        &self,
        connection: &mut PgConnection,
        ranked: &mut Vec<Ranked>,
    ) -> Result<(), StoreError> {
        let Place { lat, lon } = self.telling.around;
        let narrowing = self.telling.around.narrowing();
        let nodes = sqlx::query_file_as!(
            SqlNode,
            "src/search/sql/nodes_alike.sql",
            stamp(self.store.now()),
            self.asked,
            COMPARED_MAX,
            lat,
            lon,
            narrowing,
            ALIKE_MAX
        )
        .fetch_all(&mut *connection)
        .await?;
        let mut alike = Vec::new();
        for row in nodes {
            alike.push(self.telling.node(row)?);
        }
        let roles = sqlx::query_file_as!(
            SqlRole,
            "src/search/sql/roles_alike.sql",
            self.asked,
            COMPARED_MAX,
            lat,
            lon,
            narrowing,
            ALIKE_MAX
        )
        .fetch_all(&mut *connection)
        .await?;
        alike.extend(roles.into_iter().map(|row| self.telling.role(row)));
        let best = alike.iter().map(|one| one.closeness).max().unwrap_or(0);
        let least = if ranked.is_empty() { 0 } else { ALIKE_MIN };
        alike.retain(|one| {
            let is_new = ranked.iter().all(|known| known.hit.of != one.hit.of);
            is_new && one.closeness >= least.max(best - 1)
        });
        self.sort(&mut alike);
        ranked.append(&mut alike);
        Ok(())
    }

    /// What has the signs of a question without letters in its title or name.
    async fn signs(&self, connection: &mut PgConnection) -> Result<Vec<Ranked>, StoreError> {
        let Place { lat, lon } = self.telling.around;
        let rows = sqlx::query_file_as!(
            SqlSign,
            "src/search/sql/signs.sql",
            stamp(self.store.now()),
            &self.search.text,
            lat,
            lon,
            self.telling.around.narrowing(),
            i64::from(HITS_MAX)
        )
        .fetch_all(connection)
        .await?;
        let ranked = rows.into_iter().map(|row| self.telling.sign(row));
        let mut ranked: Vec<Ranked> = ranked.collect::<Result<_, _>>()?;
        self.sort(&mut ranked);
        Ok(ranked)
    }

    /// As the statements do within each sort.
    fn sort(&self, ranked: &mut [Ranked]) {
        ranked.sort_by_key(|ranked| {
            let closeness = match self.search.order {
                Order::Relevance => ranked.closeness,
                Order::Distance => 0,
            };
            let distance_m = ranked.hit.distance_m.unwrap_or(u32::MAX);
            (Reverse(closeness), distance_m, ranked.hit.of.key())
        });
    }
}

/// What is found by all of these at once; nothing where there are none.
fn all_of<'a>(found_by: impl Iterator<Item = &'a String>) -> String {
    let each: Vec<String> = found_by.map(|one| format!("({one})")).collect();
    each.join(" & ")
}
