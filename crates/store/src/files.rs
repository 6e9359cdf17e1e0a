//! Files that informants hand over: each is kept once, in parts, under the hash of its bytes.

use std::fmt;
use std::sync::Arc;

use instrument::Hash;

use crate::sql::query;
use crate::{Store, StoreError, Writing};

/// A file with its hash. Clones share the bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct FileBytes {
    hash: Hash,
    bytes: Arc<Vec<u8>>,
}

/// The most bytes of a part: what a reader of files holds in memory, and a hundredth of what is
/// carried at once when a store is copied.
const PART: usize = 64 * 1024;

impl FileBytes {
    /// Takes the bytes of a file.
    pub fn new(bytes: Vec<u8>) -> FileBytes {
        FileBytes { hash: Hash::of(&bytes), bytes: Arc::new(bytes) }
    }

    /// Returns the hash of the bytes.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// Returns the bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for FileBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileBytes({}, {} bytes)", self.hash.short(), self.bytes.len())
    }
}

impl Writing {
    /// Keeps the bytes of a file; those of one that is there already are not written again.
    pub(crate) async fn keep_file(&mut self, file: &FileBytes) -> Result<(), StoreError> {
        let hash = file.hash.to_string();
        let added =
            query("insert into file (hash, size) values ($1, $2) on conflict (hash) do nothing")
                .bind(hash.as_str())
                .bind(file.bytes.len() as i64)
                .execute(&mut self.tx)
                .await?;
        if added == 0 {
            return Ok(());
        }
        for (number, part) in file.bytes.chunks(PART).enumerate() {
            query("insert into file_part (hash, number, bytes) values ($1, $2, $3)")
                .bind(hash.as_str())
                .bind(number as i64)
                .bind(part.to_vec())
                .execute(&mut self.tx)
                .await?;
        }
        Ok(())
    }
}

impl Store {
    /// Returns the part of a file with this number, from 0; `None` behind the last one, and where
    /// there is no such file.
    pub async fn file_part(
        &self,
        hash: &Hash,
        number: usize,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        let row = query("select bytes from file_part where hash = $1 and number = $2")
            .bind(hash.to_string())
            .bind(number as i64)
            .fetch_optional(&mut self.readers.reader().await?)
            .await?;
        Ok(row.map(|row| row.try_get("bytes")).transpose()?)
    }

    /// Returns a whole file. Errs where it is not there, or its bytes are no longer those that it was
    /// kept with.
    pub async fn file(&self, hash: &Hash) -> Result<FileBytes, StoreError> {
        let mut bytes = vec![];
        for number in 0.. {
            let Some(part) = self.file_part(hash, number).await? else { break };
            bytes.extend(part);
        }
        let file = FileBytes::new(bytes);
        if file.hash == *hash && !file.bytes.is_empty() {
            Ok(file)
        } else {
            Err(StoreError::stored("file", hash.to_string()))
        }
    }
}
