//! Forms that hand over files, read within bounds: of the memory of all of them together, of each
//! file, and of what is read of a form at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use instrument::{FileProblem, Instrument};
use store::FileBytes;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::task::spawn_blocking;

use crate::LARGEST_FORM;
use crate::multipart::{Multipart, is_multipart};
use crate::posted::{MOST_FIELDS, Posted};
use crate::problem::Problem;

/// The most bytes of files that one form can hand over: the largest that a question takes fits,
/// and of many on a page the rest goes with the next form.
const MOST_OF_A_FORM: u64 = 32 * 1024 * 1024;

/// The most kilobytes of files that all forms together have in memory. Who comes when there is no
/// room waits: the body of a form is not read before.
const ROOM: u32 = 96 * 1024;

/// The longest body that is read. What is larger than its question takes is read and dropped as far as
/// here, so that its form is answered and nothing else of it is lost.
const LONGEST_BODY: u64 = 256 * 1024 * 1024;

/// The room that all forms with files share.
#[derive(Clone, Debug)]
pub(crate) struct Uploads(Arc<Semaphore>);

/// The fields of a page that take files, each with the most bytes that it takes.
pub(crate) type Takes = BTreeMap<String, u64>;

/// A file that a form handed over.
#[derive(Debug)]
pub(crate) struct Upload {
    /// What the browser calls it.
    pub(crate) name: String,
    pub(crate) content: Result<FileBytes, FileProblem>,
}

/// The room that the files of a form take up, until the form is dropped.
#[derive(Debug)]
pub(crate) struct Held(
    #[expect(dead_code, reason = "it is held, not looked at")] OwnedSemaphorePermit,
);

impl Default for Uploads {
    fn default() -> Uploads {
        Uploads(Arc::new(Semaphore::new(ROOM as usize)))
    }
}

impl Uploads {
    /// Waits for room for so many bytes.
    async fn room(&self, bytes: u64) -> Result<Held, Problem> {
        let kilobytes = u32::try_from(bytes.div_ceil(1024)).unwrap_or(ROOM).min(ROOM);
        let permit = Arc::clone(&self.0).acquire_many_owned(kilobytes).await;
        permit.map(Held).map_err(|_| Problem::Broken)
    }
}

/// Returns the fields that take files.
pub(crate) fn takes(instrument: &Instrument, variables: impl Iterator<Item = usize>) -> Takes {
    let variables = variables.map(|variable| &instrument.variables[variable]);
    variables
        .filter_map(|variable| Some((variable.name.clone(), instrument.file_rule(variable)?.most)))
        .collect()
}

/// Whether a form may take as long as a slow line takes for files.
pub(crate) fn may_be_long(headers: &HeaderMap) -> bool {
    is_multipart(kind(headers))
}

fn kind(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default()
}

/// Reads the form of a page, in either of the two ways that browsers send one.
pub(crate) async fn posted(
    uploads: &Uploads,
    request: Request,
    takes: &Takes,
) -> Result<Posted, Problem> {
    if !is_multipart(kind(request.headers())) {
        return Posted::from_request(request, &()).await;
    }
    let declared = request.headers().get(CONTENT_LENGTH);
    let declared = declared.and_then(|length| length.to_str().ok()?.parse().ok());
    let room = takes.values().sum::<u64>().min(MOST_OF_A_FORM).min(declared.unwrap_or(u64::MAX));
    let held = uploads.room(room).await?;
    let kind = kind(request.headers()).to_owned();
    let mut form = Multipart::new(&kind, request.into_body(), LONGEST_BODY)?;
    let (mut posted, mut parts, mut room) = (Posted::default(), 0, room);
    let mut letters = LARGEST_FORM;
    while let Some(head) = form.part().await? {
        parts += 1;
        if parts > MOST_FIELDS {
            return Err(Problem::TooLarge);
        }
        match (head.file, takes.get(&head.name)) {
            (None, _) => {
                let value = text(&mut form, &mut letters).await?;
                posted.add(head.name, &value);
            }
            (Some(name), Some(most)) => {
                let content = file(&mut form, *most, &mut room).await?;
                // A field in which no file was chosen is sent with neither name nor content.
                if !name.is_empty() || content != Err(FileProblem::Empty) {
                    posted.add_file(head.name, Upload { name, content });
                }
            }
            // What no question asks for is dropped, and all that somebody sends who has no case open.
            (Some(name), None) if name.is_empty() => {}
            (Some(_), None) => posted.drop_file(),
        }
    }
    posted.hold(held);
    Ok(posted)
}

/// Reads what was written in a field; `left` is how much all fields may still hold.
async fn text(form: &mut Multipart, left: &mut usize) -> Result<String, Problem> {
    let mut text = vec![];
    while let Some(piece) = form.content().await? {
        *left = left.checked_sub(piece.len()).ok_or(Problem::TooLarge)?;
        text.extend(piece);
    }
    String::from_utf8(text).map_err(|_| Problem::Unreadable)
}

/// Reads a file; `room` is how much all files of the form may still take. What is too large is read
/// to its end and not kept.
async fn file(
    form: &mut Multipart,
    most: u64,
    room: &mut u64,
) -> Result<Result<FileBytes, FileProblem>, Problem> {
    let (mut bytes, mut problem): (Vec<u8>, Option<FileProblem>) = (vec![], None);
    while let Some(piece) = form.content().await? {
        let size = (bytes.len() + piece.len()) as u64;
        if size > most {
            problem = problem.or(Some(FileProblem::TooLarge(most)));
        } else if size > *room {
            problem = problem.or(Some(FileProblem::TooLargeTogether));
        }
        match problem {
            Some(_) => bytes = vec![],
            None => {
                // Once for all: a vector that grows would be there twice for a moment.
                bytes.reserve_exact(capacity(&bytes, most.min(*room)));
                bytes.extend_from_slice(&piece);
            }
        }
    }
    if let Some(problem) = problem {
        return Ok(Err(problem));
    }
    if bytes.is_empty() {
        return Ok(Err(FileProblem::Empty));
    }
    *room -= bytes.len() as u64;
    bytes.shrink_to_fit();
    // Hashing megabytes is work for a thread that serves nobody else.
    let hashed = spawn_blocking(move || FileBytes::new(bytes)).await;
    hashed.map(Ok).map_err(|_| Problem::Broken)
}

/// Returns how much is reserved: everything that may come, at the first piece.
fn capacity(bytes: &[u8], most: u64) -> usize {
    if bytes.is_empty() { usize::try_from(most).unwrap_or(0) } else { 0 }
}
