//! PostgreSQL's servers: which of those behind an address takes writes, and the conversation with it.

use std::time::Duration;

use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection as _, PgConnection};
use tokio::time::{Instant, sleep, timeout};

use crate::known::Known;
use crate::shelf::{Kept, Tidied};
use crate::sql::{Connection, Executor, SqlError, query, run_script};
use crate::url::Address;

/// The servers behind an address, of which one takes writes; the others are its standbys.
#[derive(Clone, Debug)]
pub(crate) struct Servers {
    servers: Vec<PgConnectOptions>,
    known: Known,
}

/// A connection to a server, and how far the conversation is.
#[derive(Debug)]
pub(crate) struct Conversation {
    connection: PgConnection,
    /// Whether a transaction has begun and not ended.
    within: bool,
    /// Whether something was asked that nobody has heard the end of.
    asked: bool,
    /// When the server last answered.
    spoke: Instant,
}

/// How long a server may be away, while it is restarted or a standby takes its place, before what
/// wants it is refused.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long one server may take to answer the call.
const CALL: Duration = Duration::from_secs(5);

/// For how long a connection is trusted to be open after it was last used.
const RESTED: Duration = Duration::from_millis(200);

impl Servers {
    /// A new connection makes `known` forget what the ones before it have read: it may lead to a
    /// standby that has taken its server's place.
    pub(crate) fn new(address: &Address, known: &Known) -> Servers {
        Servers { servers: address.servers.clone(), known: known.clone() }
    }
}

/// Connects to the first of the servers that takes writes; errs where none does just now.
pub(crate) async fn connect(servers: &[PgConnectOptions]) -> Result<Conversation, SqlError> {
    let mut refused = None;
    for server in servers {
        match timeout(CALL, call(server)).await {
            Ok(Ok(conversation)) => return Ok(conversation),
            // What is wrong with the first one is more telling than that the others are standbys.
            Ok(Err(error)) => refused = refused.or(Some(error)),
            Err(_) => refused = refused.or(Some(SqlError::no_answer(CALL))),
        }
    }
    Err(refused.unwrap_or_else(SqlError::only_standbys))
}

async fn call(server: &PgConnectOptions) -> Result<Conversation, SqlError> {
    let options = server.clone().disable_statement_logging().statement_cache_capacity(PREPARED);
    let connection = options.connect().await?;
    let spoke = Instant::now();
    let mut conversation = Conversation { connection, within: false, asked: false, spoke };
    // What has been acknowledged is on disk even where the server's owner has set it otherwise, and
    // a statement sees what was committed before it; who waits for a lock waits as long as SQLite
    // does.
    let settings = "select set_config('synchronous_commit', 'on', false) \
         where current_setting('synchronous_commit') = 'off'; \
         select set_config('default_transaction_isolation', 'read committed', false), \
         set_config('lock_timeout', '10s', false)";
    run_script(settings, &mut conversation).await?;
    let standby = query("select cast(pg_is_in_recovery() as int) as standby");
    match standby.fetch_one(&mut conversation).await?.try_get::<i32>("standby")? {
        0 => Ok(conversation),
        _ => Err(SqlError::only_standbys()),
    }
}

/// How many statements a connection keeps prepared: more than there are in this room.
const PREPARED: usize = 128;

impl Conversation {
    /// Begins a transaction; `how` is the statement that does.
    pub(crate) async fn begin(&mut self, how: &'static str) -> Result<(), SqlError> {
        self.within = true;
        run_script(how, self).await
    }

    /// Ends the transaction; returns when it is on disk.
    pub(crate) async fn commit(&mut self) -> Result<(), SqlError> {
        run_script("commit", self).await?;
        self.within = false;
        Ok(())
    }

    /// Returns the connection for a question. Whoever does not hear its end leaves the
    /// conversation where nobody can take it up.
    pub(crate) fn ask(&mut self) -> &mut PgConnection {
        self.asked = true;
        &mut self.connection
    }

    /// Takes the end of an answer. A refusal by the server itself is one; what else goes wrong is
    /// not.
    pub(crate) fn heard<T>(&mut self, answer: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if matches!(answer, Ok(_) | Err(sqlx::Error::Database(_))) {
            self.asked = false;
            self.spoke = Instant::now();
        }
        answer
    }

    async fn undo(mut self) -> Option<Conversation> {
        run_script("rollback", &mut self).await.ok()?;
        self.within = false;
        Some(self)
    }
}

impl Kept for Conversation {
    type Place = Servers;

    /// Waits for a server that is away, or is still a standby, for as long as [`PATIENCE`].
    async fn open(place: &Servers) -> Result<Conversation, SqlError> {
        let began = Instant::now();
        let mut pause = Duration::from_millis(20);
        loop {
            match connect(&place.servers).await {
                Ok(conversation) => {
                    place.known.forget();
                    return Ok(conversation);
                }
                Err(error) if error.is_passing() && began.elapsed() + pause < PATIENCE => {
                    sleep(pause).await;
                    pause = (pause * 2).min(Duration::from_millis(500));
                }
                Err(error) => return Err(error),
            }
        }
    }

    async fn is_alive(&mut self) -> bool {
        // A server that was restarted has hung up. One that spoke just now is not asked.
        if self.spoke.elapsed() < RESTED {
            return true;
        }
        match timeout(CALL, self.ask().ping()).await {
            Ok(answer) => self.heard(answer).is_ok(),
            Err(_) => false,
        }
    }

    fn tidy(self) -> Tidied<Conversation> {
        match (self.asked, self.within) {
            (true, _) => Tidied::Lost,
            (false, true) => Tidied::Later(Box::pin(self.undo())),
            (false, false) => Tidied::Ready(self),
        }
    }

    async fn close(self) {
        // The server notices by itself where it cannot be told.
        let _ = self.connection.close().await;
    }
}

impl Executor for Conversation {
    fn connection(&mut self) -> Connection<'_> {
        Connection::Postgres(self)
    }
}
