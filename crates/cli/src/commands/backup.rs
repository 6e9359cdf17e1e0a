//! `runde backup`, `runde restore`, `runde move`: everything that a store holds, carried elsewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use store::{Copied, Store, StoreUrl};

use super::{SurveyArguments, open_store};
use crate::failure::refused;
use crate::folder::Folder;
use crate::output;

/// Copy everything that the store holds into one file, while it is in use
#[derive(Debug, clap::Args)]
#[command(after_help = "The file is a database of SQLite's, whichever engine the store has. It \
                        holds names and addresses: keep it as well as the store.\n\nExample:\n  \
                        runde backup surveys/kommuneundersokelsen --out backup.db")]
pub struct Backup {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The file to write; it must not be there yet
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// Fill an empty store from a backup
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  runde restore surveys/kommuneundersokelsen --from backup.db")]
pub struct Restore {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The file that `runde backup` wrote
    #[arg(long, value_name = "FILE")]
    from: PathBuf,
}

/// Copy a store to an empty database of the other engine, or on another machine
#[derive(Debug, clap::Args)]
#[command(after_help = "Stop the servers first: what is answered after the copy has begun stays \
                        behind. The old store is left as it is.\n\nExamples:\n  \
                        runde move surveys/kommuneundersokelsen --to postgres://runde@db/runde\n  \
                        runde move surveys/kommuneundersokelsen --store postgres://runde@db/runde \
                        --to sqlite:runde.db")]
pub struct Move {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The address of the new store
    #[arg(long, value_name = "URL")]
    to: StoreUrl,
}

impl Backup {
    /// Writes the backup and tells its hash.
    pub async fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        let opened = self.survey.open().await?;
        let target = StoreUrl::sqlite(&self.out);
        unless_interrupted(carry(&opened.store, &target, quiet), &target).await
    }
}

impl Restore {
    /// Fills the store and tells the hash of what it holds.
    pub async fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        let folder = Folder::open(&self.survey.survey)?;
        let target = self.survey.store.clone().unwrap_or_else(|| folder.default_store());
        if !self.from.is_file() {
            return Err(refused(format!("there is no backup {}", self.from.display())));
        }
        let backup = Store::open(&StoreUrl::sqlite(&self.from)).await?;
        unless_interrupted(carry(&backup, &target, quiet), &target).await
    }
}

impl Move {
    /// Fills the new store and tells the hash of what it holds.
    pub async fn run(self, quiet: bool) -> anyhow::Result<ExitCode> {
        let opened = self.survey.open().await?;
        unless_interrupted(carry(&opened.store, &self.to, quiet), &self.to).await
    }
}

/// Copies everything into `target`. A file is written beside its place and takes it when it is whole.
async fn carry(from: &Store, target: &StoreUrl, quiet: bool) -> anyhow::Result<ExitCode> {
    let copied = match target.file() {
        Some(file) => into_file(from, file).await?,
        None => into(from, target).await?,
    };
    from.close().await;
    if !quiet {
        let Copied { rows, hash } = copied;
        output::note(&format!("{rows} rows from {} in {target}\nhash {hash}", from.url()));
    }
    Ok(ExitCode::SUCCESS)
}

async fn into(from: &Store, target: &StoreUrl) -> anyhow::Result<Copied> {
    let store = open_store(target).await?;
    let copied = from.copy_to(&store).await;
    store.close().await;
    copied.map_err(refused)
}

async fn into_file(from: &Store, file: &Path) -> anyhow::Result<Copied> {
    if file.exists() {
        return Err(refused(format!(
            "{} is there already and was left as it is; give another file, or move it away",
            file.display()
        )));
    }
    let part = part(file);
    remove(&part);
    let copied = into(from, &StoreUrl::sqlite(&part)).await;
    if copied.is_err() {
        remove(&part);
        return copied;
    }
    fs::rename(&part, file).with_context(|| format!("cannot make {}", file.display()))?;
    copied
}

/// Returns the name of a file while it is being written.
fn part(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    file.with_file_name(name)
}

/// Removes a database and the files that SQLite keeps beside it.
fn remove(file: &Path) {
    for suffix in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(suffix);
        // It need not be there.
        let _ = fs::remove_file(name);
    }
}

/// Does the work, and stops it at Ctrl-C: what has been written of a file goes, and PostgreSQL undoes
/// what was not committed.
async fn unless_interrupted(
    work: impl Future<Output = anyhow::Result<ExitCode>>,
    target: &StoreUrl,
) -> anyhow::Result<ExitCode> {
    tokio::select! {
        done = work => done,
        _ = tokio::signal::ctrl_c() => {
            if let Some(file) = target.file() {
                remove(&part(file));
            }
            Err(refused(format!("interrupted; {target} is as it was")))
        }
    }
}
