//! Those who work with the survey: their passwords and sessions.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use jiff::{SignedDuration, Timestamp};

use crate::sql::query;
use crate::{Store, StoreError, Token, Writing};

/// How long a member of the staff stays logged in.
const SESSION: SignedDuration = SignedDuration::from_hours(10);

impl Writing {
    /// Adds a member of the staff. The password is kept as its Argon2 hash alone.
    pub async fn add_staff(&mut self, name: &str, password: &str) -> Result<(), StoreError> {
        let hash = Argon2::default()
            .hash_password(password.as_bytes())
            .map_err(|error| StoreError::Password(error.to_string()))?;
        let added = query(
            "insert into staff (name, password, created_at) values ($1, $2, $3) \
             on conflict (name) do nothing",
        )
        .bind(name)
        .bind(hash.to_string())
        .bind(self.at.as_millisecond())
        .execute(&mut self.tx)
        .await?;
        if added == 0 {
            return Err(StoreError::UserExists(name.to_owned()));
        }
        Ok(())
    }

    /// Begins a session for a member of the staff whom [`Store::check_staff`] has recognised.
    pub async fn start_staff_session(&mut self, name: &str) -> Result<Token, StoreError> {
        let token = Token::random();
        query(
            "insert into staff_session (token_hash, name, created_at, expires_at) \
             values ($1, $2, $3, $4)",
        )
        .bind(token.hash())
        .bind(name)
        .bind(self.at.as_millisecond())
        .bind((self.at + SESSION).as_millisecond())
        .execute(&mut self.tx)
        .await?;
        Ok(token)
    }

    /// Ends a session.
    pub async fn end_staff_session(&mut self, token: &Token) -> Result<(), StoreError> {
        query("delete from staff_session where token_hash = $1")
            .bind(token.hash())
            .execute(&mut self.tx)
            .await?;
        Ok(())
    }
}

impl Store {
    /// Returns whether the password is that of the member of the staff. It takes as long for a
    /// name that nobody has. Hashing is slow on purpose and runs outside the server's own threads.
    pub async fn check_staff(&self, name: &str, password: &str) -> Result<bool, StoreError> {
        let row = query("select password from staff where name = $1")
            .bind(name)
            .fetch_optional(&mut self.readers.reader().await?)
            .await?;
        let stored: Option<String> = row.map(|row| row.try_get("password")).transpose()?;
        let password = password.to_owned();
        let check = move || verify(stored.as_deref(), &password);
        let checked = tokio::task::spawn_blocking(check).await;
        checked.map_err(|error| StoreError::Password(error.to_string()))
    }

    /// Returns the member of the staff whose session this is at the time `now`.
    pub async fn staff_session(
        &self,
        token: &Token,
        now: Timestamp,
    ) -> Result<Option<String>, StoreError> {
        let row = query("select name from staff_session where token_hash = $1 and expires_at > $2")
            .bind(token.hash())
            .bind(now.as_millisecond())
            .fetch_optional(&mut self.readers.reader().await?)
            .await?;
        Ok(row.map(|row| row.try_get("name")).transpose()?)
    }
}

fn verify(stored: Option<&str>, password: &str) -> bool {
    let argon2 = Argon2::default();
    match stored.map(PasswordHash::new) {
        Some(Ok(hash)) => argon2.verify_password(password.as_bytes(), &hash).is_ok(),
        // Nobody of that name: spend the same time, and say no whatever comes of it.
        Some(Err(_)) | None => {
            let _ = argon2.hash_password(password.as_bytes());
            false
        }
    }
}
