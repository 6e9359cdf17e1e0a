//! `runde user`: those who may see the staff pages.

use std::process::ExitCode;

use store::{Actor, Token};

use super::{STAFF, SurveyArguments};
use crate::output;

/// Add somebody who may see the staff pages; prints a password, once
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  runde user surveys/kommuneundersokelsen kari")]
pub struct User {
    #[command(flatten)]
    survey: SurveyArguments,
    /// The name to log in with
    name: String,
}

impl User {
    /// Adds the user with a random password and prints the password.
    pub async fn run(self) -> anyhow::Result<ExitCode> {
        let opened = self.survey.open().await?;
        let password = Token::random();
        let by = Actor::Staff(STAFF.to_owned());
        let mut writing = opened.store.write(by, opened.clock.now()).await?;
        writing.add_staff(&self.name, password.reveal()).await?;
        writing.commit().await?;
        output::data(&format!("{}\n", password.reveal()));
        opened.store.close().await;
        Ok(ExitCode::SUCCESS)
    }
}
