//! `runde serve`: the pages where informants answer, staff watch, and readers read.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;

use instrument::RoundId;
use jiff::Timestamp;
use mail::Courier;
use store::Store;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use web::{LastRound, ServedRound, Service};

use super::{STAFF, SurveyArguments};
use crate::clock::{Clock, start_of};
use crate::failure::refused;
use crate::folder::Folder;
use crate::output;
use crate::post::{Post, book};
use crate::stages::Line;

/// Serve the survey: answering, staff pages and the published site, until Ctrl-C
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  runde serve surveys/kommuneundersokelsen\n  \
                        runde serve surveys/kommuneundersokelsen --listen 0.0.0.0:8080 \
                        --site site --behind-tls \
                        --base-url https://svar.example.no --mail smtps://runde@post.example.no \
                        --mail-from \"IMDi <survey@example.no>\"")]
pub struct Serve {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The address to listen on
    #[arg(long, value_name = "ADDRESS", default_value = DEFAULT_ADDRESS)]
    listen: SocketAddr,
    /// The published site to serve, as `runde report` wrote it
    #[arg(long, value_name = "DIR")]
    site: Option<PathBuf>,
    /// Cookies are sent over TLS only: there is a proxy in front that provides it
    #[arg(long)]
    behind_tls: bool,
    #[command(flatten)]
    post: Post,
}

/// Where the server listens unless it is told otherwise: this machine only.
pub const DEFAULT_ADDRESS: &str = "127.0.0.1:8425";

impl Serve {
    /// Opens the rounds whose time has come, and serves.
    pub async fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        let courier = self.post.courier()?;
        let listener = bind(self.listen).await?;
        let opened = self.survey.open().await?;
        let now = opened.clock.now();
        let line = Line { folder: &opened.folder, store: &opened.store, staff: STAFF };
        for id in rounds_to_open(&opened.folder, now)? {
            line.open(id, now).await?;
        }
        if !quiet {
            output::note(&format!("Serving on http://{}/, Ctrl-C ends", listener.local_addr()?));
        }
        let base_url = self.post.base_url(listener.local_addr()?);
        let site = Site { directory: self.site, behind_tls: self.behind_tls, courier, base_url };
        serve(opened.folder, opened.store, opened.clock, site, listener).await?;
        Ok(ExitCode::SUCCESS)
    }
}

/// What a server needs to know beside the survey.
pub struct Site {
    /// The published site.
    pub directory: Option<PathBuf>,
    /// Whether a proxy in front provides TLS.
    pub behind_tls: bool,
    /// Who carries letters; `None` where none are sent.
    pub courier: Option<Courier>,
    /// Where the pages are reached, without a slash at the end.
    pub base_url: String,
}

/// Takes the address; errs with what to do where another program has it.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        std::io::ErrorKind::AddrInUse => refused(format!(
            "the address {address} is taken by another program; stop it, or choose another \
             address with --listen, for instance --listen {}:0 for any free port",
            address.ip()
        )),
        _ => refused(format!("cannot listen on {address}: {error}")),
    })
}

/// Serves until Ctrl-C or SIGTERM, then lets the requests and the letter under way finish.
pub async fn serve(
    folder: Folder,
    store: Store,
    clock: Clock,
    site: Site,
    listener: TcpListener,
) -> anyhow::Result<()> {
    let (stop, stopping) = oneshot::channel::<()>();
    let sender = site.courier.map(|courier| {
        let book = book(&folder, site.base_url.clone());
        let stopping = async move { drop(stopping.await) };
        tokio::spawn(mail::run(store.clone(), courier, book, move || clock.now(), stopping))
    });
    let last: Vec<Option<LastRound>> =
        folder.rounds.keys().map(|id| crate::stages::last_round(&folder, *id)).collect();
    let beside = crate::beside::beside(&folder, &store, clock);
    let rounds = folder.rounds.into_values().zip(last).map(|(round, last)| ServedRound {
        instrument: round.instrument,
        plan: round.plan,
        frame: round.frame,
        last,
    });
    let service = Service {
        store: store.clone(),
        survey: folder.survey,
        rounds: rounds.collect(),
        site: site.directory,
        clock: Arc::new(move || clock.now()),
        secure: site.behind_tls,
        letters: sender.is_some(),
        beside: Some(beside),
        print: crate::print::receipts(),
        base_url: site.base_url,
    };
    let served = web::serve(service, listener, stopped()).await;
    drop(stop);
    if let Some(sender) = sender {
        sender.await?;
    }
    store.close().await;
    Ok(served?)
}

/// Returns the rounds that have opened and not closed.
fn rounds_to_open(folder: &Folder, now: Timestamp) -> anyhow::Result<Vec<RoundId>> {
    let mut ids = vec![];
    for (id, round) in &folder.rounds {
        if start_of(round.plan.opens)? <= now && now < crate::stages::closing(round)? {
            ids.push(*id);
        }
    }
    Ok(ids)
}

/// Waits for Ctrl-C or, on Unix, SIGTERM.
pub async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
            return;
        }
    }
    let _ = interrupt.await;
}
