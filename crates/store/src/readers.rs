//! What readers of the published pages say: counted, and nothing of who they are.

use jiff::civil::Date;

use crate::sql::query;
use crate::{Store, StoreError};

/// What the readers of one page have said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReaderAnswers {
    /// The page, as its path below the root of the site.
    pub page: String,
    /// How many found what they came for.
    pub found: u64,
    /// How many did not.
    pub not_found: u64,
}

impl Store {
    /// Counts the answer of a reader of a page.
    pub async fn count_reader(&self, page: &str, found: bool, day: Date) -> Result<(), StoreError> {
        let mut change = self.writers.begin().await?;
        query(
            "insert into reader_answer (page, day, found, count) values ($1, $2, $3, 1) \
             on conflict (page, day, found) do update set count = reader_answer.count + 1",
        )
        .bind(page)
        .bind(day.to_string())
        .bind(if found { "yes" } else { "no" })
        .execute(&mut change)
        .await?;
        change.commit().await
    }

    /// Returns what readers have said, the pages with most answers first.
    pub async fn reader_answers(&self) -> Result<Vec<ReaderAnswers>, StoreError> {
        let rows = query(
            "select page, \
                cast(sum(case when found = 'yes' then count else 0 end) as bigint) as found, \
                cast(sum(case when found = 'no' then count else 0 end) as bigint) as not_found \
             from reader_answer group by page",
        )
        .fetch_all(&mut self.readers.reader().await?)
        .await?;
        let mut answers = vec![];
        for row in rows {
            let count = |column: &str| -> Result<u64, StoreError> {
                Ok(u64::try_from(row.try_get::<i64>(column)?).unwrap_or_default())
            };
            let page = row.try_get("page")?;
            let (found, not_found) = (count("found")?, count("not_found")?);
            answers.push(ReaderAnswers { page, found, not_found });
        }
        answers.sort_by(|a, b| {
            let all = |answers: &ReaderAnswers| answers.found + answers.not_found;
            all(b).cmp(&all(a)).then_with(|| a.page.cmp(&b.page))
        });
        Ok(answers)
    }
}
