//! A form as the browser sent it.

use std::collections::BTreeMap;

use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;

use crate::problem::Problem;

/// The fields of a form. A name may come several times, as boxes that are ticked do.
#[derive(Debug, Default)]
pub(crate) struct Posted {
    fields: BTreeMap<String, Vec<String>>,
}

impl Posted {
    /// Returns every value of a field, in the order of the form.
    pub(crate) fn all(&self, name: &str) -> &[String] {
        self.fields.get(name).map_or(&[], Vec::as_slice)
    }

    /// Returns the first value of a field.
    pub(crate) fn first(&self, name: &str) -> Option<&str> {
        self.all(name).first().map(String::as_str)
    }
}

impl FromIterator<(String, String)> for Posted {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Posted {
        let mut posted = Posted::default();
        for (name, value) in pairs {
            posted.fields.entry(name).or_default().push(printable(&value));
        }
        posted
    }
}

/// Drops control characters, which no one types and no database or report is better for.
fn printable(value: &str) -> String {
    value.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t')).collect()
}

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Posted, Problem> {
        match Form::<Vec<(String, String)>>::from_request(request, state).await {
            Ok(Form(pairs)) => Ok(pairs.into_iter().collect()),
            Err(FormRejection::BytesRejection(rejection))
                if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE =>
            {
                Err(Problem::TooLarge)
            }
            Err(_) => Err(Problem::Unreadable),
        }
    }
}
